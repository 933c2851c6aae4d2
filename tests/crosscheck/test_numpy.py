"""Each form of the surface language against its NumPy namesake, on random integers."""

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.crosscheck.arrays import Array
from symbolic_mla.crosscheck.surface import Instance, World
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression

DECLARATIONS = """
dims n, G, d, m, p
dim  H = n*G
given A, B : m × m, C : m × p, E : p × m, W : (G*d) × p, Q : (n*G*d) × p, F : (G*(n + 1 + 1)*d) × p
given v, w : m, X : n × m × p, R : m × m with R invertible, S : m × m with S symmetric
let twice(K, k) = tile(K, k)
let T = tile(W, n)
"""
ENVIRONMENT = ParseEnvironment()
ITEMS = parse_block(DECLARATIONS, env=ENVIRONMENT)
NAMES = ["A", "B", "C", "E", "W", "Q", "F", "v", "w", "X", "R", "S"]


def instance(seed: int) -> tuple[Instance, dict[str, np.ndarray]]:
    """A random instance, and its matrices and sizes for NumPy."""
    rng = Random(seed)
    world = World(ITEMS)
    sizes = world.sizes(rng)
    assert sizes is not None
    at = world.instance(sizes, rng)
    return at, {name: dense(at, name) for name in NAMES} | {k: np.array(x) for k, x in sizes.items()}


def dense(at: Instance, text: str) -> np.ndarray:
    """The value of an expression as an object array."""
    value = at.evaluate(parse_expression(text, env=ENVIRONMENT))
    if not isinstance(value, Array):
        return np.array(value, dtype=object)
    return np.array(value.data, dtype=object).reshape(value.shape)


def eye(k: object) -> np.ndarray:
    """The identity, in integers."""
    return np.eye(int(k), dtype=int)  # type: ignore[call-overload]


FORMS: dict[str, Callable[[dict[str, Any]], object]] = {
    "A B": lambda e: e["A"] @ e["B"],
    "A @ C": lambda e: e["A"] @ e["C"],
    "A v": lambda e: e["A"] @ e["v"],
    "v' A": lambda e: e["v"] @ e["A"],
    "v' w": lambda e: e["v"] @ e["w"],
    "v w'": lambda e: np.outer(e["v"], e["w"]),
    "A ∘ B": lambda e: e["A"] * e["B"],
    "hadamard(A, B)": lambda e: e["A"] * e["B"],
    "A ⊗ C": lambda e: np.kron(e["A"], e["C"]),
    "kron(v, w)": lambda e: np.kron(e["v"], e["w"]),
    "A^3": lambda e: np.linalg.matrix_power(e["A"], 3),
    "A^0": lambda e: eye(e["m"]),
    "A' - 2 B + 1/2 A": lambda e: e["A"].T - 2 * e["B"] + e["A"] * Fraction(1, 2),
    "tr(A) / m": lambda e: Fraction(int(np.trace(e["A"])), int(e["m"])),
    "I(n*G)": lambda e: eye(e["n"] * e["G"]),
    "zeros(m, p)": lambda e: np.zeros((e["m"], e["p"]), dtype=int),
    "ones(m)": lambda e: np.ones(e["m"], dtype=int),
    "tile(W, n)": lambda e: np.tile(e["W"], (e["n"], 1)),
    "tile(v, n)": lambda e: np.tile(e["v"], e["n"]),
    "tile(X, G)": lambda e: np.tile(e["X"], (e["G"], 1, 1)),
    "twice(A + B, 2)": lambda e: np.tile(e["A"] + e["B"], (2, 1)),
    "interleave(A, n, groups=m)": lambda e: np.repeat(e["A"], e["n"], axis=0),
    "interleave(W, n, groups=G)": lambda e: np.repeat(
        e["W"].reshape(e["G"], e["d"], -1), e["n"], axis=0
    ).reshape(-1, e["p"]),
    "stack(A, E)": lambda e: np.concatenate([e["A"], e["E"]]),
    "hstack(A, C)": lambda e: np.hstack([e["A"], e["C"]]),
    "hstack(v, w)": lambda e: np.hstack([e["v"], e["w"]]),
    "blocks([[A, C], [E, I(p)]])": lambda e: np.block([[e["A"], e["C"]], [e["E"], eye(e["p"])]]),
    "diag(v)": lambda e: np.diag(e["v"]),
    "diag(A)": lambda e: np.diag(e["A"]),
    "vec(C)": lambda e: e["C"].flatten(order="F"),
    "kron(C', A) vec(A)": lambda e: (e["A"] @ e["A"] @ e["C"]).flatten(order="F"),
    "rank(A C)": lambda e: np.linalg.matrix_rank((e["A"] @ e["C"]).astype(float)),
    "rank(T)": lambda e: np.linalg.matrix_rank(e["W"].astype(float)),
    "inv(R) R": lambda e: eye(e["m"]),
    "R^-2 R²": lambda e: eye(e["m"]),
    "S'": lambda e: e["S"],
    "sqrt(m) sqrt(m)": lambda e: e["m"],
    "min(m, p, n) + max(m, p)": lambda e: min(e["m"], e["p"], e["n"]) + max(e["m"], e["p"]),
    'einsum("i j, j k -> i k", A, C)': lambda e: np.einsum("ij,jk->ik", e["A"], e["C"]),
    'einsum("i i ->", A)': lambda e: np.einsum("ii->", e["A"]),
    'einsum("i i -> i", A)': lambda e: np.einsum("ii->i", e["A"]),
    'einsum("i -> i i", v)': lambda e: np.diag(e["v"]),
    'einsum("i j, i j, i -> j", A, B, v)': lambda e: np.einsum("ij,ij,i->j", e["A"], e["B"], e["v"]),
    'einsum("n i p, i j -> p n j", X, A)': lambda e: np.einsum("nip,ij->pnj", e["X"], e["A"]),
    'einsum("i -> k i", v, k=n)': lambda e: np.tile(e["v"], (e["n"], 1)),
    'einsum("(n g e) p -> g (e n) p", Q)': lambda e: (
        e["Q"].reshape(e["n"], e["G"], e["d"], e["p"]).transpose(1, 2, 0, 3).reshape(e["G"], -1, e["p"])
    ),
    'einsum("(h e) p -> h p e", Q, h=H)': lambda e: (
        e["Q"].reshape(e["n"] * e["G"], e["d"], e["p"]).transpose(0, 2, 1)
    ),
    'einsum("(g k e) p -> k p g e", F, g=G)': lambda e: (
        e["F"].reshape(e["G"], e["n"] + 2, e["d"], e["p"]).transpose(1, 3, 0, 2)
    ),
    'reorder("(g e) p -> (e g) p", W)': lambda e: (
        e["W"].reshape(e["G"], e["d"], -1).transpose(1, 0, 2).reshape(-1, e["p"])
    ),
    'einsum("(k i) j -> i k j", stack(A, B))': lambda e: np.stack([e["A"], e["B"]], axis=1),
    'einsum("i (a b) -> a i b", ones(m, 6), a=2)': lambda e: np.ones((2, e["m"], 3), dtype=int),
    "stack(A, E)[1]": lambda e: e["E"],
    "stack(A, stack(B, E))[1]": lambda e: np.concatenate([e["B"], e["E"]]),
    "hstack(A, C)[:, 1]": lambda e: e["C"],
    "stack(A, B)[1]": lambda e: e["B"],
    "T[0]": lambda e: e["W"],
    "X[0, :, 0]": lambda e: e["X"][0, :, 0],
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_the_form_means_its_numpy_namesake(text: str) -> None:
    """Shape and every entry, at several random sizes."""
    for seed in range(6):
        at, values = instance(seed)
        found, wanted = dense(at, text), np.asarray(FORMS[text](values))
        assert found.shape == wanted.shape
        assert (found == wanted).all()


@given(st.integers(0, 2**30), st.integers(1, 5), st.integers(1, 5), st.integers(0, 4))
def test_rank_of_products(seed: int, height: int, width: int, inner: int) -> None:
    """Exact elimination finds NumPy's rank of small integer matrices of every rank."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 4, (height, inner)) @ rng.integers(-3, 4, (inner, width))
    at = World(parse_block("dims m, k\ngiven A : m × k")).instance(
        {"m": height, "k": width}, tensors={"A": matrix.tolist()}
    )
    assert at.evaluate(parse_expression("rank(A)")) == np.linalg.matrix_rank(matrix)


@settings(max_examples=60)
@given(st.data())
def test_einsum_of_any_pattern(data: st.DataObject) -> None:
    """Random patterns over up to four labels agree with `numpy.einsum`, repeated and summed labels included."""
    labels = data.draw(st.lists(st.sampled_from("ijkl"), min_size=1, max_size=3), label="left")
    other = data.draw(st.lists(st.sampled_from("ijkl"), min_size=1, max_size=3), label="right")
    result = data.draw(st.permutations(sorted(set(labels + other))))
    result = result[: data.draw(st.integers(0, len(result)))]
    sizes = dict(zip("ijkl", (2, 3, 1, 2), strict=True))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**30)))
    values = [rng.integers(-3, 4, [sizes[x] for x in side]) for side in (labels, other)]
    source = "dims i, j, k, l\ngiven " + ", ".join(
        f"{name} : {' × '.join(side)}" for name, side in (("A", labels), ("B", other))
    )
    at = World(parse_block(source)).instance(
        sizes, tensors={name: value.tolist() for name, value in zip("AB", values, strict=True)}
    )
    pattern = f"{' '.join(labels)}, {' '.join(other)} -> {' '.join(result)}"
    found = at.evaluate(parse_expression(f'einsum("{pattern}", A, B)'))
    wanted = np.einsum(f"{''.join(labels)},{''.join(other)}->{''.join(result)}", *values)
    entries = found.data if isinstance(found, Array) else (found,)
    assert list(entries) == wanted.flatten().tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A C A", "times a matrix"),
        ("A + C", r"\+ a matrix"),
        ("A + 1", r"\+ a number"),
        ("v A", "a vector of shape"),
        ("tr(C)", "`tr` of a matrix"),
        ("inv(A - A)", "the inverse of a singular matrix"),
        ("C²", "to the power"),
        ("1/(m - m) A", "division by zero"),
        ("Z", "no value for `Z`"),
        ('einsum("(h e) p -> h e p", Q)', "two readings"),
        ('einsum("i j -> i k", A)', "no size for the label `k`"),
        ('einsum("i j k -> i", A)', "a pattern of 3 axes"),
        ('einsum("i j", A)', "the pattern `i j`"),
        ("stack(A, E)[2]", "the index 2 of 2"),
        ("A[i]", "no position for the index `i`"),
        ("sqrt(-m)", "root of a negative number"),
        ("ones(10^9)", "an axis of size"),
        ("2^(10^9)", "a power of"),
        ("rank(m)", "`rank` of a number"),
    ],
)
def test_what_has_no_value_is_an_error(text: str, message: str) -> None:
    """An error of the tree, with what was met; never a value by default."""
    sizes = {"n": 2, "G": 2, "d": 2, "m": 3, "p": 2}
    at = World(ITEMS).instance(sizes, Random(1))
    at.evaluator.rng = None
    with pytest.raises(SymbolicMLAError, match=message):
        at.evaluate(parse_expression(text, env=ENVIRONMENT))
