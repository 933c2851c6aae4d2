"""Forged and mutated certificates: `replay` refuses them, or what they prove is true as it stands."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.scalar import scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws import replay
from symbolic_mla.laws.rank import rank
from tests.must_fail.cases import ONE_BY_ONE
from tests.must_fail.forge import GENUINE, TEXTS, A, B, P, Q, S, false_somewhere, refused_or_true

STORED = sorted(Path(__file__).parent.glob("*.certificate"))


# ---- the genuine ones, here and elsewhere -------------------------------------------------------------


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_certificate_gives_the_same_theorem(name: str) -> None:
    """Conclusion, hypotheses and axioms come back, and the theorem is true where it can be evaluated."""
    t = GENUINE[name]
    (again,) = replay(TEXTS[name])
    assert (again.conclusion, again.hypotheses, again.axioms) == (t.conclusion, t.hypotheses, t.axioms)
    assert certificate(again) == TEXTS[name]
    assert false_somewhere(again) is None


@pytest.mark.parametrize("flags", [[], ["-O"], ["-OO"]], ids=["plain", "-O", "-OO"])
def test_a_fresh_process_gives_the_same_theorems(flags: list[str], tmp_path: Path) -> None:
    """All genuine certificates replay, and all stored forgeries are refused, also without asserts and docstrings."""
    for name, t in TEXTS.items():
        (tmp_path / f"{name}.certificate").write_text(t, encoding="utf-8")
    program = (
        "import sys, pathlib\n"
        "from symbolic_mla.errors import CertificateError\n"
        "from symbolic_mla.algebra.certify import certificate\n"
        "from symbolic_mla.laws import replay\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.certificate')):\n"
        "    text = path.read_text(encoding='utf-8')\n"
        "    if certificate(*replay(text)) != text: sys.exit(f'{path.name} is another theorem')\n"
        "for path in sorted(pathlib.Path(sys.argv[2]).glob('*.certificate')):\n"
        "    try: replay(path.read_text(encoding='utf-8'))\n"
        "    except CertificateError: continue\n"
        "    sys.exit(f'{path.name} was not refused')\n"
        "print('all')\n"
    )
    done = subprocess.run(
        [sys.executable, *flags, "-c", program, str(tmp_path), str(Path(__file__).parent)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("all\n", "")


def test_another_seed_of_hashes_gives_the_same_text(tmp_path: Path) -> None:
    """A certificate does not depend on the order of sets: it is the same text in every process."""
    program = (
        "from tests.must_fail.forge import genuine\n"
        "from symbolic_mla.algebra.certify import certificate\n"
        "import hashlib\n"
        "print(hashlib.sha256(''.join(map(certificate, genuine().values())).encode()).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    digests = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        digests.add(done.stdout)
    assert len(digests) == 1


# ---- stored forgeries ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", STORED, ids=lambda p: p.stem)
def test_a_stored_forgery_is_refused(path: Path) -> None:
    """Each file beside this one is a certificate of something false, or no certificate at all."""
    with pytest.raises(CertificateError, match="refused"):
        replay(path.read_text(encoding="utf-8"))


def test_there_are_stored_forgeries() -> None:
    """An empty folder would pass every test above."""
    assert len(STORED) >= 12


# ---- one by one ---------------------------------------------------------------------------------------

FALSE = Equation(A, B)


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_a_forgery_of_each_kind_is_refused(name: str) -> None:
    """CertificateError, within the kernel's budgets, and no other exception."""
    with pytest.raises(CertificateError):
        replay(ONE_BY_ONE[name])


@pytest.mark.parametrize("cut", [1, 2, 5, 20])
@pytest.mark.parametrize("name", TEXTS)
def test_a_truncated_certificate_is_refused(name: str, cut: int) -> None:
    """A certificate that ends early, by a byte or by lines."""
    with pytest.raises(CertificateError):
        replay(TEXTS[name].rstrip("\n")[:-cut])
    lines = TEXTS[name].splitlines()
    with pytest.raises(CertificateError):
        replay("\n".join(lines[: -min(cut, len(lines) - 1)]))


@pytest.mark.parametrize("thing", [None, 5, b"", [], object()], ids=lambda x: type(x).__name__)
def test_what_is_no_text_is_refused(thing: Any) -> None:
    """Not even a string."""
    with pytest.raises(CertificateError):
        replay(thing)


# ---- objects ------------------------------------------------------------------------------------------


def test_a_theorem_is_not_made_by_hand() -> None:
    """The constructor, pickling, copying and changing are closed doors."""
    t = GENUINE["equation"]
    with pytest.raises(CertificateError, match="not by hand"):
        Theorem(frozenset(), frozenset(), FALSE, ("assume", FALSE), (), object())
    for out in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(CertificateError, match="travels as its certificate"):
            out(t)
    with pytest.raises(AttributeError):
        t.conclusion = FALSE


def forged(conclusion: Any, proof: tuple[Any, ...]) -> Theorem:
    """A theorem object that no rule made."""
    t = object.__new__(Theorem)
    for name, value in (
        ("conclusion", conclusion),
        ("hypotheses", frozenset()),
        ("axioms", frozenset()),
        ("proof", proof),
    ):
        object.__setattr__(t, name, value)
    return t


@pytest.mark.parametrize(
    "proof",
    [("assume", FALSE), ("equation", A, B, (), (), ()), ("believe", FALSE), ("congruence", A, A, GENUINE["stack"]),
     ("rank-size", A, 0), ("equation", A, B, ((1, GENUINE["hypothesis"]),), (), ())],
)  # fmt: skip
def test_a_forged_object_does_not_survive_its_certificate(proof: tuple[Any, ...]) -> None:
    """What replays from a forged object is what its proof proves, with its hypotheses; or it is refused."""
    try:
        theorems = replay(certificate(forged(FALSE, proof)))
    except CertificateError:
        return
    for t in theorems:
        assert t.conclusion != FALSE or t.hypotheses == {FALSE}
        assert false_somewhere(t) is None


def test_a_forged_premise_does_not_survive_the_certificate() -> None:
    """A forged theorem used by a genuine rule is made again as well, and there it ends."""
    lie = forged(FALSE, ("equation", A, B, (), (), ()))
    spoiled = derive("rank-equal", lie)
    assert spoiled.conclusion == Compare(rank(A), "=", rank(B))
    with pytest.raises(CertificateError):
        replay(certificate(spoiled))


class Liar(Atom):
    """A symbol that says that it has other axes."""

    __slots__ = ()

    @property
    def axes(self) -> Any:
        return (P, Q)


def test_a_term_that_lies_about_its_axes_has_no_certificate() -> None:
    """A subclass of a term is not a term: it can't be written, so it can't be replayed."""
    liar: Term = object.__new__(Liar)
    for name, value in (("name", "A"), ("shape", (P, P)), ("_hash", 5)):
        object.__setattr__(liar, name, value)
    uses: list[Callable[[], Theorem]] = [
        lambda: derive("rank-size", liar, 1),
        lambda: derive("assume", Equation(liar, B)),
        lambda: derive("rank-factor", liar, S, 0),
    ]
    for make in uses:
        try:
            text_ = certificate(make())
        except (CertificateError, ValueError, TypeError, LookupError, AttributeError):
            continue
        refused_or_true(text_)


def test_what_a_patched_kernel_proves_is_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kernel whose checks were switched off in this process makes theorems; a fresh process refuses each."""
    from symbolic_mla.kernel import theorem as rules
    from symbolic_mla.laws import equivalence

    true = GENUINE["stack"]
    with monkeypatch.context() as patched:
        patched.setattr(rules, "need", lambda *_: None)
        patched.setattr(equivalence, "need", lambda *_: None)
        patched.setattr(rules, "index_form", lambda *_: ([], None))
        patched.setattr(rules, "never_negative", lambda *_: True)
        patched.setattr(rules, "RULES", {**rules.RULES, "believe": lambda s: (s, frozenset())})
        made = [
            derive("equation", A, B, (), (), ()), derive("believe", FALSE),
            derive("arithmetic", scalar(1), "<=", scalar(0), ()), derive("cut", derive("assume", FALSE), true),
            derive("iff", FALSE, FALSE, true, true),
        ]  # fmt: skip
        texts = [certificate(t) for t in made]
        assert any(replay(t)[0].conclusion == FALSE for t in texts)  # here they pass, so there is something to refuse
    for number, t in enumerate(texts):
        (tmp_path / f"{number}").write_text(t, encoding="utf-8")
    program = (
        "import sys, pathlib\n"
        "from symbolic_mla.errors import CertificateError\n"
        "from symbolic_mla.laws import replay\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    try: print(path.name, *(t.hypotheses for t in replay(path.read_text(encoding='utf-8'))))\n"
        "    except CertificateError: pass\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_hypothesis_can_not_be_hidden() -> None:
    """A premise inside something that is no tuple still counts, or the rule does not apply."""
    assumed = derive("assume", FALSE)

    class Disguise:
        conclusion, hypotheses, axioms, proof = FALSE, frozenset[Any](), frozenset[str](), assumed.proof

    for premise in (Disguise(), [assumed], (assumed,)):
        try:
            t = derive("rank-equal", premise)
            written = certificate(t)
        except (CertificateError, ValueError, TypeError, LookupError, AttributeError):
            continue
        for again in replay(written):
            assert again.hypotheses == {FALSE}


def test_the_check_of_what_replays_can_fail() -> None:
    """A false theorem, had it replayed, would have been noticed: an equation, a bound on a rank, a false use."""
    for false in (FALSE, Compare(rank(A), "<=", rank(B)), Compare(rank(A), "=", rank(A) * 2)):
        assert false_somewhere(forged(false, ("believe", false))) is not None
