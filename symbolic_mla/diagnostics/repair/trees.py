"""Edits of expressions: every place of a tree, and the tree with another expression there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from symbolic_mla.language import syntax as s

Put = Callable[[s.Expr], s.Expr]
Place = tuple[s.Expr, Put]


def places(root: s.Expr) -> Iterator[Place]:
    """Each subexpression with the function that puts another in its place. What is rebuilt stands nowhere."""
    yield root, lambda new: new
    for child, put in _children(root):
        for inner, deeper in places(child):
            yield inner, _then(put, deeper)


def _then(put: Put, deeper: Put) -> Put:
    return lambda new: put(deeper(new))


def _children(node: s.Expr) -> Iterator[Place]:
    match node:
        case s.Transpose(operand) | s.Negate(operand) | s.Inverse(operand):
            yield operand, lambda new: replace(node, operand=new, span=s.NOWHERE)
        case s.Power(base, _) | s.Index(base, _):
            yield base, lambda new: replace(node, base=new, span=s.NOWHERE)
        case s.Product(_, left, right):
            yield left, lambda new: replace(node, left=new, span=s.NOWHERE)
            yield right, lambda new: replace(node, right=new, span=s.NOWHERE)
        case s.Quotient(numerator, denominator):
            yield numerator, lambda new: replace(node, numerator=new, span=s.NOWHERE)
            yield denominator, lambda new: replace(node, denominator=new, span=s.NOWHERE)
        case s.Sum(terms):
            for k, term in enumerate(terms):
                yield term, _nth(node, "terms", terms, k)
        case s.Call(_, arguments, keywords):
            for k, keyword in enumerate(keywords):
                yield keyword.value, _keyword(node, k)
            for k, argument in enumerate(arguments):
                if not isinstance(argument, (s.Text, s.ListLiteral)):
                    yield argument, _nth(node, "arguments", arguments, k)
        case _:
            return


def _nth(node: s.Sum | s.Call, field: str, parts: Sequence[object], k: int) -> Put:
    def put(new: s.Expr) -> s.Expr:
        changed = (*parts[:k], new, *parts[k + 1 :])
        if isinstance(node, s.Sum):
            inner = new.terms if isinstance(new, s.Sum) else (new,)  # a sum in a sum needs no brackets
            return s.Sum((*node.terms[:k], *inner, *node.terms[k + 1 :]))
        return replace(node, arguments=tuple(changed), span=s.NOWHERE)  # type: ignore[arg-type]

    return put


def _keyword(node: s.Call, k: int) -> Put:
    def put(new: s.Expr) -> s.Expr:
        changed = replace(node.keywords[k], value=new, span=s.NOWHERE)
        return replace(node, keywords=(*node.keywords[:k], changed, *node.keywords[k + 1 :]), span=s.NOWHERE)

    return put


def factors(node: s.Expr) -> list[s.Expr]:
    """The factors of a product of matrices and numbers, left to right; of anything else, itself."""
    if isinstance(node, s.Product) and node.operator in ("", "*", "@"):
        return [*factors(node.left), node.right]
    return [node]


def product(parts: Sequence[s.Expr], operator: s.ProductOperator = "") -> s.Expr:
    """The product of factors, left to right."""
    whole = parts[0]
    for part in parts[1:]:
        whole = s.Product(operator, whole, part)
    return whole


