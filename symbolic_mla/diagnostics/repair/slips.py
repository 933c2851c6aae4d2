"""The usual slips: each turns the side of a step into what its author may have meant, the smallest edits first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice

from symbolic_mla.diagnostics.repair.trees import Place, factors, places, product
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.language import syntax as s
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.shapes import pattern_of
from symbolic_mla.language.unparse import unparse
from symbolic_mla.record import record

MAX_PLACES = 60  # subexpressions of a side; in one that has more no slip is looked for
MAX_FACTORS = 8  # of a product in which any two are swapped


@record
class Slip:
    """A side as it may have been meant, why, and how far it is from what was written."""

    side: s.Expr
    why: str
    cost: int


def slips(side: s.Expr, scope: Scope) -> list[Slip]:
    """What the side may have been meant to say, each once, the smallest edits first."""
    found: dict[s.Expr, Slip] = {side: Slip(side, "", 0)}
    every = list(islice(places(side), MAX_PLACES + 1))
    for place in every if len(every) <= MAX_PLACES else ():
        for slip in _at(place, side, scope):
            if any(isinstance(x, s.Transpose) and isinstance(x.operand, s.Transpose) for x, _ in places(slip.side)):
                continue
            if slip.side not in found or slip.cost < found[slip.side].cost:
                found[slip.side] = slip
    return sorted((x for x in found.values() if x.cost), key=lambda x: x.cost)


def _at(place: Place, root: s.Expr, scope: Scope) -> Iterator[Slip]:
    for kind in (_transpose, _order, _names, _tiles, _signs, _squares):
        yield from kind(place, scope)
    yield from _scaling(place, root, scope)
    if place[0] is root or _is_term(place[0], root):
        yield from _factors(place, scope)


def _factors(place: Place, scope: Scope) -> Iterator[Slip]:
    """A factor that is missing from a term (`A B + C` for `A B + A C`), or one too many."""
    node, put = place
    if isinstance(node, s.Negate):
        return
    parts = factors(node)
    for k, part in enumerate(parts if len(parts) > 1 else ()):
        if not _is_number(part, scope):
            yield Slip(put(product([*parts[:k], *parts[k + 1 :]])), f"a factor {_shown(part)} too many", 5)
    for name in scope.symbols if not _is_number(node, scope) else ():
        for factor in (s.Name(name), s.Transpose(s.Name(name))):
            for whole in ([factor, *parts], [*parts, factor]):
                if not isinstance(node, s.Sum):
                    yield Slip(put(product(whole)), f"a factor {_shown(factor)} is missing", 6)


def _shown(node: s.Expr) -> str:
    text = unparse(node)
    return f"`{text}`" if len(text) <= 40 else "a factor"


def _transpose(place: Place, scope: Scope) -> Iterator[Slip]:
    """`B` for `Bᵀ`; `Aᵀ Bᵀ` for `(A B)ᵀ`."""
    node, put = place
    if isinstance(node, s.Transpose):
        yield Slip(put(node.operand), f"a transpose too many: {_shown(node)} for {_shown(node.operand)}", 2)
        parts = factors(node.operand)
        if len(parts) > 1:
            opened = product([s.Transpose(p) for p in reversed(parts)])
            yield Slip(put(opened), "a transpose reverses the order of a product: (A B)ᵀ = Bᵀ Aᵀ", 6)
    elif isinstance(node, (s.Name, s.Call, s.Product, s.Sum, s.Index)) and not _is_number(node, scope):
        yield Slip(put(s.Transpose(node)), f"a transpose is missing: {_shown(node)} for {_shown(s.Transpose(node))}", 2)
    parts = factors(node)
    for k in range(len(parts) - 1):
        a, b = parts[k], parts[k + 1]
        if isinstance(a, s.Transpose) and isinstance(b, s.Transpose):
            joined = s.Transpose(s.Product("", a.operand, b.operand))
            yield Slip(put(product([*parts[:k], joined, *parts[k + 2 :]])),
                       "a transpose reverses the order of a product: (A B)ᵀ = Bᵀ Aᵀ", 5)  # fmt: skip


def _order(place: Place, scope: Scope) -> Iterator[Slip]:
    """Factors in another order."""
    node, put = place
    parts = factors(node)
    if not 2 <= len(parts) <= MAX_FACTORS or not isinstance(node, s.Product):
        return
    for i, j in combinations(range(len(parts)), 2):
        if _is_number(parts[i], scope) or _is_number(parts[j], scope):
            continue
        swapped = list(parts)
        swapped[i], swapped[j] = parts[j], parts[i]
        pair = _shown(product([parts[i], parts[j]])), _shown(product([parts[j], parts[i]]))
        why = f"swapped factors: {pair[0]} for {pair[1]}" if j == i + 1 else (
            f"swapped factors: {_shown(parts[i])} and {_shown(parts[j])}")  # fmt: skip
        yield Slip(put(product(swapped, node.operator)), why, 3 if j == i + 1 else 4)
    if len(parts) > 3:
        yield Slip(put(product(parts[::-1], node.operator)), "the factors are in reverse order", 5)


def _names(place: Place, scope: Scope) -> Iterator[Slip]:
    """One symbol for another of its shape (`W_K` for `W_V`), one dimension for another (`√d` for `√r`)."""
    node, put = place
    if not isinstance(node, s.Name):
        return
    if node.text in scope.symbols:
        axes = scope.symbols[node.text].axes
        for other, atom in scope.symbols.items():
            if other != node.text and atom.axes == axes:
                yield Slip(put(s.Name(other)), f"`{node.text}` for `{other}`", 3)
    elif node.text in scope.dims:
        for other in scope.dims:
            if other != node.text:
                yield Slip(put(s.Name(other)), f"`{node.text}` for `{other}`", 3)
    elif node.text in scope.scalars:
        for other in scope.scalars:
            if other != node.text:
                yield Slip(put(s.Name(other)), f"`{node.text}` for `{other}`", 3)


def _tiles(place: Place, scope: Scope) -> Iterator[Slip]:
    """Tile order for interleaved order, and the reverse; a `reorder` between the two."""
    node, put = place
    if isinstance(node, s.Call) and node.name == "tile" and len(node.arguments) == 2:
        for group in scope.dims:
            keyword = s.Keyword(s.Name("groups"), s.Name(group))
            yield Slip(put(s.Call("interleave", node.arguments, (*node.keywords, keyword))),
                       "tile order for interleaved order", 4)  # fmt: skip
    if isinstance(node, s.Call) and node.name == "interleave":
        yield Slip(put(s.Call("tile", node.arguments)), "interleaved order for tile order", 4)
    if isinstance(node, (s.Name, s.Call, s.Transpose)) and not _is_number(node, scope):
        try:
            axes = scope.term(node).axes
        except Exception:
            return
        for pattern, order in reorders(axes):
            call = s.Call("reorder", (s.Text(pattern), node))
            yield Slip(put(call), f"the axes are in another order: the rows or columns of {_shown(node)} {order}", 5)


def reorders(axes: Sequence[Axis]) -> Iterator[tuple[str, str]]:
    """Patterns that swap two neighbouring factors of an axis: `(n g d) c -> (g n d) c`."""
    groups = [pattern_of(axis) for axis in axes]
    for k, group in enumerate(groups):
        if group is None or len(group) < 2:
            continue
        free = iter([x for x in "ckxyzuvw" if x not in group])  # a label each for the axes that stay as they are
        others = [f"({j})" if j == k else next(free, f"x{j}") for j in range(len(axes))]
        for i in range(len(group) - 1):
            swapped = [*group[:i], group[i + 1], group[i], *group[i + 2 :]]
            sides = [[*others[:k], f"({' '.join(order)})", *others[k + 1 :]] for order in (group, swapped)]
            yield " -> ".join(map(" ".join, sides)), f"are {'*'.join(group)}, not {'*'.join(swapped)}"


def _signs(place: Place, scope: Scope) -> Iterator[Slip]:
    node, put = place
    if isinstance(node, s.Sum):
        for k, term in enumerate(node.terms):
            flipped = term.operand if isinstance(term, s.Negate) else s.Negate(term)
            if k or isinstance(term, s.Negate):
                yield Slip(put(s.Sum((*node.terms[:k], flipped, *node.terms[k + 1 :]))),
                           f"the sign of {_shown(term)}", 2)  # fmt: skip
    if isinstance(node, s.Negate):
        yield Slip(put(node.operand), "a sign too many", 2)


def _squares(place: Place, scope: Scope) -> Iterator[Slip]:
    """`2 P Q` for `P Q + Q P`: matrices do not commute."""
    node, put = place
    parts = factors(node)
    if len(parts) == 3 and parts[0] == s.Number(2) and not any(_is_number(p, scope) for p in parts[1:]):
        a, b = parts[1:]
        both = s.Sum((product([a, b]), product([b, a])))
        yield Slip(put(both), f"matrices do not commute: {_shown(node)} for {_shown(both)}", 4)


def _scaling(place: Place, root: s.Expr, scope: Scope) -> Iterator[Slip]:
    """A factor of a number: missing (`n`, `1/n`, `2`, `√d`), or too many."""
    node, put = place
    parts = factors(node)
    numbers = [k for k, p in enumerate(parts) if _is_number(p, scope)]
    if isinstance(node, s.Product) and len(parts) > 1:
        for k in numbers:
            rest = product([*parts[:k], *parts[k + 1 :]], node.operator)
            yield Slip(put(rest), f"a factor {_shown(parts[k])} too many", 3)
            inverted = s.Quotient(s.Number(1), parts[k])
            yield Slip(put(product([*parts[:k], inverted, *parts[k + 1 :]], node.operator)),
                       f"{_shown(parts[k])} for {_shown(inverted)}", 4)  # fmt: skip
    if isinstance(node, s.Quotient):
        if node.numerator != s.Number(1):
            yield Slip(put(node.numerator), f"a division by {_shown(node.denominator)} too many", 3)
        if node.numerator == s.Number(1):
            yield Slip(put(node.denominator), f"{_shown(node)} for {_shown(node.denominator)}", 3)
        else:
            yield Slip(put(s.Product("", node.denominator, node.numerator)),
                       f"a division by {_shown(node.denominator)} for a product", 4)  # fmt: skip
    if isinstance(node, s.Call) and node.name == "sqrt" and len(node.arguments) == 1:
        inner = node.arguments[0]
        if not isinstance(inner, (s.Text, s.ListLiteral)):
            yield Slip(put(inner), f"{_shown(node)} for {_shown(inner)}", 3)
    elif isinstance(node, s.Name) and node.text in scope.dims:
        yield Slip(put(s.Call("sqrt", (node,))), f"`{node.text}` for `sqrt({node.text})`", 4)
    if node is root or (isinstance(node, s.Name) and _is_number(node, scope)) or _is_term(node, root):
        symbols: list[s.Expr] = [s.Number(2), *(s.Name(x) for x in (*scope.dims, *scope.scalars))]
        for symbol in symbols:
            text = unparse(symbol)
            sign: s.ProductOperator = "*" if _written_with_stars(root) else ""
            scaled = s.Product(sign, symbol, node) if not isinstance(node, (s.Product, s.Quotient)) else product(
                [symbol, *parts], node.operator if isinstance(node, s.Product) else "")  # fmt: skip
            ordered = node is root and text == "2" and _is_number(node, scope)  # a bound on a rank: r for 2 r
            yield Slip(put(scaled), f"a factor of {text} is missing", 2 if ordered else 5)
            yield Slip(put(product([s.Quotient(s.Number(1), symbol), *parts])), f"a factor of 1/{text} is missing", 6)


def _is_term(node: s.Expr, root: s.Expr) -> bool:
    return isinstance(root, s.Sum) and any(node is t for t in root.terms)


def _written_with_stars(node: s.Expr) -> bool:
    return isinstance(node, s.Product) and node.operator == "*"


def _is_number(node: s.Expr, scope: Scope) -> bool:
    """Whether an expression is a number by its looks."""
    match node:
        case s.Number():
            return True
        case s.Name(text):
            return text in scope.dims or text in scope.scalars
        case s.Call(name):
            return name in ("sqrt", "rank", "tr", "min", "max")
        case s.Quotient(numerator, _):
            return _is_number(numerator, scope)
        case s.Power(base, _) | s.Inverse(base):
            return _is_number(base, scope)
        case s.Product(_, left, right):
            return _is_number(left, scope) and _is_number(right, scope)
        case _:
            return False


RELATIONS: dict[s.Relation, tuple[s.Relation, ...]] = {"=": ("<=", ">="), "<": ("<=",), ">": (">=",),
                                                       "<=": (">=",), ">=": ("<=",)}  # fmt: skip


def other_relations(step: s.Step) -> Iterator[tuple[s.Step, str]]:
    """The step with a relation that may have been meant: only numbers are ordered."""
    for relation in RELATIONS.get(step.relation, ()):
        yield replace(step, relation=relation, span=s.NOWHERE), f"`{step.relation}` for `{relation}`"
