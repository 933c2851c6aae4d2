"""Claims: chains step by step, existence with its quantifiers in order, equivalences."""

import pytest

from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.language.unparse import unparse
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul
from symbolic_mla.laws.rank import factorised, rank
from tests.language.reading import FIELD, claim, marked, only_error, read

p, q, G = (scalar(Var(x)) for x in ("p", "q", "G"))


def compared(text: str) -> Compare:
    (step,) = claim(text).steps
    assert isinstance(step.statement, Compare), step.error
    return step.statement


def test_relations_of_numbers() -> None:
    """`>=` flips, `<` of integers is a + 1 <= b, definitions are numbers."""
    a = rank(read("")[0].symbols["A"])
    assert compared("rank(A) <= p") == Compare(a, "<=", p)
    assert compared("p >= rank(A)") == Compare(a, "<=", p)
    assert compared("rank(A) < p") == Compare(a + 1, "<=", p)
    assert compared("p > q") == Compare(q + 1, "<=", p)
    assert compared("p = q") == Compare(p, "=", q)
    assert compared("min(p, q) <= 2 G - 1").right == 2 * G - 1


def test_traces_are_tensors_of_no_axes() -> None:
    """A number beside a trace becomes one too; beside another number it stays a number."""
    steps = claim("tr(S) + 1 = xᵀ y = p = q").steps
    assert [type(x.statement) for x in steps] == [Equation, Equation, Compare]
    first = steps[0].statement
    assert isinstance(first, Equation) and first.left.axes == ()


def test_zero_stands_for_the_zero_tensor() -> None:
    """A B - B A = 0 is read as on paper; no other number is."""
    assert not claim("M N - N M = 0").errors
    assert not claim("0 = x").errors
    assert only_error("S = 1").kind == "type"


def test_each_step_is_judged_on_its_own() -> None:
    """An error of one side belongs to one step; its neighbour says that it has nothing to compare with."""
    steps = claim("S = A A\n = S = foo\n = M").steps
    kinds = [step.error.kind if step.error else None for step in steps]
    assert kinds == ["shape", "shape", "name", "name"]
    messages = [step.error.message for step in steps if step.error]
    assert "the columns of the first" in messages[0]
    assert messages[1] == "nothing to compare with: the side before this one has an error on line 13"
    assert "nothing declares `foo`" in messages[2]
    assert messages[3].startswith("nothing to compare with")
    assert [step.statement for step in steps] == [None] * 4


def test_an_error_at_the_start_leaves_later_steps() -> None:
    """The first side is shown by the first step, and the others go on."""
    steps = claim("A A = A A = S = M = N").steps
    assert [step.error is None for step in steps] == [False, False, True, True]
    assert all("`A` is p × q" in step.error.message for step in steps[:1] if step.error)
    assert isinstance(steps[3].statement, Equation)


def test_reasons() -> None:
    """A reason behind a step is that step's; one at the end of the claim serves the others."""
    steps = claim("claim k: S = M by one\n = N\n by two").steps
    assert [step.by for step in steps] == ["one", "two"]
    assert [(unparse(x.left), x.relation, unparse(x.right)) for x in steps] == [("S", "=", "M"), ("M", "=", "N")]


# ---- existence -----------------------------------------------------------------------------------------


def existence(text: str, before: str = FIELD):  # type: ignore[no-untyped-def]
    found = claim(text, before).existence
    assert found is not None
    return found


@pytest.mark.parametrize("equation", ["T = U V", "U V = T", "W = V, T = U V", "W = V, U V = T"])
def test_products_of_unknowns_stand_on_the_right(equation: str) -> None:
    """Whichever side they were written on, so that the kernel recognises A = U V."""
    found = existence(f"exists U : D × r, V : r × D with {equation}")
    assert isinstance(found.statement, Exists)
    u, v = found.statement.unknowns
    assert found.statement.equations[-1].right == matmul(u, v)
    assert len(found.equations) == len(found.statement.equations)


def test_shared_factors_are_recognised_by_the_kernel() -> None:
    """Several A_i = U_i V through one right factor: the stack and the inner axis."""
    found = existence("exists U, K : D × r, V : r × D with T = U V, K V = T")
    stacked, inner = factorised(found.statement)
    assert [str(a) for a in stacked.axes] == ["2*n*G*d", "n*G*d"] and str(inner) == "G*d"


def test_quantifiers_keep_their_order() -> None:
    """`exists L for all K` chooses L first: K is an inner symbol of the statement, and not free."""
    found = existence("exists L : p × p for all K : p × q with f(K Kᵀ) K = L K")
    assert [a.name for a in found.statement.unknowns] == ["L"]
    assert [a.name for a in found.statement.inner] == ["K"]


def test_witnesses_come_in_the_order_of_the_unknowns() -> None:
    """`take` may name them in any order."""
    found = existence("claim k: exists U : D × r, V : r × D with T = U V\n take V = W, U = tile(I(r), n)")
    assert found.error is None and found.witnesses[1].name == "W"
    assert found.witnesses[0].axes == found.statement.unknowns[0].axes


WITNESSES = [
    ("exists L : p × p for all K : p × q with L K = K\n take L = K Kᵀ", "K", "name", "mentions `K`, which"),
    ("exists U : p × p, V : p × p with S = U V\n take U = S, V = U", "U", "name", "mentions `U`, which"),
    ("exists U : p × p with S = U\n take U = foo", "foo", "name", "nothing declares `foo`"),
    ("exists U : p × p with S = U\n take V = S", "V", "name", "no unknown of this claim"),
    ("exists U : p × p with S = U\n take U = S, U = M", "U", "name", "`take U` twice"),
    ("exists U : p × p, V : p × p with S = U V\n take U = S", "U = S", "name", "no witness for `V`"),
    ("exists U : p × p with S = U\n take U = A", "A", "shape", "`A` is p × q and `U` is p × p"),
    ("exists U : p × p with S = U\n take U = 1", "1", "type", "is a number"),
    ("exists U : r × D with W = U\n take U = reorder(\"(g d) c -> (d g) c\", W)", 'reorder("(g d) c -> (d g) c", W)',
     "axis-order", "the rows of the first are d*G"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "kind", "message"), WITNESSES)
def test_faulty_witnesses(text: str, where: str, kind: str, message: str) -> None:
    """A faulty witness is an error at the witness; the statement is still there."""
    full = f"claim k: {text}"
    found = existence(full)
    assert found.error is not None and message in found.error.message
    assert (found.error.kind, marked(found.error, FIELD + full)) == (kind, where)
    assert found.statement is not None and found.witnesses is None


def test_quantifier_order_is_explained() -> None:
    """The message for a witness that comes too late says what the order means."""
    text = "claim k: exists L : p × p for all K : p × q with L K = K\n take L = K Kᵀ"
    hint = existence(text).error.hint
    assert "`exists U for all X` chooses one U for every X" in hint and "`given`" in hint


EXISTENCE = [
    ("exists S : p × p with S = M", "S", "name", "`S` is already a matrix"),
    ("exists U : p × foo with S = U", "foo", "name", "nothing declares `foo`"),
    ("exists U : p × q with S = U", "U", "shape", "the columns of the first are p"),
    ("exists U : p × p with S = U U A A", "U U A A", "shape", "the columns of the first are q"),
    ("exists U : p × p with rank(U) = p", "= p", "unsupported", "between numbers inside `exists`"),
    ("exists U : p × p with rank(U) <= p", "<= p", "unsupported", "between numbers inside `exists`"),
    ("exists U : p with X[i, j] = U", "exists U : p with X[i, j] = U", "unsupported", "the named position `j`"),
]


@pytest.mark.parametrize(("text", "where", "kind", "message"), EXISTENCE)
def test_faulty_existence(text: str, where: str, kind: str, message: str) -> None:
    """Quantified names are new, their equations are of tensors, and positions have no place among them."""
    found = existence(f"claim k: {text}")
    assert found.error is not None and message in found.error.message
    assert (found.error.kind, marked(found.error, FIELD + f"claim k: {text}")) == (kind, where)
    assert found.statement is None


# ---- equivalence ---------------------------------------------------------------------------------------


def test_equivalence() -> None:
    """Each side is one relation or an existence."""
    found = claim("rank(A) <= q iff exists U : p × q, V : q × q with A = U V").iff
    assert found is not None and isinstance(found.statement, Iff) and found.error is None
    assert isinstance(found.statement.left, Compare) and isinstance(found.statement.right, Exists)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("S = M = N iff M = N", "unsupported", "more than one relation"),
        ("S = A iff M = N", "shape", "`S` is p × p and `A` is p × q"),
        ("S = M iff exists U : p × p with foo = U", "name", "nothing declares `foo`"),
        ("S = M iff exists U : p × p with S = U\n take V = S", "name", "no unknown of this claim"),
    ],
)
def test_faulty_equivalences(text: str, kind: str, message: str) -> None:
    """An error of a side is that of the claim, and there is no statement."""
    found = claim(f"claim k: {text}").iff
    assert found is not None and found.statement is None and found.error is not None
    assert found.error.kind == kind and message in found.error.message


# ---- positions -----------------------------------------------------------------------------------------


def test_named_positions() -> None:
    """A name that nothing declares is any position; blocks are numbered from 0; `:` keeps an axis."""
    _, claims = read(
        "claim rows: (S N)[i] = Nᵀ S[i]\n"
        "claim columns: (S N)[:, j] = S N[:, j]\n"
        "claim entry: (S N)[i, j] = S[i]ᵀ N[:, j]\n"
        "claim block: stack(A, Bᵀ)[1] = Bᵀ\n"
        "claim copy: tile(A, 2)[0] = A\n"
        "claim any: T[h] = W\n"
        "claim deeper: X[i, j] = X[i][j]\n"
        "let pick(K, k) = K[k]\nclaim through: pick(X, i) = X[i]\n"
    )
    for one in claims.values():
        assert not one.errors, one.errors
