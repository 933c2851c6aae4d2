"""At given sizes every number is what the shapes make it, and no rank lies outside the bounds that are shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from markdown_it import MarkdownIt

from symbolic_mla.attention.models import MODELS, Shape, model
from symbolic_mla.derivation.in_numbers import Sizes, document_lines, sizes_for, step_in_numbers
from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.instance.linear import rank
from symbolic_mla.kernel.term import Term
from tests.dense import World, dense
from tests.derivation.documents import judged
from tests.strategies import terms, worlds

PROOFS = Path(__file__).parents[2] / "proofs"
HEAD = "dims n, G, d\ndim H = n*G\ndim D = H*d\ndim r = G*d\ngiven W : r × D\n"


def at(result: DocumentResult, **sizes: int) -> Sizes:
    """Sizes given by name."""
    return sizes_for(result, sizes, {}, "these")


# ---- the models ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", MODELS.values(), ids=list(MODELS))
def test_shapes_are_shapes(shape: Shape) -> None:
    """Groups divide heads, everything is positive, and each has a source."""
    assert shape.heads % shape.groups == 0 and min(shape.sizes().values()) >= 1 and shape.layers > 0
    assert re.search(r"arXiv \d{4}\.\d{5}", shape.source)
    assert shape.latent is None or shape.cached < 2 * shape.groups * shape.head


def test_the_table_of_the_proofs_is_this_table() -> None:
    """proofs/cache.md names models with their sizes and caches: what it says is what MODELS has."""
    tokens = MarkdownIt().enable("table").parse((PROOFS / "cache.md").read_text(encoding="utf-8"))
    cells = [t.content for t in tokens if t.type == "inline"]
    header = ["model", "H", "G", "d", "MHA of this shape", "the model", "checked by"]
    start = next(k for k in range(len(cells)) if cells[k : k + 7] == header) + 7
    seen = 0
    for k in range(start, len(cells) - 6, 7):
        name, heads, groups, head, mha, own, _ = cells[k : k + 7]
        if not heads.isdecimal():
            break
        shape = model(name)
        seen += 1
        told = str(shape.groups) if shape.latent is None else f"latent {shape.latent} + {shape.rope}"
        assert (int(heads), groups, int(head)) == (shape.heads, told, shape.head)
        assert (int(mha), int(own)) == (2 * shape.heads * shape.head, shape.cached)
    assert seen >= 5


def test_a_model_that_is_not_there() -> None:
    """The near names are offered, or all of them."""
    with pytest.raises(InputError, match="no model `lama-3-8b`") as met:
        model("lama-3-8b")
    assert "llama-3-8b" in str(met.value)
    assert model("Llama 3 8B") is model("llama_3_8b") is MODELS["llama-3-8b"]


# ---- sizes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told", [{"n": 4, "G": 8, "d": 128}, {"H": 32, "G": 8, "d": 128}, {"D": 4096, "n": 4, "r": 1024, "d": 128}]
)
def test_a_definition_is_solved_for_what_is_not_given(told: dict[str, int]) -> None:
    """Whichever sizes are given, the others follow."""
    found = at(judged(HEAD), **told)
    assert found.values == {"n": 4, "G": 8, "d": 128, "H": 32, "D": 4096, "r": 1024}


@pytest.mark.parametrize(
    ("text", "told", "message"),
    [
        (HEAD, {"q": 1}, "no dimension `q`"),
        (HEAD, {"H": 30, "G": 8}, "no whole n has H"),
        (HEAD, {"n": 4, "G": 8, "d": 2, "D": 63}, "has D = 63, and here D = n*G*d is 64"),
        ("dims n >= 2", {"n": 1}, "break `dims n >= 2` on line 2"),
        ("dims G, H\nassume G <= H", {"G": 3, "H": 2}, "break `G <= H` on line 3: 3 against 2"),
        ("dims d\nassume d even", {"d": 3}, "2 does not divide 3"),
        ("dims p, q\ngiven A : p × q with rank(A) = q", {"p": 2, "q": 3}, "at most 2 against 3"),
    ],
)
def test_sizes_that_a_document_is_not_about(text: str, told: dict[str, int], message: str) -> None:
    """A name that is not there, no whole solution, a broken definition, bound, assumption or rank: an error."""
    with pytest.raises(InputError, match=re.escape(message)):
        at(judged(text), **told)


def test_a_model_whose_width_is_not_that_of_its_heads() -> None:
    """Gemma 7B has D = 3072 and H d = 4096: a document that defines D = H d does not speak of it."""
    with pytest.raises(InputError, match="gemma-7b has D = 3072, and here D = n"):
        sizes_for(judged(HEAD), {}, MODELS["gemma-7b"].sizes(), "gemma-7b")
    free = judged(HEAD.replace("dim D = H*d", "dims D"))
    assert sizes_for(free, {}, MODELS["gemma-7b"].sizes(), "gemma-7b").values["D"] == 3072


def test_what_is_assumed_of_others_is_not_asked() -> None:
    """A hypothesis about one matrix says nothing of a claim about another."""
    text = "dims p, q\ngiven A, B : p × q with rank(B) = q\nclaim a: rank(A) <= q\nclaim b: rank(B) = q"
    with pytest.raises(InputError, match="at most 2 against 3"):
        sizes_for(judged(text), {"p": 2, "q": 3}, {}, "these", "b")
    assert sizes_for(judged(text), {"p": 2, "q": 3}, {}, "these", "a").values == {"p": 2, "q": 3}


# ---- numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("rank(tile(W, n)) = rank(W)", "at most 1,024 = at most 1,024"),
        ("rank(W) <= min(r, D)", "at most 1,024 <= 1,024"),
        ("G*d < 2*G*d", "1,024 < 2,048"),
        ("2*G*d > G*d", "2,048 > 1,024"),
        ("D >= r", "4,096 >= 1,024"),
        ("tile(W, n) = tile(I(r), n) W", "4,096 × 4,096 on both sides"),
        ("rank(I(r)) = r", "1,024 = 1,024"),
        ("exists U : D × r, V : r × D with tile(W, n) = U V", "U : 4,096 × 1,024, V : 1,024 × 4,096"),
    ],
)
def test_a_claim_in_numbers(claim: str, shown: str) -> None:
    """The sides of a comparison as they are written, the shape of an equation, the sizes of unknowns."""
    result = judged(f"{HEAD}claim c: {claim}")
    (step,) = result.claims[0].steps
    assert step_in_numbers(step, at(result, n=4, G=8, d=128)) == shown
    assert step_in_numbers(step, at(result, n=4)) is None  # nothing is said of what is not given


def test_what_is_assumed_of_a_rank_is_its_number() -> None:
    """A hypothesis and a proved bound are facts about ranks."""
    text = "dims p, q\ngiven A, B : p × q with rank(B) = p\nclaim a: rank(B) = p\nclaim b: rank(A) <= p"
    lines = list(document_lines(judged(text), at(judged(text), p=2, q=5)))
    assert "      line 4: rank(B) = p: 2 = 2" in lines
    assert "      line 5: rank(A) <= p: at most 2 <= 2" in lines


@given(terms(), worlds(largest=3))
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_no_rank_lies_outside_its_bounds(term: Term, world: World) -> None:
    """For any matrix at any sizes, the rank by elimination is within what is shown."""
    try:
        value = dense(term, world)
    except (MemoryError, SymbolicMLAError):
        assume(False)
        return
    found = Sizes({v.name: size for v, size in world.sizes.items()}, "these").rank(term)
    assert found is not None and found.high is not None
    assert found.low <= rank([list(row) for row in value]) <= found.high


# ---- the command -----------------------------------------------------------------------------------------


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`symbolic-mla` in a process of its own."""
    program = [sys.executable, "-m", "symbolic_mla", *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_check_shows_a_claim_its_ranks_and_its_cache() -> None:
    """One claim of the founding document at the sizes of Llama 3 8B."""
    done = command("check", str(PROOFS / "gqa-is-mla.md"), "--claim", "rank-bound-keys", "--model", "llama-3-8b")
    assert done.returncode == 0
    assert "at llama-3-8b: n = 4, G = 8, d = 128, H = 32, D = 4096, r = 1024" in done.stdout
    assert "rank(K̃) = rank(W_K): at most 1,024 = at most 1,024" in done.stdout
    assert "as MHA, 2 H d: 8,192; as GQA, 2 G d: 2,048; as MQA, 2 d: 256" in done.stdout
    assert "llama-3-8b itself, 2 G d: 2,048; all 32 layers: 65,536 a token" in done.stdout


def test_show_has_the_sizes_at_the_lines() -> None:
    """The picture of a claim with numbers for its sizes."""
    done = command("show", str(PROOFS / "gqa-is-mla.md"), "--claim", "tiled-equality-keys", "--sizes", "n=4,G=8,d=128")
    assert done.returncode == 0
    assert "j k : 8·128" in done.stdout and "4,096 × 4,096 on both sides" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "nope"], "no model `nope`"),
        (["--sizes", "n=0"], "NAME=NUMBER was expected"),
        (["--sizes", "n=1,n=2"], "NAME=NUMBER was expected"),
        (["--sizes", "n"], "NAME=NUMBER was expected"),
        (["--model", "gemma-7b"], "D = 3072"),
        (["--model", "llama-3-8b", "--format", "json"], "shown as text"),
    ],
)
def test_options_that_cannot_be_met(options: list[str], message: str) -> None:
    """One message and exit 2."""
    done = command("check", str(PROOFS / "gqa-is-mla.md"), "--claim", "rank-bound-keys", *options)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
