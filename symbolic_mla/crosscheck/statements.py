"""Facts, chains and existence at an instance: True, False, or None where it is not settled there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from symbolic_mla.crosscheck import arrays as ar
from symbolic_mla.crosscheck import axes as ax
from symbolic_mla.crosscheck.arrays import Array, Value
from symbolic_mla.crosscheck.calls import concatenate
from symbolic_mla.crosscheck.eliminate import rank
from symbolic_mla.crosscheck.evaluate import Evaluator
from symbolic_mla.crosscheck.numbers import Number, compare
from symbolic_mla.crosscheck.scope import Delayed, Known, Scope, names_in
from symbolic_mla.errors import ShapeError, TypeMismatchError
from symbolic_mla.language import syntax as s

Sampler: TypeAlias = Callable[[s.Group, Scope], dict[str, Array]]
"""Values for the names of a group: for `for all`."""


def both(left: bool | None, right: bool | None) -> bool | None:
    """And, of three values."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def holds(left: Value, relation: s.Relation, right: Value) -> bool | None:
    """Whether a relation holds between two values.

    Raises: ShapeError for shapes that differ; TypeMismatchError for an order of arrays.
    """
    if relation == "=":
        return ar.equal(left, right)
    if isinstance(left, Array) or isinstance(right, Array):
        raise TypeMismatchError(f"`{relation}` of arrays", hint="`<=` is for numbers; take `rank` or `tr`")
    return compare(left, relation, right)


def chain_steps(ev: Evaluator, chain: s.Chain, scope: Scope) -> list[Callable[[], bool | None]]:
    """One verdict for each step, when it is asked for. A side is evaluated once, an error belongs to its step."""
    sides = [Delayed(side, scope) for side in (chain.first, *(step.right for step in chain.steps))]

    def side(k: int) -> Value:
        delayed = sides[k]
        if delayed.value is None:
            delayed.value = ev.value(delayed.body, scope)
        return delayed.value

    def verdict(k: int, relation: s.Relation) -> bool | None:
        return holds(side(k), relation, side(k + 1))

    return [lambda k=k, r=step.relation: verdict(k, r) for k, step in enumerate(chain.steps)]  # type: ignore[misc]


def chain(ev: Evaluator, statement: s.Chain, scope: Scope) -> bool | None:
    """Whether all steps of a chain hold."""
    known: bool | None = True
    for step in chain_steps(ev, statement, scope):
        known = both(known, step())
    return known


def fact(ev: Evaluator, statement: s.Fact, scope: Scope) -> bool | None:
    """Whether a hypothesis or an assumption holds."""
    match statement:
        case s.Chain():
            return chain(ev, statement, scope)
        case s.Exists():
            return None  # what holds for all values is not settled at an instance
        case s.Divides(divisor, dividend):
            return ev.integer(dividend, scope) % ev.integer(divisor, scope) == 0
        case s.Property(subject, "even" | "odd" as word):
            return ev.integer(subject, scope) % 2 == (word == "odd")
        case s.Property(subject, word):
            value = ar.require(ev.value(subject, scope), 2, word)
            if value.shape[0] != value.shape[1]:
                raise ShapeError(f"{ar.shown(value)} is {word}", hint="only a square matrix is")
            if word == "symmetric":
                return ar.equal(value, ar.transpose(value))
            return compare(rank(value.rows()), "=", value.shape[0])


def decomposes(ev: Evaluator, item: s.Obtain, scope: Scope) -> bool | None:
    """Whether the values obtained from `svd(W)` are one: W = U S Vᵀ, UᵀU = I = VᵀV, S diagonal and ≥ 0.

    Of the first triplets, `svd(W, r)`, only that they are some: Uᵀ W = S Vᵀ, W V = U S, and S is diagonal and ≥ 0.
    None for another source, and where it is left open whether triplets are the first. Raises: NameUnknownError when a
    value is missing.
    """
    if item.source.name != "svd" or len(item.names) != 3:
        return None
    if len(item.source.arguments) == 2:
        return _triplets(ev, item, scope)
    (source,) = ev.expressions("svd", item.source.arguments)
    whole, u, values, v = (ar.require(ev.value(x, scope), 2, "svd") for x in (source, *item.names))
    known = ar.equal(whole, ar.times(ar.times(u, values), ar.transpose(v)))
    for factor in (u, v):
        unit = ar.build([factor.axes[1]] * 2, lambda i, j: int(i == j))
        known = both(known, ar.equal(ar.times(ar.transpose(factor), factor), unit))
    width = values.shape[1]
    for at, x in enumerate(values.data):
        known = both(known, compare(x, ">=" if at // width == at % width else "=", 0))
    return known


def _triplets(ev: Evaluator, item: s.Obtain, scope: Scope) -> bool | None:
    source = ev.expressions("svd", item.source.arguments, 2)[0]
    whole, u, values, v = (ar.require(ev.value(x, scope), 2, "svd") for x in (source, *item.names))
    known = ar.equal(ar.times(ar.transpose(u), whole), ar.times(values, ar.transpose(v)))
    known = both(known, ar.equal(ar.times(whole, v), ar.times(u, values)))
    width = values.shape[1]
    for at, x in enumerate(values.data):
        known = both(known, compare(x, "=" if at // width != at % width else ">=", 0))
    return False if known is False else None


def exists(
    ev: Evaluator, statement: s.Exists, take: Sequence[s.Witness], scope: Scope, sample: Sampler
) -> bool | None:
    """With `take`: whether these witnesses do, for the sampled values of `for all`. Without: by rank.

    False with `take` speaks of the witnesses and not of the claim. Raises: ShapeError for a witness whose shape
    is not the declared one; TypeMismatchError for a witness that is missing.
    """
    unknown = [(name.text, group) for group in statement.groups for name in group.names]
    if not take:
        return None if statement.forall else _by_rank(ev, statement, dict(unknown), scope)
    given = {witness.name.text: witness.value for witness in take}
    if given.keys() != dict(unknown).keys():
        raise TypeMismatchError("`take` names other witnesses than `exists`", hint="give each of them once")
    inner = scope.inside({})
    for name, group in unknown:
        value = ev.value(given[name], scope)
        shape = tuple(ax.size(ev.axis(size, scope)) for size in group.sizes)
        if not isinstance(value, Array) or value.shape != shape:
            raise ShapeError(f"the witness `{name}` is {ar.shown(value)}", hint=f"its shape is {shape}")
        inner.names[name] = Known(value)
    for group in statement.forall:
        inner.names.update({name: Known(value) for name, value in sample(group, inner).items()})
    known: bool | None = True
    for equation in statement.equations:
        known = both(known, chain(ev, equation, inner))
    return known


def _by_rank(ev: Evaluator, statement: s.Exists, unknown: dict[str, s.Group], scope: Scope) -> bool | None:
    """A_i = U_i V with one V for all (or A_i = U V_i) is solvable iff the rank of the stacked A_i is at most the
    inner size. Equations that share no unknown are independent. None for any other form."""
    found: list[tuple[s.Expr, str, str]] = []
    for equation in statement.equations:
        parts = _factors(equation, unknown)
        if parts is None:
            return None
        found.append(parts)
    lefts, rights = [p[1] for p in found], [p[2] for p in found]
    if set(lefts) & set(rights) or {*lefts, *rights} != unknown.keys():
        return None
    known: bool | None = True
    for shared, place, names in ((rights, 0, lefts), (lefts, 1, rights)):
        for name in dict.fromkeys(shared):
            members = [k for k, other in enumerate(shared) if other == name]
            alone = all(names.count(names[k]) == 1 for k in members)
            if not alone and len(members) > 1:
                return None
            if not alone or (place == 1 and len(members) == 1):
                continue  # these equations belong to a group that the other side shares
            known = both(known, _solvable(ev, [found[k] for k in members], place, unknown, scope))
    return known


def _factors(equation: s.Chain, unknown: dict[str, s.Group]) -> tuple[s.Expr, str, str] | None:
    """(A, U, V) of `A = U V` or `U V = A`, if that is the form."""
    if len(equation.steps) != 1 or equation.steps[0].relation != "=":
        return None
    for product, other in (
        (equation.steps[0].right, equation.first),
        (equation.first, equation.steps[0].right),
    ):
        match product:
            case s.Product("" | "*" | "@", s.Name(left), s.Name(right)):
                if left != right and {left, right} <= unknown.keys() and not names_in(other) & unknown.keys():
                    return other, left, right
    return None


def _solvable(
    ev: Evaluator, parts: Sequence[tuple[s.Expr, str, str]], place: int, unknown: dict[str, s.Group], scope: Scope
) -> bool | None:
    inner: set[int] = set()
    values: list[Value] = []
    for target, left, right in parts:
        value = ar.require(ev.value(target, scope), 2, "=")
        shapes = [[ax.size(ev.axis(size, scope)) for size in unknown[name].sizes] for name in (left, right)]
        if [len(shape) for shape in shapes] != [2, 2]:
            return None
        (height, m), (k, width) = shapes
        if (height, width) != value.shape or m != k:
            raise ShapeError(f"{height} × {m} times {k} × {width} for {ar.shown(value)}", hint="make sizes agree")
        inner.add(m)
        values.append(value)
    total: Number = rank(concatenate(values, place, "stack").rows())
    return compare(total, "<=", min(inner))
