"""Declarations: what they add to the names, to the hypotheses and to the facts about dimensions."""

from fractions import Fraction

import pytest

from symbolic_mla.algebra.numbers import sqrt
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom
from symbolic_mla.kernel.theorem import derive
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.parse import BUILTINS as PARSED_AS_CALLS
from symbolic_mla.language.parse import ParseEnvironment, parse_block, parse_expression
from symbolic_mla.language.scope import Scope
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.svd import svd_facts
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.numbers import prove_comparison
from tests.language.reading import FIELD, claim, declaration_error, marked, only_error, read

n, G, d, p, q = (Axis.of(Var(x)) for x in ("n", "G", "d", "p", "q"))


def test_dimensions() -> None:
    """A symbol keeps its lower bound, a definition is its value, and products keep their order."""
    scope, _ = read("dims n >= 2, G\ndim H = n*G, K = G*n, three = 2*n + 1\n", before="")
    low = Axis.of(Var("n", "dimension", 2))
    assert scope.dims["n"] == low
    assert scope.dims["H"] == low * Axis.of(Var("G")) != scope.dims["K"]
    assert scope.dims["three"] == Axis.of(2) * low + Axis.of(1)


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("n*G*d", n * G * d),
        ("G n", G * n),
        ("H*d", n * G * d),
        ("2*r", Axis.of(2) * G * d),
        ("r + r", Axis.of(2) * G * d),
        ("G*(n + 1 + 1)*d", G * (n + Axis.of(1) + Axis.of(1)) * d),
        ("n^2", n * n),
        ("32", Axis.of(32)),
        ("twice(G)", G + G),
        ("wide", n + n),
    ],
)
def test_sizes(text: str, axis: Axis) -> None:
    """A size is an axis with structure, in which definitions are unfolded."""
    scope, _ = read("let twice(m) = m + m\nlet wide = 2*n\n")
    env = ParseEnvironment(functions={"twice"})
    assert scope.axis(parse_expression(text, env=env)) == axis


def test_a_size_is_a_number_elsewhere() -> None:
    """The same name stands for an axis in `I(p)` and for a number in `tr(I(p)) = p`."""
    scope, claims = read("claim a: tr(I(p)) = p\nclaim b: p I(p) = I(p) p\n")
    assert scope.number(parse_expression("H*d + 1")) == scalar(Var("n")) * Var("G") * Var("d") + 1  # type: ignore[operator]
    assert not claims["a"].errors + claims["b"].errors


def test_scalars() -> None:
    """A declared sign allows division and roots; c < 0 is -|c|."""
    scope, _ = read("scalar b >= 0, h <= 0\n")
    assert scope.scalars["a"] == scalar(Var("a", "positive"))
    assert scope.scalars["c"] == scalar(Var("c", "real"))
    assert scope.scalars["b"] == scalar(Var("b", "nonnegative"))
    assert scope.scalars["e"] == -scalar(Var("|e|", "positive"))
    assert scope.scalars["h"] == -scalar(Var("|h|", "nonnegative"))
    assert scope.number(parse_expression("sqrt(4*n) / a", env=ParseEnvironment())) == (
        2 * sqrt(scalar(Var("n"))) / scope.scalars["a"]
    )
    assert scope.number(parse_expression("0.25")) == scalar(Fraction(1, 4))
    assert not claim("A / e = -A / (-e)").errors
    assert declaration_error("scalar b != 0\n").kind == "unsupported"


def test_hypotheses_of_given() -> None:
    """`with` gives a statement, its text and place, and the symbols that it speaks of."""
    scope, _ = read("dims m\ngiven U : m × p with Uᵀ U = I(p), rank(U) <= p, K : p × p with K symmetric\n", "dims p\n")
    orthonormal, bound, symmetric = scope.hypotheses
    u, k = scope.symbols["U"], scope.symbols["K"]
    assert orthonormal.statement == Equation(matmul(transpose(u), u), identity(p))
    assert (orthonormal.text, orthonormal.symbols, orthonormal.origin) == ("Uᵀ U = I(p)", {"U"}, "given")
    assert isinstance(bound.statement, Compare) and bound.statement.relation == "<="
    assert symmetric.statement == Equation(transpose(k), k)


def test_assumptions() -> None:
    """Inequalities are hypotheses; divisibility restricts instances only."""
    scope, _ = read("assume G <= n <= d, d even, G odd, n divides d, H < d\n")
    number = {x: scalar(Var(x)) for x in "nGd"}
    assert [h.statement for h in scope.hypotheses[-3:]] == [
        Compare(number["G"], "<=", number["n"]),
        Compare(number["n"], "<=", number["d"]),
        Compare(number["n"] * number["G"] + 1, "<=", number["d"]),
    ]
    assert {h.origin for h in scope.hypotheses[-3:]} == {"assume"}
    assert scope.divisibility == [
        (scalar(2), number["d"]),
        (scalar(2), number["G"] + 1),
        (number["n"], number["d"]),
    ]


def test_invertible() -> None:
    """`A invertible` gives a symbol A⁻¹ and two equations; everything built from such has an inverse."""
    scope, _ = read("")
    m, inverse = scope.symbols["M"], Atom("M⁻¹", (p, p))
    both = [h.statement for h in scope.hypotheses if h.origin == "invertible"][:2]
    assert both == [Equation(matmul(m, inverse), identity(p)), Equation(matmul(inverse, m), identity(p))]


@pytest.mark.parametrize(
    "text",
    [
        "inv(M) = M⁻¹",
        "(M N)⁻¹ = N⁻¹ M⁻¹",
        "(Mᵀ)⁻¹ = (M⁻¹)ᵀ",
        "M⁻ᵀ = inv(Mᵀ)",
        "(M ⊗ N)⁻¹ = M⁻¹ ⊗ N⁻¹",
        "(M²)⁻¹ = M⁻¹ M⁻¹",
        "M^-2 = M⁻¹ M⁻¹",
        "M^(-3) M = M^-2",
        "(M⁻¹)⁻¹ = M",
        "I(p)⁻¹ = I(p)",
        "(2 M)⁻¹ = M⁻¹ / 2",
        "(-M)⁻¹ = -M⁻¹",
        "(e M)⁻¹ = M⁻¹ / e",
        "K⁻¹ M = N⁻¹",
        "inv(M N) (M N) = I(p)",
    ],
)
def test_inverses_are_what_they_say(text: str) -> None:
    """Inverses of products, transposes, Kronecker products, powers and multiples, also through a definition."""
    scope, claims = read(f"let K = M N\nclaim k: {text}\n")
    facts = [derive("assume", h.statement) for h in scope.hypotheses]
    (step,) = claims["k"].steps
    assert isinstance(step.statement, Equation), step.error
    theorem = prove_equation(step.statement.left, step.statement.right, facts)
    assert type(theorem).__name__ == "Theorem"


def test_svd() -> None:
    """`obtain` declares three symbols, a fresh inner size and the kernel's facts, each with its rule."""
    scope, claims = read("obtain U, Σ, V from svd(T)\nclaim k: T = U Σ Vᵀ\nclaim s: Uᵀ U = I(k_U)\n")
    facts = [h for h in scope.hypotheses if h.origin == "svd"]
    atoms = [scope.symbols[name] for name in ("U", "Σ", "V")]
    k = scope.dims["k_U"]
    assert [a.axes for a in atoms] == [(n * G * d, k), (k, k), (n * G * d, k)]
    t = claims["k"].steps[0].statement
    assert isinstance(t, Equation)
    assert [h.statement for h in facts] == list(svd_facts(t.left, *atoms))
    assert facts[3].text == "T = U Σ Vᵀ" and facts[0].text == "Uᵀ U = I(k_U)"
    assert [h.text for h in facts[-2:]] == ["k_U <= D", "k_U <= D"]
    for h in facts:
        assert derive("svd", *h.arguments).conclusion == h.statement
    assert not claims["s"].errors


def test_the_inner_size_of_an_svd_is_a_name_like_any_other() -> None:
    """It can't be declared again, for then the facts of the SVD would speak of another dimension."""
    assert "`k_U` is already a dimension" in declaration_error("obtain U, Σ, V from svd(A)\ndims k_U\n").message
    scope, _ = read("dims k_U\nobtain U, Σ, V from svd(A)\n")
    assert scope.symbols["U"].axes == (p, Axis.of(Var("k_U_")))


FAULTY = [
    ("dims A", "A", "name", "`A` is already a matrix, declared on line 7"),
    ("given p : q", "p", "name", "`p` is already a dimension, declared on line 2"),
    ("given K : q, K : q", "K", "name", "`K` is already a matrix"),
    ("dims m, m", "m", "name", "`m` is already a dimension"),
    ("let T = A", "T", "name", "`T` is already a definition, declared on line 12"),
    ("dim m = foo", "foo", "name", "nothing declares `foo`"),
    ("dim m = n - 1", "n - 1", "unsupported", "declare the part, and define the whole: dims m; dim n = 1 + m"),
    ("dim m = n - p", "n - p", "unsupported", "declare the part, and define the whole: dims m, p; dim n = p + m"),
    ("dim m = n / p", "n / p", "unsupported", "declare the part, and define the whole: dims m, p; dim n = m*p"),
    ("dim m = n / 2", "n / 2", "unsupported", "declare the part, and define the whole: dims m; dim n = 2*m"),
    ("given K : p × n/2", "n/2", "unsupported", "declare the part, and define the whole: dims k; dim n = 2*k"),
    ("dim m = A", "A", "type", "`A` is a matrix where a size was expected"),
    ("given K : p × foo", "foo", "name", "nothing declares `foo`"),
    ("let K = A A", "A A", "shape", "the columns of the first are q"),
    ("let K(u) = u foo", "foo", "name", "nothing declares `foo`"),
    ("let K(u, u) = u", "u", "name", "a parameter already"),
    ("given K : p × q with K invertible", "K", "shape", "its columns are q"),
    ("given K : p × q with K symmetric", "K", "shape", "its columns are q"),
    ("given K : p with K[i] = 1", "= 1", "unsupported", "the named position `i` in a hypothesis"),
    ("given K : p × p with K = A", "A", "shape", "the columns of the first are p"),
    ("assume M N invertible", "M N", "unsupported", "is no declared matrix"),
    ("assume a even", "a", "type", "not known to be an integer"),
    ("assume A <= A", "A", "type", "never entrywise"),
    ("function h(A)", "A", "type", "`A` is a matrix where a size was expected"),
    ("obtain U, V from svd(A)", "svd(A)", "type", "here 2 names"),
    ("obtain U, S1, V from svd(x)", "x", "type", "it is of a matrix"),
    ("obtain U, S1, V from eckart-young(A)", "eckart-young(A)", "unsupported", "obtain"),
]


@pytest.mark.parametrize(("text", "where", "kind", "message"), FAULTY)
def test_faulty_declarations(text: str, where: str, kind: str, message: str) -> None:
    """Each is refused where it is wrong."""
    error = declaration_error(text + "\n")
    assert message in error.message + (error.hint or "")
    assert (error.kind, marked(error, FIELD + text)) == (kind, where)


def test_a_failed_declaration_leaves_nothing_behind() -> None:
    """Its names have no meaning, and later lines say why instead of offering a near name."""
    scope, _ = read("")
    (item,) = parse_block("given K : p × p with K = A", first_line=40)
    facts = len(scope.hypotheses)
    with pytest.raises(Exception, match="the columns of the first are p"):
        scope.declare(item)  # type: ignore[arg-type]
    assert "K" not in scope.symbols and len(scope.hypotheses) == facts
    with pytest.raises(LookupError, match="its declaration on line 40 failed"):
        scope.term(parse_expression("K"))


def test_copies_do_not_share() -> None:
    """What an error block declares does not leave it."""
    scope, _ = read("")
    other = scope.copy()
    for item in parse_block("dims new\nassume new even, new <= p\ngiven Z : new × p with Zᵀ Z = I(p)"):
        other.declare(item)  # type: ignore[arg-type]
    assert "Z" in other.symbols and "Z" not in scope.symbols
    assert len(other.hypotheses) == len(scope.hypotheses) + 2
    assert len(other.divisibility) == 1 and not scope.divisibility


def test_parameters_are_local() -> None:
    """A parameter hides what the document declares, and its argument keeps its own meaning."""
    _, claims = read(
        "let first(A, x) = A x\nlet outer(x) = first(M, x)\nclaim a: first(M, x) = M x\nclaim b: outer(y) = M y\n"
    )
    for one in claims.values():
        statement = one.steps[0].statement
        assert isinstance(statement, Equation) and statement.left == statement.right


def test_definitions_are_closed() -> None:
    """A body means what it meant where it was written: an index stays a position."""
    _, claims = read("let row(K) = K[i]\ndims i\nclaim a: row(X) = X[j]\n")
    assert not claims["a"].errors


def test_the_table_of_builtins_is_the_one_that_is_parsed() -> None:
    """What the parser reads as a call is what the table explains."""
    assert set(BUILTINS) == set(PARSED_AS_CALLS)
    assert all(b.signature.startswith(name + "(") and b.meaning for name, b in BUILTINS.items())


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_examples_of_builtins_are_proved(name: str) -> None:
    """The example of every builtin is a true claim that uses it, and the prover proves it."""
    example = BUILTINS[name].example
    assert name in example
    scope, claims = read(example, before="")
    facts = [derive("assume", h.statement) for h in scope.hypotheses]
    (step,) = claims["example"].steps
    if isinstance(step.statement, Equation):
        found: object = prove_equation(step.statement.left, step.statement.right, facts)
    else:
        assert isinstance(step.statement, Compare), step.error
        found = prove_comparison(step.statement.left, step.statement.relation, step.statement.right, facts)
    assert type(found).__name__ == "Theorem"


def test_functions_and_values_do_not_mix() -> None:
    """A name that is both is refused, whoever comes first."""
    assert declaration_error("given f : p\n").kind == "name"
    assert only_error("f = A").kind == "type"


def test_a_declaration_that_fails_leaves_nothing_behind() -> None:
    """What was declared before it is there as it was, and its own names have no meaning."""
    before = parse_block("dims n\ngiven M : n × n with M invertible\nfunction f\nlet T = M")
    failing = ("dims a, n", "given X : n × n, Y : n × q", "scalar b, b", "function g, f", "let L = M Z",
               "given V : n × n with V invertible, V M = Q", "assume for all X : n × n with X M = W X")  # fmt: skip
    for text in failing:
        scope = Scope()
        for item in before:
            scope.declare(item)
        own = scope._declarations
        was, there = own.env.copy(), list(own.hypotheses)
        (item,) = parse_block(text, env=ParseEnvironment())
        with pytest.raises(SymbolicMLAError):
            scope.declare(item)
        own.env.failed.clear()
        assert (own.env, own.hypotheses) == (was, there), text
