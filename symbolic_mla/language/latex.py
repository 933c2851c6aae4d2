"""The surface syntax as LaTeX that GitHub shows as mathematics (in a ```math block, or between $` and `$)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from fractions import Fraction
from types import MappingProxyType

from symbolic_mla.language import syntax as s
from symbolic_mla.language.latex_author import ATOM, POSTFIX, SUM, TERM, Author, level
from symbolic_mla.language.latex_einsum import einsum_latex
from symbolic_mla.language.latex_names import name_latex

MAX_EXISTS = 240  # characters of LaTeX that an existence may have on one line
MAX_FIRST = 80  # characters of LaTeX that a first side may have before the rest goes below it
_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": r"\lt", ">": r"\gt", "!=": r"\ne"}
_KINDS = {"kron": "⊗", "hadamard": "∘"}
_OPERATORS = {"⊗": r" \otimes ", "∘": r" \circ "}


_author: ContextVar[Author | None] = ContextVar("author", default=None)


def latex_as(expr: s.Expr, author: Author) -> str:
    """An expression in an author's notation: what stands in the source is repeated as it was written."""
    token = _author.set(author)
    try:
        return latex(expr)
    finally:
        _author.reset(token)


def latex(expr: s.Expr) -> str:
    """An expression as LaTeX.

    >>> from symbolic_mla.language.parse import parse_expression
    >>> print(latex(parse_expression("(A + B)ᵀ stack(W_K, W_V) / sqrt(d)")))
    \\frac{(A + B)^{\\top}\\,\\begin{bmatrix} W_{K} \\\\ W_{V} \\end{bmatrix}}{\\sqrt{d}}
    """
    return _expression(expr)[0]


def statement_latex(claim: s.Claim | s.Statement | s.Fact) -> str:
    """A statement as LaTeX: a chain is aligned at its relations, quantifiers stand in their order.

    >>> from symbolic_mla.language.parse import parse_block
    >>> print(statement_latex(parse_block("claim a: exists U : p × m for all X : m with A X = U X")[0]))
    \\exists\\, U \\in \\mathbb{R}^{p \\times m}\\;\\; \\forall\\, X \\in \\mathbb{R}^{m}:\\quad A\\,X = U\\,X
    """
    statement = claim.statement if isinstance(claim, s.Claim) else claim
    match statement:
        case s.Chain():
            return _chain(statement, aligned=True)
        case s.Exists(groups, forall, equations):
            quantifiers = [rf"{q}\, {_groups(g)}" for q, g in ((r"\exists", groups), (r"\forall", forall)) if g]
            facts = r",\quad ".join(_chain(e, aligned=False) for e in equations)
            return r"\;\; ".join(quantifiers) + rf":\quad {facts}"
        case s.Iff(left, right):
            return rf"{_side(left)} \iff {_side(right)}"
        case s.Divides(divisor, dividend):
            return rf"{latex(divisor)} \mid {latex(dividend)}"
        case s.Property(subject, word):
            return rf"{latex(subject)}\ \text{{{word}}}"


def display_latex(claim: s.Claim) -> str:
    """A claim as a displayed formula: as `statement_latex`, but an existence that is long has a line for each equation.

    >>> from symbolic_mla.language.parse import parse_block
    >>> long = "claim a: exists U : p × m with " + ", ".join(["A U U U U U U U U U U U U = U U U U U U U U U"] * 4)
    >>> len(display_latex(parse_block(long)[0]).splitlines())
    7
    """
    statement = claim.statement
    text = statement_latex(claim)
    if not isinstance(statement, s.Exists) or len(text) <= MAX_EXISTS:
        return text
    unknowns, *forall = [_groups(g) for g in (statement.groups, statement.forall) if g]
    first = "".join([rf"\exists\, {unknowns}", *(rf"\;\; \forall\, {g}" for g in forall)])
    equations = [rf"& \quad {_chain(e, aligned=False)}" for e in statement.equations]
    return "\\begin{aligned}\n& " + first + ": \\\\\n" + ", \\\\\n".join(equations) + "\n\\end{aligned}"


def _side(side: s.Chain | s.Exists) -> str:
    text = _chain(side, aligned=False) if isinstance(side, s.Chain) else statement_latex(side)
    return bracketed(text) if isinstance(side, s.Exists) else text


def _chain(chain: s.Chain, *, aligned: bool) -> str:
    parts = [(_RELATIONS[step.relation], latex(step.right)) for step in chain.steps]
    first = latex(chain.first)
    long = aligned and len(first) > MAX_FIRST
    if not long and not (aligned and len(parts) > 1):
        return " ".join([first, *(f"{relation} {right}" for relation, right in parts)])
    lines = [rf"&{relation} {right}" for relation, right in parts]
    lines = [f"&{first}", *lines] if long else [f"{first} {lines[0]}", *lines[1:]]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _groups(groups: tuple[s.Group, ...]) -> str:
    return r",\, ".join(
        rf"{', '.join(name_latex(n.text) for n in group.names)} \in {shape_latex(group.sizes)}" for group in groups
    )


def shape_latex(sizes: tuple[s.Expr, ...]) -> str:
    r"""The space of the tensors of a shape: \mathbb{R}^{D \times r}."""
    return rf"\mathbb{{R}}^{{{_times(sizes)}}}"


def _times(sizes: tuple[s.Expr, ...]) -> str:
    return r" \times ".join(_inside(size, TERM if len(sizes) > 1 else SUM) for size in sizes)


def bracketed(text: str) -> str:
    """The text in round brackets, which grow around what is tall."""
    tall = any(macro in text for macro in (r"\frac", r"\sum", r"\begin", r"\left", r"\sqrt"))
    return rf"\left({text}\right)" if tall else f"({text})"


# ---- expressions ---------------------------------------------------------------------------------------


def _inside(node: s.Expr, level: int) -> str:
    """A part that must bind at least as tightly as `level`."""
    text, own = _expression(node)
    return text if own >= level else bracketed(text)


def _factor(node: s.Expr, operator: str) -> str:
    """The left side of a product: in brackets, if it is a product of another kind and no multiple."""
    kind = _KINDS.get(node.name if isinstance(node, s.Call) else "")
    if isinstance(node, s.Product) and not isinstance(node.left, s.Number):
        kind = node.operator if node.operator in _OPERATORS else ""
    mixed = kind is not None and kind != (operator if operator in _OPERATORS else "")
    return bracketed(latex(node)) if mixed else _inside(node, TERM)


def _base(node: s.Expr) -> str:
    """The base of an index or an exponent: LaTeX allows neither twice."""
    text, own = _expression(node)
    if isinstance(node, s.Name) and "^" in text:
        return f"{{{text}}}"
    return text if own == ATOM else bracketed(text)


def _expression(node: s.Expr) -> tuple[str, int]:
    """The LaTeX, and how tightly its outermost operation binds."""
    author = _author.get()
    if author is not None and (quoted := author.quote(node)) is not None:
        return quoted, level(node, quoted)
    match node:
        case s.Name(text):
            return (author.name(text) if author else None) or name_latex(text), ATOM
        case s.Number(value):
            return _number(value)
        case s.Call():
            return _call(node)
        case s.Transpose(s.Inverse(operand)):
            return rf"{_base(operand)}^{{-\top}}", POSTFIX
        case s.Transpose(operand):
            return _base(operand) + (r"^\top" if author else r"^{\top}"), POSTFIX
        case s.Inverse(operand):
            return f"{_base(operand)}^{{-1}}", POSTFIX
        case s.Power(base, exponent):
            return f"{_base(base)}^{{{latex(exponent)}}}", POSTFIX
        case s.Index(base, indices):
            inner = ", ".join(":" if isinstance(i, s.Whole) else latex(i) for i in indices)
            return rf"{_base(base)}{{}}_{{[{inner}]}}", POSTFIX
        case s.Product(operator, left, right):
            before, after = _factor(left, operator), _inside(right, POSTFIX)
            space = " " if author else r"\,"
            between = _OPERATORS.get(operator, r" \cdot " if after[0].isdigit() else space)
            return f"{before}{between}{after}", TERM
        case s.Quotient(numerator, denominator):
            return rf"\frac{{{latex(numerator)}}}{{{latex(denominator)}}}", TERM
        case s.Negate(operand):
            return "-" + _inside(operand, TERM), SUM
        case s.Sum(terms):
            return _sum(terms), SUM


def _sum(terms: tuple[s.Expr, ...]) -> str:
    text = latex(terms[0]) if isinstance(terms[0], s.Negate) else _inside(terms[0], TERM)
    for term in terms[1:]:
        minus = isinstance(term, s.Negate)
        text += f" {'-' if minus else '+'} " + _inside(term.operand if isinstance(term, s.Negate) else term, TERM)
    return text


def _number(value: int | Fraction) -> tuple[str, int]:
    if isinstance(value, int):
        return str(value), ATOM if value >= 0 else SUM
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", TERM


# ---- calls ---------------------------------------------------------------------------------------------


def _argument(argument: s.Argument) -> str:
    if isinstance(argument, s.Text):
        return rf"\texttt{{{argument.text}}}"
    if isinstance(argument, s.ListLiteral):
        return "[" + ", ".join(_argument(e) for e in argument.elements) + "]"
    return latex(argument)


def _word(call: s.Call) -> tuple[str, int]:
    """A call as it is written: a word and its arguments in brackets."""
    word = rf"\mathrm{{{call.name}}}" if len(call.name) > 1 and call.name.isalpha() else name_latex(call.name)
    parts = [_argument(a) for a in call.arguments]
    parts += [rf"{name_latex(k.name.text)} = {latex(k.value)}" for k in call.keywords]
    return word + bracketed(", ".join(parts)), ATOM


def _matrix(rows: list[list[s.Expr]]) -> tuple[str, int]:
    lines = r" \\ ".join(" & ".join(latex(e) for e in row) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}", ATOM


def _blocks(call: s.Call) -> tuple[str, int]:
    rows: list[list[s.Expr]] = []
    for argument in call.arguments:
        for row in argument.elements if isinstance(argument, s.ListLiteral) else ():
            entries = row.elements if isinstance(row, s.ListLiteral) else ()
            rows.append([e for e in entries if not isinstance(e, s.ListLiteral)])
    return _matrix(rows) if rows and all(rows) else _word(call)


def _call(call: s.Call) -> tuple[str, int]:
    plain = [a for a in call.arguments if not isinstance(a, (s.Text, s.ListLiteral))]
    if call.name in ("einsum", "reorder"):
        return einsum_latex(call, latex, _base) or _word(call)
    if call.name == "blocks":
        return _blocks(call)
    if call.keywords or len(plain) != len(call.arguments) or not plain or call.name not in _FORMS:
        return _word(call)
    return _FORMS[call.name](plain) or _word(call)


def _two(operator: str) -> Callable[[list[s.Expr]], tuple[str, int] | None]:
    def build(arguments: list[s.Expr]) -> tuple[str, int] | None:
        if len(arguments) != 2:
            return None
        return f"{_factor(arguments[0], operator)}{_OPERATORS[operator]}{_inside(arguments[1], POSTFIX)}", TERM

    return build


_FORMS: Mapping[str, Callable[[list[s.Expr]], tuple[str, int] | None]] = MappingProxyType(
    {
        "I": lambda a: (f"I_{{{_times(tuple(a))}}}", ATOM),
        "zeros": lambda a: (f"0_{{{_times(tuple(a))}}}", ATOM),
        "ones": lambda a: (rf"\mathbf{{1}}_{{{_times(tuple(a))}}}", ATOM),
        "stack": lambda a: _matrix([[e] for e in a]),
        "hstack": lambda a: _matrix([a]),
        "kron": _two("⊗"),
        "hadamard": _two("∘"),
        "inv": lambda a: (f"{_base(a[0])}^{{-1}}", POSTFIX) if len(a) == 1 else None,
        "sqrt": lambda a: (rf"\sqrt{{{latex(a[0])}}}", ATOM) if len(a) == 1 else None,
        "min": lambda a: (r"\min" + bracketed(", ".join(map(latex, a))), ATOM),
        "max": lambda a: (r"\max" + bracketed(", ".join(map(latex, a))), ATOM),
    }
)
