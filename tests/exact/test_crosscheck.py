"""Two engines: what the kernel proves holds at explicit sizes, and a planted contradiction is named."""

from __future__ import annotations

import sys
from subprocess import run

import pytest
import sympy
from hypothesis import given, settings

from symbolic_mla import algebra as al
from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.algebra.occurring import variables
from symbolic_mla.errors import BudgetError, InputError, ShapeError, UnsupportedError
from symbolic_mla.exact.blocks import block_matrix
from symbolic_mla.exact.crosscheck import Agrees, Disagreement, EnginesDisagreeError, NotCompared, crosscheck
from symbolic_mla.exact.explicit import explicit
from symbolic_mla.exact.explicit_rank import explicit_rank
from symbolic_mla.exact.show import explicit_text, instance_latex
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import extreme
from symbolic_mla.laws.rank import rank
from symbolic_mla.laws.svd import svd_facts
from tests.dense import World
from tests.rewriting import laws
from tests.strategies import worlds

N, G, D, P, Q, K = (Axis.of(Var(x)) for x in "nGdpqk")
W, X, Y = Atom("W", (G * D, P)), Atom("X", (P, P)), Atom("Y", (P, P))
SMALL = [{"n": 2, "G": 2, "d": 1, "p": 2}, {"n": 1, "G": 1, "d": 2, "p": 3}, {"n": 3, "G": 2, "d": 2, "p": 2}]
DIMS = {"n": N, "G": G, "d": D, "p": P}
TILE = Equation(al.tile(W, N), al.matmul(al.tile(al.identity(G * D), N), W))


@settings(max_examples=60, deadline=None)
@given(laws(depth=1), worlds())
def test_what_the_kernel_proves_agrees(law: tuple[str, Term, Term], world: World) -> None:
    """A law that the index form proves holds at explicit sizes too; so does its refutation by a fresh symbol."""
    _, left, right = law
    sizes = {v.name: world.size(v) for v in variables(left, right) if v.sign == "dimension"}
    assert crosscheck(Equation(left, right), [sizes]).agreed
    other = Equation(left, al.add(right, Atom("Z", left.axes)))
    assert crosscheck(other, [sizes], verdict="refuted").agreed
    with pytest.raises(EnginesDisagreeError, match="the index form; SymPy at explicit sizes"):
        crosscheck(other, [sizes]).require()


def test_theorem_of_the_kernel_agrees() -> None:
    """The tiling theorem as `derive` makes it, at several sizes."""
    theorem = derive("rank-kron", al.ones(N, 1), W)
    assert crosscheck(theorem.conclusion, SMALL).agreed
    assert crosscheck(TILE, SMALL).agreed


@pytest.mark.parametrize(
    ("statement", "agrees"),
    [
        (Compare(rank(al.tile(W, N)), "=", rank(W)), True),
        (Compare(rank(al.tile(W, N)), "<=", extreme("min", [(G * D).size(), P.size()])), True),
        (Compare(rank(al.kron(W, X)), "=", rank(W) * rank(X)), True),
        (Compare(rank(al.matmul(W, al.transpose(W))), "=", rank(W)), True),
        (Compare(rank(al.stack(W, W)), "<=", rank(W)), True),
        (Compare(rank(al.tile(W, N)), "=", rank(W) + 1), False),
        (Compare(rank(W), "<=", scalar(0)), False),
        (Compare(scalar(Var("n")), "<=", scalar(Var("n")) * scalar(Var("p"))), True),
        (Compare(scalar(Var("p")), "<=", scalar(Var("n"))), False),
    ],
)
def test_rank_comparisons(statement: Statement, agrees: bool) -> None:
    """Comparisons of ranks are checked on the generic ranks; a false one is a disagreement."""
    found = crosscheck(statement, SMALL, dims=DIMS)
    assert found.agreed is agrees
    if not agrees:
        with pytest.raises(EnginesDisagreeError, match="proved by the index form; SymPy at explicit sizes finds"):
            found.require()


A, B, A_INV, B_INV = (Atom(name, (P, P)) for name in ("A", "B", "A⁻¹", "B⁻¹"))
EYE = al.identity(P)
INVERSES = [Equation(al.matmul(*pair), EYE) for pair in ((A, A_INV), (A_INV, A), (B, B_INV), (B_INV, B))]
U = Atom("U", (Q, P))
ORTHONORMAL = Equation(al.matmul(al.transpose(U), U), EYE)
SCALED = al.scale(1 / sqrt(scalar(Var("n"))), al.tile(U, N))
SVD = svd_facts(Atom("M", (Q, P)), Atom("L", (Q, K)), Atom("S", (K, K)), Atom("R", (P, K)))
GRAM = al.matmul(al.matmul(Atom("R", (P, K)), al.power(Atom("S", (K, K)), 2)), al.transpose(Atom("R", (P, K))))


@pytest.mark.parametrize(
    ("left", "right", "hypotheses", "sizes"),
    [
        (al.matmul(al.matmul(A, B), al.matmul(B_INV, A_INV)), EYE, INVERSES, {"p": 2}),
        (al.matmul(al.matmul(A, B), al.matmul(B_INV, A_INV)), EYE, INVERSES[::-1], {"p": 3}),
        (al.matmul(al.transpose(SCALED), SCALED), EYE, [ORTHONORMAL], {"n": 3, "p": 2, "q": 3}),
        (al.transpose(al.matmul(A, A)), al.matmul(A, A), [Equation(al.transpose(A), A)], {"p": 3}),
        (al.matmul(al.transpose(Atom("M", (Q, P))), Atom("M", (Q, P))), GRAM, SVD, {"p": 2, "q": 3, "k": 2}),
    ],
)
def test_hypotheses_are_met(left: Term, right: Term, hypotheses: list[Statement], sizes: dict[str, int]) -> None:
    """Inverses, orthonormal columns, symmetry and definitions are met by tensors; without them the sides differ."""
    statement = Equation(left, right)
    assert crosscheck(statement, [sizes], hypotheses=hypotheses).agreed
    assert isinstance(crosscheck(statement, [sizes]).results[0], Disagreement)
    assert not crosscheck(Equation(left, al.scale(2, right)), [sizes], hypotheses=hypotheses).agreed


def test_hypotheses_that_cannot_be_met_compare_nothing() -> None:
    """Orthonormal columns longer than they are many; A B = B A: nothing is claimed of either."""
    assert isinstance(crosscheck(Equation(U, U), [{"q": 1, "p": 2}], hypotheses=[ORTHONORMAL]).results[0], NotCompared)
    commute = Equation(al.matmul(X, Y), al.matmul(Y, X))
    found = crosscheck(commute, [{"p": 2}], hypotheses=[commute])
    assert not found.agreed
    assert found.disagreement is None
    assert "no tensors of polynomials were found that meet a hypothesis" in str(found)
    small = Compare(scalar(Var("p")), "<=", scalar(1))
    assert "does not hold at these sizes" in str(crosscheck(TILE, [SMALL[0]], hypotheses=[small]))


def test_existence_is_checked_by_rank() -> None:
    """A_i = U_i V through m rows needs a stacked rank of at most m: the founding counterexample contradicts m = 1."""
    one = Axis.of(1)
    keys, values = Atom("W_K", (one, P)), Atom("W_V", (one, P))
    up, down = [Atom(x, (one, one)) for x in ("U_K", "U_V")], Atom("V", (one, P))
    shared = Exists(
        (*up, down), (), tuple(Equation(w, al.matmul(u, down)) for w, u in zip((keys, values), up, strict=True))
    )
    assert crosscheck(shared, [{"p": 1}]).agreed
    assert "the rank is 2, at least, and the inner size 1" in str(crosscheck(shared, [{"p": 2}]).disagreement)


def test_softmax_is_never_called_different() -> None:
    """softmax has laws of its own: this engine takes it as any function, and gives no verdict against it."""
    shifted = al.add(X, al.matmul(al.ones(P, 1), al.ones(1, P)))
    found = crosscheck(Equation(al.apply("softmax", X), al.apply("softmax", shifted)), [{"p": 1}])
    assert isinstance(found.results[0], NotCompared)
    assert isinstance(
        crosscheck(Equation(al.apply("f", X), al.apply("f", shifted)), [{"p": 1}]).results[0], Disagreement
    )
    same = Equation(al.apply("softmax", al.tile(X, N)), al.tile(al.apply("softmax", X), N))
    assert crosscheck(same, [{"p": 2, "n": 2}]).agreed


def test_refuted_equations_differ_at_their_counterexample() -> None:
    """X Y = Y X fails at p = 2 and holds at p = 1, where a refutation would be contradicted."""
    commute = Equation(al.matmul(X, Y), al.matmul(Y, X))
    assert isinstance(crosscheck(commute, [{"p": 2}], verdict="refuted").results[0], Agrees)
    with pytest.raises(EnginesDisagreeError, match="refuted by the index form; SymPy at explicit sizes finds it equal"):
        crosscheck(commute, [{"p": 1}], verdict="refuted").require()


@pytest.mark.parametrize(
    ("term", "sizes", "bounds"),
    [
        (al.tile(W, N), {"n": 3, "G": 2, "d": 1, "p": 5}, (2, 2)),
        (al.matmul(al.transpose(W), W), {"G": 1, "d": 2, "p": 4}, (2, 2)),
        (al.scale(1 / sqrt(scalar(Var("p"))), X), {"p": 3}, (3, 3)),
        (al.add(al.scale(sqrt(scalar(2)), EYE), al.ones(P, P)), {"p": 3}, (3, 3)),
        (al.subtract(X, X), {"p": 3}, (0, 0)),
        (al.apply("f", al.tile(X, N)), {"p": 2, "n": 2}, (2, 2)),
        (al.kron(al.ones(N, 1), X), {"p": 2, "n": 2}, (2, 2)),
        (al.subtract(X, al.transpose(X)), {"p": 3}, (2, 3)),
    ],
)
def test_rank_bounds(term: Term, sizes: dict[str, int], bounds: tuple[int, int]) -> None:
    """Both bounds are right, and meet wherever the structure shows the rank (an odd skew matrix stays open)."""
    found = explicit_rank(term, sizes)
    assert (found.lower, found.upper) == bounds


def test_block_matrices_print_as_blocks() -> None:
    """tile(W, n) is a BlockMatrix of n equal blocks, and its explicit form is that of the term."""
    sizes = {"n": 3, "G": 2, "d": 1, "p": 2}
    blocks = block_matrix(al.tile(W, N), **sizes)
    assert isinstance(blocks, sympy.BlockMatrix)
    assert blocks.blockshape == (3, 1)
    assert sympy.Matrix(blocks.as_explicit()) == explicit(al.tile(W, N), **sizes)
    assert r"\begin{matrix}" in sympy.latex(blocks)
    with pytest.raises(ShapeError, match="blocks are of a matrix"):
        block_matrix(al.trace(X), p=2)


def test_latex_of_an_instance() -> None:
    """The founding theorem at G=2, d=1, n=2: both sides as block matrices, the same in every process."""
    rope = Equation(
        al.scale(2, al.matmul(al.apply("softmax", X), Atom("W̃_K", (P, P)))),
        al.matmul(al.add(al.apply("softmax", X), al.apply("softmax", X)), Atom("W̃_K", (P, P))),
    )
    shown = instance_latex(TILE, {"n": 2, "G": 2, "d": 1, "p": 2})
    assert shown.count(r"\begin{array}") == 3
    assert shown.count(r"\hline") == 3
    assert r"\tilde{W}_{K,01}" in instance_latex(rope, {"p": 2})
    both = instance_latex(Equation(al.matmul(al.add(X, Y), X), al.matmul(al.add(Y, X), X)), {"p": 1})
    assert both.count(r"\left(") == 2
    assert r"\neq" in instance_latex(Equation(al.matmul(X, Y), al.matmul(Y, X)), {"p": 2})
    script = (
        "from symbolic_mla import algebra as al\nfrom symbolic_mla.exact.show import instance_latex\n"
        "from symbolic_mla.kernel.axis import Axis\nfrom symbolic_mla.kernel.scalar import Var\n"
        "from symbolic_mla.kernel.statement import Equation\nfrom symbolic_mla.kernel.term import Atom\n"
        "n, G, d, p = (Axis.of(Var(x)) for x in 'nGdp')\nW = Atom('W', (G * d, p))\n"
        "print(instance_latex(Equation(al.tile(W, n), al.matmul(al.tile(al.identity(G * d), n), W)),"
        " {'n': 2, 'G': 2, 'd': 1, 'p': 2}))"
    )
    other = run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert other.stdout == shown + "\n"


def test_text_of_a_statement() -> None:
    """Both sides with their blocks, the verdict, ranks with reasons; sizes are checked against definitions."""
    dims = {"n": N, "G": G, "d": D, "p": P, "H": N * G, "q": Q}
    sizes = {"n": 2, "G": 2, "d": 1, "p": 2}
    text = explicit_text(TILE, sizes | {"H": 4, "q": 7}, dims=dims)
    assert "= (equal in 8 entries)" in text
    assert " [ W_0_0  W_0_1 ]" in text
    ranks = explicit_text(Compare(rank(al.tile(W, N)), "=", rank(W)), sizes)
    assert ranks.endswith("2 = 2: true")
    inverse = Equation(al.matmul(A, A_INV), EYE)
    assert "= (equal in 4 entries)" in explicit_text(inverse, {"p": 2}, hypotheses=INVERSES)
    assert "≠ (entry (0, 0) is" in explicit_text(inverse, {"p": 2})
    assert "nothing is shown: no tensors" in explicit_text(Equation(U, U), {"p": 2, "q": 1}, hypotheses=[ORTHONORMAL])
    assert r"\neq" not in instance_latex(inverse, {"p": 1}, hypotheses=INVERSES)
    assert "≠ (entry (0, 0) is" in explicit_text(Equation(al.matmul(X, Y), al.matmul(Y, X)), {"p": 2})
    with pytest.raises(InputError, match=r"H = 5, and H is defined as n\*G, which is 4 here"):
        explicit_text(TILE, sizes | {"H": 5}, dims=dims)
    with pytest.raises(InputError, match="a value for Z, which is not declared"):
        explicit_text(TILE, sizes | {"Z": 5}, dims=dims)
    with pytest.raises(InputError, match="no size for n, of which H"):
        explicit_text(Equation(X, X), {"H": 5, "p": 1, "G": 1}, dims=dims)
    with pytest.raises(InputError, match="a matrix of 400 × 3 is not printed"):
        explicit_text(TILE, sizes | {"n": 200, "p": 3})
    with pytest.raises(InputError, match="a matrix of 400 × 3 is not printed"):
        instance_latex(TILE, sizes | {"n": 200, "p": 3})


def test_ranks_that_are_refused() -> None:
    """softmax, roots of free scalars, tensors that are no matrices, and sizes beyond the limit."""
    with pytest.raises(UnsupportedError, match="softmax, whose entries are not independent"):
        explicit_rank(al.apply("softmax", X), {"p": 2})
    with pytest.raises(UnsupportedError, match="roots of scalar expressions"):
        explicit_rank(al.scale(sqrt(scalar(Var("c", "positive"))), X), {"p": 2})
    with pytest.raises(ShapeError, match="rank is of a matrix"):
        explicit_rank(al.trace(X), {"p": 2})
    with pytest.raises(BudgetError, match="the limit is 1048576"):
        explicit_rank(X, {"p": 5000})


def test_sympy_loads_only_with_the_exact_engine() -> None:
    """The package, its kernel, algebra and language start without SymPy."""
    script = (
        "import sys, symbolic_mla, symbolic_mla.algebra, symbolic_mla.kernel.theorem, symbolic_mla.exact\n"
        "sys.exit('sympy' in sys.modules)"
    )
    assert run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
