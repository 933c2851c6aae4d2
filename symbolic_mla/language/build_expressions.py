"""What the parser does on each reduction of an expression: make the node, with its span."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar, cast

from symbolic_mla.errors import DocumentSyntaxError, Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.scan import span_of
from symbolic_mla.language.tokens import Token

_Node = TypeVar("_Node", bound=Any)


def place_of(part: Any) -> Span:
    return span_of(part) if isinstance(part, Token) else cast(Span, part.span)


def join(first: Any, last: Any) -> Span:
    start = first if isinstance(first, Token) else first.span
    end = last if isinstance(last, Token) else last.span
    return Span(start.line, start.column, end.end_line, end.end_column)


def name_of(token: Token) -> s.Name:
    return s.Name(str(token), place_of(token))


def names_of(parts: tuple[Any, ...]) -> tuple[s.Name, ...]:
    return tuple(
        name_of(part) for part in parts if isinstance(part, Token) and part.type in ("NAME", "BINDER")
    )


def number_of(token: Token) -> s.Number:
    value = Fraction(token) if "." in token else int(token)
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return s.Number(value, place_of(token))


class BuildExpressions:
    """The rules and aliases of expressions."""

    def name(self, token: Token) -> s.Name:
        return name_of(token)

    def number(self, token: Token) -> s.Number:
        return number_of(token)

    def text(self, token: Token) -> s.Text:
        return s.Text(str(token), place_of(token))

    def bracketed(self, opening: Token, inner: _Node, closing: Token) -> _Node:
        return replace(inner, span=join(opening, closing))

    def call(self, function: Token, _: Token, arguments: list[Any], closing: Token) -> s.Call:
        plain = [a for a in arguments if not isinstance(a, s.Keyword)]
        keywords = [a for a in arguments if isinstance(a, s.Keyword)]
        if keywords and not isinstance(arguments[len(plain)], s.Keyword):
            raise DocumentSyntaxError(
                "an argument without a name follows a named one",
                hint=f"put `{keywords[0].name.text}=...` last",
                span=plain[-1].span,
            )
        return s.Call(str(function), tuple(plain), tuple(keywords), join(function, closing))

    def arguments(self, *arguments: Any) -> list[Any]:
        return list(arguments)

    def keyword(self, name: Token, _: Token, value: s.Expr) -> s.Keyword:
        return s.Keyword(name_of(name), value, join(name, value))

    def block_list(self, opening: Token, *rest: Any) -> s.ListLiteral:
        return s.ListLiteral(tuple(rest[:-1]), join(opening, rest[-1]))

    def raised(self, base: s.Expr, mark: Token) -> s.Expr:
        """`Aᵀ`, `A⁻ᵀ`, `A²`, `A⁻¹`, `Aⁿ`: the token holds the exponent in plain characters."""
        span, text = join(base, mark), str(mark)
        if text == "T":
            return s.Transpose(base, span)
        if text == "-T":
            return s.Transpose(s.Inverse(base, span), span)
        digits = text.removeprefix("-")
        plain: s.Expr = (
            s.Number(int(digits), place_of(mark)) if digits.isdecimal() else s.Name(digits, place_of(mark))
        )
        return _power(base, s.Negate(plain, place_of(mark)) if text.startswith("-") else plain, span)

    def power(self, base: s.Expr, _: Token, exponent: s.Expr) -> s.Expr:
        return _power(base, exponent, join(base, exponent))

    def signed_name(self, sign: Token, name: Token) -> s.Expr:
        return self.signed(sign, name_of(name))

    def signed_number(self, sign: Token, number: Token) -> s.Expr:
        return self.signed(sign, number_of(number))

    def selection(self, base: s.Expr, _: Token, *rest: Any) -> s.Index:
        return s.Index(base, tuple(rest[:-1]), join(base, rest[-1]))

    def whole(self, *parts: Token) -> s.Whole:
        return s.Whole(place_of(parts[0])) if parts else s.Whole()

    def juxtaposed(self, left: s.Expr, right: s.Expr) -> s.Product:
        return s.Product("", left, right, join(left, right))

    def product(self, left: s.Expr, operator: Token, right: s.Expr) -> s.Expr:
        span = join(left, right)
        if operator == "/":
            return s.Quotient(left, right, span)
        return s.Product(cast(s.ProductOperator, str(operator)), left, right, span)

    def signed(self, sign: Token, term: s.Expr) -> s.Expr:
        return s.Negate(term, join(sign, term)) if sign == "-" else term

    def total(self, first: s.Expr, *rest: Any) -> s.Sum:
        terms = [first, *(self.signed(sign, term) for sign, term in zip(rest[::2], rest[1::2], strict=True))]
        return s.Sum(tuple(terms), join(first, rest[-1]))


def _power(base: s.Expr, exponent: s.Expr, span: Span) -> s.Expr:
    """The power; with the exponent -1, an inverse."""
    if isinstance(exponent, s.Negate) and exponent.operand == s.Number(1):
        return s.Inverse(base, span)
    return s.Power(base, exponent, span)
