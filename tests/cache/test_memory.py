"""A check that remembers gives what a fresh check gives, whatever was checked before, edited, shifted or stored."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.cache import deciding, keys, modelling
from symbolic_mla.cache.memory import Memory
from symbolic_mla.cache.store import Store
from symbolic_mla.commands.showing import text_of
from symbolic_mla.derivation.check import check_document
from symbolic_mla.derivation.citations import Cited
from symbolic_mla.derivation.memory import FRESH
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.documents import parse_document
from symbolic_mla.prover.refute import Problem
from tests.cache.statements import DOCUMENT

PROOFS = sorted((Path(__file__).parents[2] / "proofs").rglob("*.md"))


def shown(source: str, memory: object = FRESH) -> str:
    """All that a person is told: text and JSON."""
    try:
        document = parse_document(source, path="a.md")
    except SymbolicMLAError as error:
        return str(error)
    result = check_document(document, memory=memory)  # type: ignore[arg-type]
    return text_of([result], "text", None) + text_of([result], "json", None)


def judged(source: str, memory: object = FRESH) -> list[object]:
    """The verdict of every claim, with what each step was proved from or refuted by."""
    result = check_document(parse_document(source, path="a.md"), memory=memory)  # type: ignore[arg-type]
    return [
        (c.id, c.verdict, [(x.verdict, x.theorem and certificate(x.theorem), repr(x.counterexample)) for x in c.steps])
        for c in result.claims
    ]


LINES = [
    "claim {}: A B = B A",
    "claim {}: (A B)ᵀ = Bᵀ Aᵀ",
    "claim {}: A S = S A",
    "claim {}: Aᵀ S = (S A)ᵀ",
    "claim {}: Aᵀ S = (S A)ᵀ = Aᵀ Sᵀ",
    "claim {}: A  B  =  B A   # the same, otherwise spaced",
    "claim {}: A W = W",
    "claim {}: Aᵀ S S = (S S A)ᵀ by c1",
    "refute {}: A S = S A",
    "claim {}: A K = A",
    "# a line that says nothing",
    "",
]
DECLARATIONS = ["dims m, t", "given A, B : m × m", "given S : m × m with Sᵀ = S", "given S : m × m", "given W : m × t"]


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_the_answer_is_that_of_a_fresh_check(seed: int) -> None:
    """Lines inserted, dropped, swapped, declarations changed: one memory throughout, the same verdicts and
    counterexamples, and word for word the same text. Repairs are most of the work, so words are asked every third time.
    """
    rng = random.Random(seed)
    memory = Memory()
    head = [DECLARATIONS[0], DECLARATIONS[1], DECLARATIONS[2], DECLARATIONS[4]]
    body = [rng.choice(LINES) for _ in range(5)]
    for edit in range(12):
        kind = rng.randrange(5)
        if kind == 0:
            body.insert(rng.randrange(len(body) + 1), rng.choice(LINES))
        elif kind == 1 and len(body) > 2:
            body.pop(rng.randrange(len(body)))
        elif kind == 2:
            rng.shuffle(body)
        elif kind == 3:
            head[2] = DECLARATIONS[3] if head[2] == DECLARATIONS[2] else DECLARATIONS[2]
        else:
            head.insert(0, "")
        lines = [*head, *(line.format(f"c{k}") for k, line in enumerate(body))]
        source = "```derivation\n" + "\n".join(lines) + "\n```\n"
        assert judged(source, memory) == judged(source)
        if edit % 3 == 2:
            assert shown(source, memory) == shown(source)


def test_only_what_changed_is_decided() -> None:
    """A line more above, a claim more below: one new question, and of a claim that moved none."""
    memory = Memory()
    shown(DOCUMENT, memory)
    before = memory.decide.decided
    shown("\n\n" + DOCUMENT.replace("claim square:", "# why not\nclaim square:"), memory)
    assert memory.decide.decided == before
    shown(DOCUMENT.replace("refute swapped", "claim more: A (B B) = (A B) B\nrefute swapped"), memory)
    assert memory.decide.decided == before + 1


def test_a_changed_hypothesis_is_another_question() -> None:
    """No verdict outlives what it rests on."""
    memory = Memory()
    source = "```derivation\ndims m\ngiven S : m × m with Sᵀ = S\nclaim x: S Sᵀ = S S\n```"
    assert ": proved" in shown(source, memory)
    assert ": refuted" in shown(source.replace(" with Sᵀ = S", ""), memory)
    assert ": refuted" in shown(source.replace("with Sᵀ = S", "with Sᵀ = -S"), memory)
    assert ": proved" in shown(source, memory)


def test_a_citation_follows_what_it_cites() -> None:
    """A claim that cites one that is no longer proved fails, though its own text is as before."""
    memory = Memory()
    source = "```derivation\ndims m\ngiven A, B : m × m\nclaim one: {}\nclaim two: tr(A B) = tr(B A) by one\n```"
    for statement in ("tr(A) = tr(Aᵀ)", "A = B", "tr(A) = tr(Aᵀ)", "A = C", "tr(Aᵀ) = tr(A)"):
        text = source.format(statement)
        assert shown(text, memory) == shown(text)


def test_a_second_process_replays(tmp_path: Path) -> None:
    """What a store holds is not decided again, and the answers are the same words."""
    first, second = Memory(Store(tmp_path)), Memory(Store(tmp_path))
    first.decide.worth = second.decide.worth = 0
    assert shown(DOCUMENT, first) == shown(DOCUMENT, second) == shown(DOCUMENT)
    assert second.decide.decided <= 1 < 10 <= first.decide.decided


def test_what_a_definition_grants_is_replayed_too(tmp_path: Path) -> None:
    """So is a proof that assumes what softmax or normalize is, though the step cites nothing."""
    source = "```derivation\ndims m, n\nscalar c > 0\ngiven S : m × n, x : m\n"
    source += "claim shift: softmax(S + x ones(n)ᵀ) = softmax(S)\nclaim length: normalize(c S) = normalize(S)\n```\n"
    first, second = Memory(Store(tmp_path)), Memory(Store(tmp_path))
    first.decide.worth = second.decide.worth = 0
    assert shown(source, first) == shown(source, second)
    assert (first.decide.decided, second.decide.decided) == (2, 0)


def test_a_shuffled_cut_or_scribbled_store_changes_nothing(tmp_path: Path) -> None:
    """Every entry under another's key, cut short, or with a digit changed: the answers are those of a fresh check."""
    first = Memory(Store(tmp_path / "a"))
    first.decide.worth = 0
    want = shown(DOCUMENT, first)
    for kind in ("shuffled", "cut", "scribbled", "emptied"):
        folder = tmp_path / kind
        shutil.copytree(tmp_path / "a", folder)
        entries = sorted(folder.rglob("*.entry"))
        texts = [e.read_text(encoding="utf-8") for e in entries]
        for k, (e, text) in enumerate(zip(entries, texts, strict=True)):
            new = {"shuffled": texts[k - 1], "cut": text[: len(text) // 2], "scribbled": scribbled(text, k)}
            e.write_text(new.get(kind, ""), encoding="utf-8")
        memory = Memory(Store(folder))
        memory.decide.worth = 0
        assert shown(DOCUMENT, memory) == want
        assert memory.decide.decided > 0 and len(entries) >= 10


def test_a_forged_store_proves_and_refutes_nothing(tmp_path: Path) -> None:
    """Entries under each other's keys, scribbled, with good seals: each verdict is that of a fresh check."""
    first = Memory(Store(tmp_path))
    first.decide.worth = 0
    want = [line for line in shown(DOCUMENT, first).splitlines() if '"verdict"' in line]
    entries = sorted(tmp_path.rglob("*.entry"))
    texts = [e.read_text(encoding="utf-8").partition("\n")[2] for e in entries]
    for seed in range(4):
        for k, e in enumerate(entries):
            text = texts[(k + seed) % len(texts)] if seed < 2 else texts[k]
            new = scribbled(text, seed) if seed else texts[k - 1]
            e.parent.mkdir(exist_ok=True)
            e.write_text(f"{Store.seal(e.parent.name + e.stem, new)}\n{new}", encoding="utf-8")
        memory = Memory(Store(tmp_path))
        memory.decide.worth = 1e9
        assert [line for line in shown(DOCUMENT, memory).splitlines() if '"verdict"' in line] == want
        assert memory.decide.decided > 0


def scribbled(text: str, seed: int) -> str:
    """A few digits after the first line replaced."""
    rng = random.Random(seed)
    places = [k for k, c in enumerate(text) if c.isdigit() and k > text.index("\n")]
    out = list(text)
    for k in rng.sample(places, min(3, len(places))):
        out[k] = str((int(out[k]) + rng.randint(1, 9)) % 10)
    return "".join(out)


def test_another_prover_finds_no_entry_of_this_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The key holds a digest of the code that judges; where that can't be read nothing is kept."""
    first = Memory(Store(tmp_path))
    first.decide.worth = 0
    shown(DOCUMENT, first)
    monkeypatch.setattr(keys, "version", lambda: "another")
    second = Memory(Store(tmp_path))
    shown(DOCUMENT, second)
    assert second.decide.decided == first.decide.decided
    monkeypatch.setattr(keys, "version", lambda: None)
    third = Memory(Store(tmp_path / "empty"))
    third.decide.worth = 0
    shown(DOCUMENT, third)
    assert not list((tmp_path / "empty").rglob("*"))


def test_the_version_changes_with_any_judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One byte more in one file of the kernel or the prover is another version."""
    real = Path(keys.symbolic_mla.__file__).parent
    copy = tmp_path / "symbolic_mla"
    for name in keys.JUDGES:
        if (real / name).is_dir():
            shutil.copytree(real / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(real / name, copy / name) if copy.is_dir() else (copy.mkdir(), shutil.copy(real / name, copy))
    monkeypatch.setattr(keys.symbolic_mla, "__file__", str(copy / "__init__.py"))
    seen = {keys.version.__wrapped__()}
    for place in ("errors.py", "kernel/network.py", "prover/ranks.py", "instance/judge.py", "algebra/formers.py"):
        with (copy / place).open("a", encoding="utf-8") as file:
            file.write("#")
        seen.add(keys.version.__wrapped__())
    assert len(seen) == 6
    shutil.rmtree(copy)
    assert keys.version.__wrapped__() is None


@pytest.mark.parametrize("path", PROOFS[::9], ids=lambda p: p.stem)
def test_documents_of_the_library_are_judged_alike(path: Path, tmp_path: Path) -> None:
    """Fresh, with an empty memory, with a full one, with a store that another process filled."""
    source = path.read_text(encoding="utf-8")
    memory = Memory(Store(tmp_path))
    memory.decide.worth = 0
    want = shown(source)
    assert [shown(source, memory), shown(source, memory), shown(source, Memory(Store(tmp_path)))] == [want] * 3


def test_an_undecided_statement_is_remembered_only_in_its_process(tmp_path: Path) -> None:
    """It is not decided twice, and nothing of it is on the disk."""
    declared = "dims p\ngiven A : p × p with A A = A, B : p × p"
    source = f"```derivation\n{declared}\nclaim x: softmax(A) = softmax(A A A B)\n```"
    memory = Memory(Store(tmp_path))
    memory.decide.worth = 0
    first = shown(source, memory)
    decided = memory.decide.decided
    assert shown("\n" + source, memory) != "" and memory.decide.decided == decided
    assert first == shown(source)


def test_worth_keeps_trifles_out(tmp_path: Path) -> None:
    """What is decided in less time than it is worth is not written."""
    memory = Memory(Store(tmp_path))
    memory.decide.worth = memory.find_model.worth = 1e9
    shown(DOCUMENT, memory)
    assert not list(tmp_path.rglob("*.entry")) and deciding.WORTH > 0


def test_a_model_is_drawn_again_and_a_forged_one_is_not_taken(tmp_path: Path) -> None:
    """An entry says where a model was drawn; sizes that are not allowed, or a draw that is no model, show none."""
    problem = problem_of("dims n >= 2, m\nassume m <= n\ngiven S : m × m with S S = I(m)\nclaim a: S = S")
    first = Memory(Store(tmp_path))
    first.find_model.worth = 0
    found = first.find_model(problem)
    (entry,) = tmp_path.rglob("*.entry")
    again = Memory(Store(tmp_path)).find_model(problem)
    assert found is not None and again is not None and again.at.tensors == found.at.tensors
    key = keys.of_problem(problem)
    assert key is not None
    for forged in ('[{"n": 1, "m": 1}, 0]', '[{"n": 2, "m": 3}, 0]', '[{"n": 2}, 0]', '[{"n": 2, "m": true}, 0]',
                   '[{"n": 2, "m": 1}, "0"]', "[]", "7", '[{"n": 9e9, "m": 1}, 0]'):  # fmt: skip
        assert modelling.drawn(f"model\n{forged}\n", problem) is None
        Store(tmp_path).write(key, f"model\n{forged}\n")
        other = Memory(Store(tmp_path)).find_model(problem)
        assert other is not None and other.at.tensors == found.at.tensors
    assert entry.exists()


def problem_of(text: str) -> Problem:
    scope = check_document(parse_document(f"```derivation\n{text}\n```\n")).scope
    hypotheses = [h.statement for h in scope.hypotheses]
    return Problem(hypotheses[0], hypotheses, scope.divisibility)


CITING = """```derivation
dims m, n
given W : m × m
claim one: {}
claim two: rank(tile(W, n)) = rank(Wᵀ) by one
```"""


def test_what_is_kept_of_a_citation_is_judged_without_its_facts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The facts that a cited claim gives are made for a search, and for no certificate that is replayed."""
    source = CITING.format("rank(Wᵀ) = rank(W)")
    made: list[object] = []
    real = Cited.facts

    def seen(self: Cited, goal: Statement) -> list[Theorem]:
        made.append(goal)
        return real(self, goal)

    monkeypatch.setattr(Cited, "facts", seen)
    first, second = Memory(Store(tmp_path)), Memory(Store(tmp_path))
    first.decide.worth = second.decide.worth = 0
    want = shown(source)
    made.clear()
    assert shown(source, first) == want and len(made) == 1
    assert shown(source, second) == want and len(made) == 1
    assert second.decide.decided == 0


def test_what_another_claim_of_that_name_says_is_another_question(tmp_path: Path) -> None:
    """The theorems cited are in the key: with others under the same name, what was kept is not read."""
    store = Store(tmp_path)
    first, second = Memory(store), Memory(store)
    first.decide.worth = second.decide.worth = 0
    shown(CITING.format("rank(Wᵀ) = rank(W)"), first)
    other = CITING.format("rank(W) <= m")
    assert shown(other, second) == shown(other)
    assert second.decide.decided == 2, "the first claim, and the second again"


def test_an_instance_that_an_axiom_grants_is_read_again(tmp_path: Path) -> None:
    """A lemma that assumes an instance of an axiom, cited at other terms: the instance that it then assumes is granted
    there too, and its certificate is of use."""
    path = next(p for p in PROOFS if p.stem == "truncation")
    source = path.read_text(encoding="utf-8")
    first, second = Memory(Store(tmp_path)), Memory(Store(tmp_path))
    first.decide.worth = second.decide.worth = 0
    shown(source, first)
    shown(source, second)
    assert second.decide.decided == 0 < 50 < first.decide.decided
