"""The builtins: I, zeros, tile, interleave, stack, kron, vec, diag, einsum, rank and their like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.contract import einsum
from symbolic_mla.crosscheck.eliminate import rank
from symbolic_mla.crosscheck.functions import NAMED_ROWS, apply_named
from symbolic_mla.crosscheck.numbers import Number, extreme, root
from symbolic_mla.crosscheck.scope import Scope
from symbolic_mla.errors import NameUnknownError, ShapeError, TypeMismatchError
from symbolic_mla.language import syntax as s

if TYPE_CHECKING:
    from symbolic_mla.crosscheck.evaluate import Evaluator

Arguments: TypeAlias = tuple[s.Argument, ...]
Keywords: TypeAlias = Mapping[str, s.Expr]


def call_builtin(ev: Evaluator, name: str, arguments: Arguments, keywords: Keywords, scope: Scope) -> Value:
    """The value of a builtin. Raises: NameUnknownError for another name; TypeMismatchError for its arguments."""
    if name in _PATTERNED:
        return _patterned(ev, name, arguments, keywords, scope)
    if name == "blocks":
        return _blocks(ev, arguments, scope)
    if name in ("tile", "interleave"):
        return _repeat(ev, name, arguments, dict(keywords), scope)
    if keywords:
        raise TypeMismatchError(f"`{next(iter(keywords))}=` for `{name}`", hint="it takes no named argument")
    plain = ev.expressions(name, arguments, 1 if name in NAMED_ROWS else None)
    if name in NAMED_ROWS:
        return apply_named(name, ev.table, ev.value(plain[0], scope))
    if name in _FROM_SIZES:
        return _from_sizes(name, [ev.axis(size, scope) for size in plain])
    if name not in _FROM_VALUES:
        raise NameUnknownError(f"no function `{name}`", hint="declare it with `function` or `let`")
    most, rule = _FROM_VALUES[name]
    values = [ev.inverse(ev.value(x, scope)) if name == "inv" else ev.value(x, scope) for x in plain]
    if not values or (most and len(values) != most):
        raise TypeMismatchError(f"{len(values)} arguments for `{name}`", hint=f"it takes {most or 'one or more'}")
    return rule(values)


_PATTERNED = ("einsum", "reorder")
_FROM_SIZES = ("I", "zeros", "ones")


def _patterned(ev: Evaluator, name: str, arguments: Arguments, keywords: Keywords, scope: Scope) -> Value:
    if not arguments or not isinstance(arguments[0], s.Text):
        raise TypeMismatchError(f"`{name}` without a pattern", hint='write it first: "i j -> j i"')
    operands = [ev.value(x, scope) for x in ev.expressions(name, arguments[1:], None)]
    if name == "reorder" and len(operands) != 1:
        raise TypeMismatchError(f"{len(operands)} operands for `reorder`", hint="it takes one")
    return einsum(arguments[0].text, operands, {k: ev.axis(size, scope) for k, size in keywords.items()})


def _from_sizes(name: str, axes: Sequence[Axis]) -> Value:
    if not axes or (name == "I" and len(axes) != 1):
        raise TypeMismatchError(f"{len(axes)} sizes for `{name}`", hint="`I(m)`, `zeros(m, n)`, `ones(m, n)`")
    if name == "I":
        return ar.build([axes[0], axes[0]], lambda i, j: int(i == j))
    return ar.build(axes, lambda *_: int(name == "ones"))


# --- Repetition


def _repeat(ev: Evaluator, name: str, arguments: Arguments, keywords: dict[str, s.Expr], scope: Scope) -> Value:
    """`tile`: n copies of the first axis, one behind the other; `interleave`: n copies of each of its groups."""
    plain = ev.expressions(name, arguments, None)
    if "n" in keywords:
        plain.append(keywords.pop("n"))
    groups = keywords.pop("groups", None)
    if len(plain) != 2 or keywords or (groups is not None and name == "tile"):
        raise TypeMismatchError(f"the arguments of `{name}`", hint="`tile(W, n)`, `interleave(W, n, groups=G)`")
    value, copies = ev.value(plain[0], scope), ev.axis(plain[1], scope)
    if not isinstance(value, Array) or value.row:
        raise ShapeError(f"`{name}` of {ar.shown(value)}", hint="it repeats the first axis of an array")
    first = value.axes[0]
    # The first axis is (outer inner): copies go before all of it, or between its groups and what is in a group.
    outer: Axis = () if name == "tile" else first if groups is None else ev.axis(groups, scope)
    if ax.size(first) % ax.size(outer):
        raise ShapeError(f"{ax.size(outer)} groups of an axis of size {ax.size(first)}", hint="groups are equal")
    inside = ax.size(first) // ax.size(outer)
    same = ax.keys(first[: len(outer)]) == ax.keys(outer)
    inner = first[len(outer) :] if same else ax.literal(inside)
    chunk = len(value.data) // ax.size(outer)
    ar.guard(len(value.data) * ax.size(copies))
    data = tuple(
        x
        for start in range(0, len(value.data), chunk)
        for _ in range(ax.size(copies))
        for x in value.data[start : start + chunk]
    )
    return Array((ax.product([outer, copies, inner]), *value.axes[1:]), data)


# --- Direct sums


def concatenate(values: Sequence[Value], place: int, word: str) -> Array:
    """Arrays one behind the other along one axis. Raises: ShapeError unless the other axes agree."""
    parts = [v for v in values if isinstance(v, Array) and not v.row and len(v.axes) > place]
    if len(parts) != len(values) or not parts:
        raise ShapeError(f"`{word}` of {', '.join(map(ar.shown, values))}", hint="it takes arrays")
    others = {(*p.shape[:place], *p.shape[place + 1 :]) for p in parts}
    if len(others) != 1 or len({len(p.axes) for p in parts}) != 1:
        raise ShapeError(f"`{word}` of {', '.join(map(ar.shown, parts))}", hint="all other axes must agree")
    joined = ax.direct_sum([p.axes[place] for p in parts])
    outer = 1
    for axis in parts[0].axes[:place]:
        outer *= ax.size(axis)
    ar.guard(sum(len(p.data) for p in parts))
    data: list[Number] = []
    for k in range(outer):
        for p in parts:
            chunk = len(p.data) // outer
            data.extend(p.data[k * chunk : (k + 1) * chunk])
    axes = parts[0].axes
    return Array((*axes[:place], joined, *axes[place + 1 :]), tuple(data))


def _hstack(values: Sequence[Value]) -> Array:
    """Side by side: along the second axis, for vectors along their only one."""
    vectors = all(isinstance(v, Array) and len(v.axes) == 1 for v in values)
    return concatenate(values, 0 if vectors else 1, "hstack")


def _blocks(ev: Evaluator, arguments: Arguments, scope: Scope) -> Value:
    listed = arguments[0] if len(arguments) == 1 else None
    if not isinstance(listed, s.ListLiteral):
        raise TypeMismatchError("`blocks` takes a list of rows", hint="write `blocks([[A, B], [C, D]])`")
    rows: list[Value] = []
    for row in listed.elements:
        if not isinstance(row, s.ListLiteral):
            raise TypeMismatchError("a row of `blocks` is a list", hint="write `blocks([[A, B], [C, D]])`")
        cells = [x for x in row.elements if not isinstance(x, s.ListLiteral)]
        if len(cells) != len(row.elements):
            raise TypeMismatchError("a list inside a row of `blocks`", hint="nest `blocks(...)` instead")
        rows.append(_hstack([_entry(ev, ev.value(x, scope), scope) for x in cells]))
    return concatenate(rows, 0, "blocks")


def _entry(ev: Evaluator, value: Value, scope: Scope) -> Value:
    """A number among blocks is a 1 × 1 matrix."""
    if isinstance(value, Array):
        return value
    one = ev.axis(s.Number(1), scope)
    return ar.build([one, one], lambda i, j: value)


# --- From values


def _diag(values: Sequence[Value]) -> Value:
    """A vector on the diagonal; of a square matrix, its diagonal."""
    (value,) = values
    if isinstance(value, Array) and not value.row and len(value.axes) == 1:
        return ar.build([value.axes[0], value.axes[0]], lambda i, j: value.data[i] if i == j else 0)
    square = _square(value, "diag")
    return Array((square.axes[0],), square.data[:: square.shape[1] + 1])


def _trace(values: Sequence[Value]) -> Value:
    square = _square(values[0], "tr")
    total: Number = 0
    for x in square.data[:: square.shape[1] + 1]:
        total = total + x
    return total


def _square(value: Value, word: str) -> Array:
    found = ar.require(value, 2, word)
    if found.shape[0] != found.shape[1]:
        raise ShapeError(f"`{word}` of {ar.shown(found)}", hint="it takes a square matrix")
    return found


def _vec(values: Sequence[Value]) -> Value:
    """The columns one behind the other: the column is the more significant part of the axis."""
    value = ar.require(values[0], 2, "vec")
    turned = ar.transpose(value)
    return Array((ax.product([value.axes[1], value.axes[0]]),), turned.data if isinstance(turned, Array) else ())


def _kron(values: Sequence[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = ar.kron(total, value)
    return total


def _hadamard(values: Sequence[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        if isinstance(total, Array) and isinstance(value, Array):
            total = ar.entrywise(lambda x, y: x * y, "∘", total, value)
        else:
            total = ar.times(total, value)
    return total


def _numbers(word: str, values: Sequence[Value]) -> list[Number]:
    found = [v for v in values if not isinstance(v, Array)]
    if len(found) != len(values):
        raise TypeMismatchError(f"`{word}` of an array", hint="it takes numbers")
    return found


def _first(values: Sequence[Value]) -> Value:
    return values[0]


_FROM_VALUES: Mapping[str, tuple[int, Callable[[Sequence[Value]], Value]]] = {
    "stack": (0, lambda values: concatenate(values, 0, "stack")),
    "hstack": (0, _hstack),
    "kron": (0, _kron),
    "hadamard": (0, _hadamard),
    "diag": (1, _diag),
    "vec": (1, _vec),
    "tr": (1, _trace),
    "inv": (1, _first),
    "sqrt": (1, lambda values: root(*_numbers("sqrt", values))),
    "rank": (1, lambda values: rank(ar.require(values[0], 2, "rank").rows())),
    "min": (0, lambda values: extreme("min", _numbers("min", values))),
    "max": (0, lambda values: extreme("max", _numbers("max", values))),
}
