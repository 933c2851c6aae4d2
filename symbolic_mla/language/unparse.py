"""Syntax tree to text that parses to the same tree: `parse_expression(unparse(e)) == e`."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from fractions import Fraction

from symbolic_mla.language import syntax as s
from symbolic_mla.record import record

_ATOM, _POSTFIX, _TERM, _SUM = 3, 2, 1, 0


def unparse(node: s.Expr | s.Text | s.ListLiteral | s.Keyword | s.Whole | s.Statement | s.Fact) -> str:
    """Readable source text of an expression, a fact or a statement.

    A number that is not a finite decimal has no literal; it is written as a quotient in brackets, the only
    case in which the text reads back as another (equal) tree.

    >>> from symbolic_mla.language.parse import parse_expression
    >>> unparse(parse_expression("(A*B)' / 2 - C^(n+1) D.T"))
    '(A * B)ᵀ / 2 - C^(n + 1) Dᵀ'
    """
    match node:
        case s.Chain(first, steps):
            return " ".join([unparse(first), *(_step(step) for step in steps)])
        case s.Step():
            return _step(node)
        case s.Property(subject, word):
            return f"{unparse(subject)} {word}"
        case s.Divides(divisor, dividend):
            return f"{unparse(divisor)} divides {unparse(dividend)}"
        case s.Exists(groups, forall, equations):
            unknowns = f"exists {', '.join(map(_group, groups))} " if groups else ""
            inputs = f"for all {', '.join(map(_group, forall))} " if forall else ""
            return f"{unknowns}{inputs}with {', '.join(map(unparse, equations))}"
        case s.Iff(left, right):
            return f"{unparse(left)} iff {unparse(right)}"
        case s.Text(text):
            return f'"{text}"'
        case s.Keyword(name, value):
            return f"{name.text}={unparse(value)}"
        case s.Whole():
            return ":"
        case s.ListLiteral(elements):
            return f"[{', '.join(unparse(element) for element in elements)}]"
        case _:
            return _expression(node)[0]


def unparse_move(move: s.Move) -> str:
    """A line of an argument."""
    match move:
        case s.At(inputs):
            return f"at {_witnesses(inputs)}"
        case s.Alike(one, other):
            return f"alike {_witnesses(one)} and {_witnesses(other)}"
        case s.So(alternatives):
            return f"so {' or '.join(unparse(chain) for chain in alternatives)}"


def _witnesses(given: tuple[s.Witness, ...]) -> str:
    return ", ".join(f"{w.name.text} = {unparse(w.value)}" for w in given)


def _step(step: s.Step) -> str:
    reason = f" by {step.by.text}" if step.by else ""
    return f"{step.relation} {unparse(step.right)}{reason}"


def _group(group: s.Group) -> str:
    names = ", ".join(name.text for name in group.names)
    return f"{names} : {' × '.join(unparse_size(size) for size in group.sizes)}"


def unparse_size(size: s.Expr) -> str:
    """A size; a product is bracketed unless it is written with `*` alone."""
    factor = size
    while isinstance(factor, s.Product) and factor.operator == "*":
        factor = factor.left
    text = _inside(size, _ATOM if isinstance(factor, s.Product) else _TERM)
    return text.replace(" * ", "*") if isinstance(size, s.Product) and factor is not size else text


def _inside(node: s.Expr, level: int) -> str:
    """The text of a part that must bind at least as tightly as `level`."""
    text, own = _expression(node)
    return text if own >= level else f"({text})"


@record
class Notation:
    """How an author writes: `quote` gives the text of a node that stands in the source, `transpose` is its sign."""

    quote: Callable[[s.Expr], str | None]
    transpose: str = "ᵀ"


_notation: ContextVar[Notation | None] = ContextVar("notation", default=None)


def unparse_as(node: s.Expr | s.Fact, notation: Notation) -> str:
    """The text of an expression or a fact in an author's notation: what stands in the source is repeated as it was."""
    token = _notation.set(notation)
    try:
        return unparse(node)
    finally:
        _notation.reset(token)


def _level(node: s.Expr) -> int:
    match node:
        case s.Transpose() | s.Inverse() | s.Power() | s.Index():
            return _POSTFIX
        case s.Product() | s.Quotient():
            return _TERM
        case s.Negate() | s.Sum():
            return _SUM
        case _:
            return _ATOM


def _expression(node: s.Expr) -> tuple[str, int]:
    """The text, and how tightly its outermost operation binds."""
    notation = _notation.get()
    if notation is not None and (text := notation.quote(node)) is not None:
        return text, _level(node)
    match node:
        case s.Name(text):
            return text, _ATOM
        case s.Number(value):
            return _number(value)
        case s.Call(name, arguments, keywords):
            return f"{name}({', '.join(unparse(a) for a in (*arguments, *keywords))})", _ATOM
        case s.Transpose(operand):
            sign = notation.transpose if notation else "ᵀ"
            return _inside(operand, _POSTFIX) + sign, _POSTFIX
        case s.Inverse(operand):
            return _inside(operand, _POSTFIX) + "⁻¹", _POSTFIX
        case s.Power(base, s.Number() as exponent) if exponent.value >= 0:
            return f"{_inside(base, _POSTFIX)}^{_inside(exponent, _ATOM)}", _POSTFIX
        case s.Power(base, s.Name(text)) if text != "T":
            return f"{_inside(base, _POSTFIX)}^{text}", _POSTFIX
        case s.Power(base, exponent):
            return f"{_inside(base, _POSTFIX)}^({unparse(exponent)})", _POSTFIX
        case s.Index(base, indices):
            return f"{_inside(base, _POSTFIX)}[{', '.join(unparse(i) for i in indices)}]", _POSTFIX
        case s.Product(operator, left, right):
            return _product(operator, left, right), _TERM
        case s.Quotient(numerator, denominator):
            return f"{_inside(numerator, _TERM)} / {_inside(denominator, _POSTFIX)}", _TERM
        case s.Negate(operand):
            return "-" + _inside(operand, _TERM), _SUM
        case s.Sum(terms):
            return _sum(terms), _SUM


def _number(value: int | Fraction) -> tuple[str, int]:
    if isinstance(value, int):
        return (str(value), _ATOM) if value >= 0 else (str(value), _SUM)
    digits, scale = 0, value
    while scale.denominator != 1 and scale.denominator % 2 * (scale.denominator % 5) == 0:
        digits, scale = digits + 1, scale * 10
    if scale.denominator != 1 or value < 0:
        return f"{value.numerator}/{value.denominator}", _SUM
    text = str(scale.numerator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text, _ATOM


def _product(operator: str, left: s.Expr, right: s.Expr) -> str:
    before, after = _inside(left, _TERM), _inside(right, _POSTFIX)
    if operator:
        return f"{before} {operator} {after}"
    if after[0].isdigit():  # in juxtaposition a number may only come first
        return f"{before} ({after})"
    return f"{before} {after}"


def _sum(terms: tuple[s.Expr, ...]) -> str:
    text = _inside(terms[0], _TERM)
    if isinstance(terms[0], s.Negate):
        text = "-" + _inside(terms[0].operand, _TERM)
    for term in terms[1:]:
        if isinstance(term, s.Negate):
            text += " - " + _inside(term.operand, _TERM)
        else:
            text += " + " + _inside(term, _TERM)
    return text
