"""Documents at random instances: what is true holds everywhere, what is false fails somewhere."""

import ast
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from symbolic_mla import crosscheck
from symbolic_mla.crosscheck.agree import (
    Disagreement,
    Samples,
    admissible,
    confirm_counterexample,
    confirm_proved,
    failures,
    random_instances,
    surface_verdict,
)
from symbolic_mla.crosscheck.arrays import Array
from symbolic_mla.crosscheck.functions import random_table
from symbolic_mla.crosscheck.surface import World
from symbolic_mla.errors import InputError
from symbolic_mla.language.documents import load_document
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression
from symbolic_mla.language.syntax import Claim, Item

EXAMPLES = Path(__file__).parent.parent / "language" / "examples"


def claims_of(name: str) -> dict[str, tuple[list[Item], Claim]]:
    """The claims of an example, each with the declarations before it."""
    env = ParseEnvironment()
    items: list[Item] = []
    found: dict[str, tuple[list[Item], Claim]] = {}
    for block in load_document(EXAMPLES / f"{name}.md").blocks:
        for item in parse_block(block.text, env=env if block.expected_error is None else env.copy()):
            if isinstance(item, Claim):
                found[item.id.text] = (list(items), item)
            else:
                items.append(item)
    return found


def read(text: str) -> tuple[list[Item], Claim]:
    """Declarations and one claim."""
    *items, claim = parse_block(text)
    assert isinstance(claim, Claim)
    return items, claim


TRUE = [
    ("absorption", "scores", 6),
    ("gqa-as-mla", "tiled-equality", 6),
    ("gqa-as-mla", "rank-bound", 24),
    ("gqa-as-mla", "factorisation", 6),
    ("gqa-as-mla", "factorisation-by-svd", 6),
    ("gqa-as-mla", "attention", 6),
    ("interleaved", "the-two-orders", 6),
    ("interleaved", "interleaved-rank", 6),
    ("shared-latent", "doubled-latent", 6),
    ("shared-latent", "doubled-latent-without-a-witness", 6),
]


@pytest.mark.parametrize(("document", "claim", "verdicts"), TRUE)
def test_true_claims_hold_at_random_instances(document: str, claim: str, verdicts: int) -> None:
    """Every step of the shared examples' true claims holds, and no verdict is left open."""
    items, statement = claims_of(document)[claim]
    assert failures(items, statement, seed=7, count=6) == ([], verdicts)


def test_softmax_overlaps_and_as_any_function_holds() -> None:
    """Enclosures of equal softmax values tell nothing; softmax as any function is compared exactly."""
    items, claim = claims_of("absorption")["outputs"]
    assert {at.steps(claim)[0] for at in random_instances(items, 7, 6)} == {(None, None), (True, None)}
    assert failures(items, claim, seed=7, count=4, any_softmax=True) == ([], 4)


@pytest.mark.parametrize(
    ("document", "claim", "steps"),
    [
        ("hand-derivation", "square-of-a-sum", {2}),
        ("interleaved", "trap", {0}),
        ("shared-latent", "shared-down-projection", {0}),
    ],
)
def test_false_steps_fail_somewhere(document: str, claim: str, steps: set[int]) -> None:
    """Exactly the false steps fail at some random instance."""
    items, statement = claims_of(document)[claim]
    found, _ = failures(items, statement, seed=3, count=6)
    assert {failure.step for failure in found} == steps
    with pytest.raises(Disagreement, match=rf"`{claim}` is proved, and fails at .*=\d"):
        confirm_proved(items, statement, sorted(steps), seed=3, count=6)


def test_shape_errors_are_no_verdict() -> None:
    """In `slip` the last two lines have no common shape: None, with the error beside it."""
    items, claim = claims_of("hand-derivation")["slip"]
    at = World(items).instance({"m": 2, "k": 3, "p": 4}, Random(1))
    verdicts, errors = zip(*at.steps(claim), strict=True)
    assert verdicts == (True, True, None, None)
    assert errors[:2] == (None, None)
    assert all("a matrix of shape 4 × 3 times a matrix of shape 2 × 4" in str(error) for error in errors[2:])


@pytest.mark.parametrize("document", ["gqa-as-mla", "shared-latent"])
def test_no_claim_depends_on_another(document: str) -> None:
    """Instances that serve a whole document say of each claim what instances of its own would, in any order."""
    claims = claims_of(document)
    items = max((items for items, _ in claims.values()), key=len)
    alone = {name: failures(items, claim, seed=5) for name, (_, claim) in claims.items()}
    for order in (sorted(claims), sorted(claims, reverse=True)):
        shared = Samples(items, seed=5)
        assert {name: shared.failures(claims[name][1]) for name in order} == alone


FALSE = {
    "Hall's identity": "dims m\ngiven A, B, C : m × m\nclaim c: (A B - B A)² C = C (A B - B A)²",
    "functions of a transpose": "dims m\ngiven S : m × m\nfunction f\nclaim c: f(S) = f(S')",
    "a masked function": "dims t, s\ngiven S : t × s\nfunction f(t), g\nclaim c: f(S) = g(S)",
    "rank of a Hadamard product": "dims m\ngiven A, B : m × m\nclaim c: rank(A ∘ B) <= rank(A)",
    "rank of a Kronecker product": "dims m\ngiven A, B : m × m\nclaim c: rank(A ⊗ B) <= rank(A)",
    "the root of a square": "dims m\nscalar a\ngiven A : m × m\nclaim c: sqrt(a²) A = a A",
    "softmax": "dims m\ngiven S : m × m\nclaim c: softmax(S) = softmax(2 S)",
    "a copy": "dims n, m\ngiven A : (n*m) × m\nclaim c: A[i] = A[j]",
    "a witness for all": "dims m\ngiven A : m × m\nclaim c: exists B : m × m for all X : m × m with X A = B X\n"
    "take B = A",
    "iff": "dims m\ngiven A : m × m\nclaim c: rank(A) <= 1 iff tr(A) = 0",
    "two shared factors": "dims m\ngiven A, B : m × m\n"
    "claim c: exists U, W : m × 1, V : 1 × m with A = U V, B = W V",
}
TRUTHS = {
    "functions commute with tiling": "dims n, m\ngiven A : m × m\nfunction f\n"
    "claim c: f(tile(A, n)) = tile(f(A), n)",
    "functions of a stack": "dims m\ngiven A, B : m × m\nfunction f\nclaim c: f(stack(A, B)) = stack(f(A), f(B))",
    "masks": "dims t, s, n\ngiven S : t × s\nfunction f(t)\n"
    'claim c: f(einsum("t s -> n t s", S, n=n)) = einsum("t s -> n t s", f(S), n=n)',
    "orthonormal columns": "dims m\ngiven U : 2*m × m with U' U = I(m)\nclaim c: (U U')² = U U' = U U' U U'",
    "invertible": "dims m\ngiven R : m × m with R invertible, A : m × m\n"
    "claim c: inv(R) R A = A = A R⁻¹ R\n  by x",
    "symmetric and invertible": "dims m\ngiven S : m × m with S symmetric, S invertible\nclaim c: inv(S)' = inv(S)",
    "commuting": "dims m\ngiven A, B : m × m with A B = B A\nclaim c: (A + B)² = A² + 2 A B + B²",
    "a defining hypothesis": "dims m, k\ngiven A : m × k, B : m × m with B = A A'\nclaim c: B' = B",
    "assumptions": "dims n, G, d\nassume n <= G, d even, n divides G\nclaim c: min(n, G) = n",
    "signs": "dims m\nscalar a > 0, b >= 0\ngiven A : m × m\n"
    "claim c: sqrt(a²) A / sqrt(a b + a) = a A / (sqrt(a) sqrt(b + 1))",
    "svd": "dims m, k\ngiven W : m × k\nobtain U, S, V from svd(W)\nclaim c: W = U S V' = U U' W",
    "call by name": "dims n, m\ngiven A : m × m\nlet rep(K, k) = tile(K, 2*k)\n"
    "claim c: rep(A, n) = stack(tile(A, n), tile(A, n))",
    "a free index": "dims n, m\ngiven A : m × m\nclaim c: tile(A, n)[i] = A = tile(A, n)[j]",
    "sums of softmax": "dims m\ngiven S : m × m\nclaim c: tr(softmax(S - S)) = 1",
    "a witness for all inputs": "dims m, t\ngiven A : m × m\n"
    "claim c: exists B : m × m for all X : t × m with X A = X B'\ntake B = A'",
    "iff by rank": "dims m, k\ngiven A : m × m\n"
    "claim c: (exists U : m × k, V : k × m with A = U V) iff rank(A) <= k",
    "a shared left factor": "dims m, k\ngiven A, B : m × m\n"
    "claim c: (exists U : m × k, V, W : k × m with A = U V, U W = B) iff rank(hstack(A, B)) <= k",
}


@pytest.mark.parametrize("name", TRUTHS)
def test_a_true_claim_never_fails(name: str) -> None:
    """Laws under hypotheses, functions, free indices, witnesses: no failure, and something was compared."""
    items, claim = read(TRUTHS[name])
    found, definite = failures(items, claim, seed=2, count=8)
    assert not found and definite >= 4


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_fails_somewhere(name: str) -> None:
    """Known traps: each fails at one of twenty random instances."""
    items, claim = read(FALSE[name])
    assert failures(items, claim, seed=2, count=20)[0]


# --- Instances that are given

COUNTER = """
dims n, G, d
dim  D = n*G*d
dim  r = G*d
given W_K : r × D, W_V : r × D
refute shared:
    exists A : D × r, B : D × r, C : r × D with tile(W_K, n) = A C, tile(W_V, n) = B C
"""


def test_the_smallest_counterexample_of_the_shared_latent_is_confirmed() -> None:
    """n = 2, G = d = 1, W_K = [1 0], W_V = [0 1]; with W_V = W_K there is one, and that is a disagreement."""
    items, claim = read(COUNTER)
    sizes = {"n": 2, "G": 1, "d": 1}
    assert confirm_counterexample(items, claim, 0, sizes, {"W_K": [[1, 0]], "W_V": [[0, 1]]})
    with pytest.raises(Disagreement, match=r"`shared` holds at its counterexample at G=1, d=1, n=2"):
        confirm_counterexample(items, claim, 0, sizes, {"W_K": [[1, 0]], "W_V": [[2, 0]]})


def test_a_counterexample_must_satisfy_the_hypotheses() -> None:
    """One that breaks a hypothesis is a disagreement, of sizes too; a name without a value is passed over."""
    items, claim = read("dims m, k\nassume k even\ngiven S, X : m × m with S symmetric\nclaim c: S = S + S'")
    broken = {"S": [[0, 1], [0, 0]]}
    assert admissible(items, {"m": 2}, broken) is False
    assert admissible(items, {"m": 2, "k": 3}, {}) is False
    assert admissible(items, {"m": 2, "k": 2}, {"S": [[0, 1], [1, 0]]}) is True
    with pytest.raises(Disagreement, match="breaks a hypothesis"):
        confirm_counterexample(items, claim, 0, {"m": 2}, broken)
    assert confirm_counterexample(items, claim, 0, {"m": 1}, {"S": (1,)}) is True
    assert surface_verdict(items, claim, {"m": 1}, {"X": (1,)}) == [None]


def test_a_decomposition_is_checked_too() -> None:
    """Values given for `obtain ... from svd(W)` must be one."""
    items, _ = read(TRUTHS["svd"])
    good: dict[str, object] = {"W": [[0, 2]], "U": [[1]], "S": [[2]], "V": [[0], [1]]}
    sizes = {"m": 1, "k": 2}
    assert admissible(items, sizes, good) is True
    for name, wrong in (("W", [[1, 2]]), ("U", [[2]]), ("S", [[-2]]), ("V", [[1], [1]])):
        assert admissible(items, sizes, {**good, name: wrong}) is False


def test_functions_come_as_rows_or_as_callables() -> None:
    """The rows that were met settle a verdict; a missing row leaves it open."""
    items, claim = read("dims m\ngiven v : m × m\nfunction f\nclaim c: f(v) = v")
    sizes, tensors = {"m": 1}, {"v": [[2]]}
    assert surface_verdict(items, claim, sizes, tensors, functions={"f": {((), (2,)): (5,)}}) == [False]
    assert surface_verdict(items, claim, sizes, tensors, functions={"f": {((), (3,)): (5,)}}) == [None]
    assert surface_verdict(items, claim, sizes, tensors, functions=lambda name, at, row: row) == [True]


def test_a_position_is_counted_from_zero() -> None:
    """Free indices and the positions of functions count from 0."""
    items, claim = read("dims t, s\ngiven S : t × s\nfunction f(t)\nclaim c: f(S)[i] = S[i]")
    met: list[tuple[int, ...]] = []

    def table(name: str, at: tuple[int, ...], row: tuple[object, ...]) -> tuple[int, ...]:
        met.append(at)
        return (0,) * len(row) if at == (0,) else row  # type: ignore[return-value]

    sizes, tensors = {"t": 2, "s": 1}, {"S": [[1], [1]]}
    verdicts = [surface_verdict(items, claim, sizes, tensors, {}, table, {"i": i}) for i in (0, 1)]
    assert verdicts == [[False], [True]]
    assert met[:2] == [(0,), (1,)]


def test_equal_numbers_have_equal_images() -> None:
    """A function does not see whether 1 was computed as 2/2."""
    items, claim = read("dims m\ngiven A : m × m\nfunction f\nclaim c: f(1/2 A + 1/2 A) = f(A)")
    assert surface_verdict(items, claim, {"m": 2}, {"A": (1, 2, 3, 4)}, functions=random_table(1)) == [True]


@pytest.mark.parametrize(
    ("sizes", "tensors", "message"),
    [
        ({"m": 0}, {}, "the size m = 0"),
        ({"m": True}, {}, "the size m = True"),
        ({"m": 2}, {"A": [[1, 2]]}, r"`A` has the shape \(1, 2\)"),
        ({"m": 2}, {"A": [[1, 2], [3]]}, "rows of `A` differ"),
        ({"m": 1}, {"A": [[0.5]]}, "an entry of `A` is 0.5"),
    ],
)
def test_values_that_do_not_fit(sizes: dict[str, int], tensors: dict[str, object], message: str) -> None:
    """Values from outside are checked, and never read as something else."""
    items, claim = read("dims m\ngiven A : m × m\nclaim c: A = A")
    with pytest.raises(InputError, match=message):
        surface_verdict(items, claim, sizes, tensors)


def test_what_is_assumed_of_matrices_is_no_fault_of_a_claim() -> None:
    """A claim that holds under an `assume` does not fail where that fails; one that stands before it still does."""
    *items, early, assumed, late = parse_block(
        "dims p\ngiven A : p × p, B : p × p\nclaim early: A B = B\nassume A = I(p)\nclaim late: A B = B"
    )
    assert isinstance(early, Claim)
    assert isinstance(late, Claim)
    samples = Samples([*items, assumed], seed=1, count=8)
    assert samples.failures(late)[0] == []
    assert samples.failures(early)[0] != []


def test_hypotheses_without_a_model_give_no_instance() -> None:
    """Random instances never break a hypothesis: when none is found there are none."""
    items, claim = read("dims m\ngiven A : m × m with A A = A, rank(A) >= m + 1\nclaim c: A = 0")
    assert not list(random_instances(items, 1, 3))
    assert confirm_proved(items, claim, [0], seed=1) == 0
    with pytest.raises(InputError, match="no random values of A"):
        World(items).instance({"m": 1}, Random(1))


def test_a_thousand_definitions_do_not_nest() -> None:
    """Definitions are evaluated in the order of the document, and each once."""
    lets = "\n".join(f"let A{k + 1} = A{k} + A{k}" for k in range(1000))
    items, claim = read(f"dims m\ngiven A0 : m × m\n{lets}\nclaim c: A1000 = 2^1000 A0")
    assert surface_verdict(items, claim, {"m": 1}, {"A0": [[Fraction(1, 3)]]}) == [True]


def test_bombs_end_in_no_opinion() -> None:
    """Definitions that double in calls, and sizes without end, are a None in moderate time."""
    lets = "\n".join(f"let f{k + 1}(X) = f{k}(X) + f{k}(X)" for k in range(40))
    items, claim = read(f"dims m\ngiven A : m × m\nlet f0(X) = X\n{lets}\nclaim c: f40(A) = A")
    assert surface_verdict(items, claim, {"m": 1}, {"A": (1,)}) == [None]
    items, claim = read("dims m\ngiven A : m × m\nclaim c: tile(A, 10^30) = A = A^(10^9)")
    assert surface_verdict(items, claim, {"m": 2}, {"A": (1, 1, 0, 1)}) == [None, None]


def test_instances_are_deterministic() -> None:
    """A seed gives the same sizes and the same matrices."""
    items, _ = read(TRUTHS["svd"])
    first, second = (
        [at.evaluate(parse_expression("U S V' + W")) for at in random_instances(items, 5, 4)] for _ in range(2)
    )
    assert first == second and all(isinstance(value, Array) for value in first)


# --- Independence

ALLOWED = {"symbolic_mla.errors", "symbolic_mla.language", "symbolic_mla.language.syntax"}


def imported(tree: ast.AST) -> set[str]:
    """The modules that a file imports."""
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def foreign(tree: ast.AST) -> set[str]:
    """Imports of the project, or of a library, that the second evaluator must not have."""
    return {
        module
        for module in imported(tree)
        if module not in ALLOWED
        and not module.startswith("symbolic_mla.crosscheck")
        and module.partition(".")[0] not in sys.stdlib_module_names
    }


def test_no_code_is_shared() -> None:
    """Only the syntax tree and the errors are imported from the project; a planted breach is seen."""
    for path in Path(crosscheck.__file__).parent.glob("*.py"):
        assert not foreign(ast.parse(path.read_text(encoding="utf-8"))), path.name
    assert foreign(ast.parse("from symbolic_mla.kernel.axis import Axis\nimport numpy.linalg"))


def test_no_numerical_library_is_loaded() -> None:
    """The fast path imports neither NumPy nor SymPy nor mpmath through the second evaluator."""
    code = (
        "import sys; before = set(sys.modules); import symbolic_mla.crosscheck.agree\n"
        "print(sorted({'numpy', 'sympy', 'mpmath', 'symbolic_mla.algebra'} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]", done.stdout
