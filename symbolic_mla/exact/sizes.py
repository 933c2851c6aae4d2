"""Values for the dimensions, scalars and named positions of terms, checked before anything is multiplied out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import prod
from operator import index as as_int

import sympy

from symbolic_mla.algebra.occurring import subterms, variables
from symbolic_mla.errors import InputError
from symbolic_mla.exact.monomials import Coefficient
from symbolic_mla.kernel.axis import Axis, Run
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Pick, Term


def positions_of(terms: Sequence[Term]) -> dict[str, list[Axis]]:
    """The named positions that occur, and the axes that each runs over."""
    found: dict[str, list[Axis]] = {}
    for t in subterms(*terms):
        if isinstance(t, Pick):
            found.setdefault(t.index, []).append(t.term.axes[t.axis])
    return found


def checked_values(
    terms: Sequence[Term], values: Mapping[str, object], also: Iterable[Var] = ()
) -> dict[str, Coefficient]:
    """The values by name, checked: every dimension of the terms has a size, scalars may have rational values.

    `also`: the dimensions and scalars of numbers that are outside the terms.

    Raises: InputError for a size that is missing, unknown, no positive integer or below its lower bound, and
    for a scalar of another sign than it was declared with.
    """
    used = sorted(variables(*terms).union(also), key=lambda v: (v.name, v.sign, v.low))
    names, places = [v.name for v in used], positions_of(terms)
    twice = next((n for n in names if names.count(n) > 1 or n in places), None)
    if twice is not None:
        raise InputError(f"the name {twice} has two meanings", hint="rename one of them")
    unknown = sorted(set(values) - set(names) - set(places))
    sizes = [v.name for v in used if v.sign == "dimension"]
    if unknown:
        raise InputError(
            f"a value for {', '.join(unknown)}, which does not occur", hint=_accepted(sizes, names, places)
        )
    missing = [name for name in sizes if name not in values]
    if missing:
        raise InputError(f"no size for {', '.join(missing)}", hint=_accepted(sizes, names, places))
    checked: dict[str, Coefficient] = {v.name: _checked(v, values[v.name]) for v in used if v.name in values}
    return checked | {name: whole(name, values[name], 0) for name in places if name in values}


def _accepted(sizes: Sequence[str], names: Sequence[str], places: Mapping[str, object]) -> str:
    scalars = [name for name in names if name not in sizes]
    words = [("sizes", sizes), ("scalars", scalars), ("positions", sorted(places))]
    return "; ".join(f"{kind}: {', '.join(list_)}" for kind, list_ in words if list_) or "it takes no sizes"


def whole(name: str, value: object, low: int) -> int:
    """The value as an integer >= low. Raises: InputError."""
    try:
        found = None if isinstance(value, bool) else as_int(value)  # type: ignore[arg-type]
    except TypeError:
        found = None
    if found is None:
        raise InputError(f"{name} = {value!r}; an integer >= {low} was expected", hint=f"{name}={max(low, 2)}")
    if found < low:
        raise InputError(f"{name} = {found}; at least {low} was expected", hint=f"{name}={max(low, 2)}")
    return found


def _checked(variable: Var, value: object) -> Coefficient:
    if variable.sign == "dimension":
        return whole(variable.name, value, variable.low)
    if isinstance(value, sympy.Rational):
        value = Fraction(int(value.p), int(value.q))
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise InputError(f"{variable.name} = {value!r}; a rational number was expected", hint="Fraction(1, 2)")
    if (variable.sign == "positive" and value <= 0) or (variable.sign == "nonnegative" and value < 0):
        raise InputError(f"{variable.name} = {value}, and it is declared {variable.sign}")
    return value


def fitting(
    terms: Sequence[Term], values: Mapping[str, object], dims: Mapping[str, Axis], also: Iterable[Var] = ()
) -> dict[str, object]:
    """The values that these terms need, out of values for the dimensions of a document.

    `dims`: the axis of every dimension of the document, a defined one (H = n*G) by its definition. A value of a
    dimension that the terms do not mention is checked and left out.

    Raises: InputError for a value that breaks a definition, or that has no name.

    >>> n, G = (Axis.of(Var(x)) for x in "nG")
    >>> fitting([], {"n": 2, "G": 2, "H": 5}, {"n": n, "G": G, "H": n * G})
    Traceback (most recent call last):
    symbolic_mla.errors.InputError: H = 5, and H is defined as n*G, which is 4 here
      try: H=4, or leave H out
    """
    used = {v.name for v in variables(*terms).union(also)} | set(positions_of(terms))
    unknown = sorted(set(values) - used - set(dims))
    if unknown:
        declared = sorted({*dims, *used})
        raise InputError(f"a value for {', '.join(unknown)}, which is not declared", hint=", ".join(declared) or None)
    for name in sorted(set(values) & set(dims) - used):
        _consistent(name, values, dims[name])
    return {name: value for name, value in values.items() if name in used}


def _consistent(name: str, values: Mapping[str, object], axis: Axis) -> None:
    own = {v.name: v for run in _runs(axis) for v in run.heads}
    missing = sorted(set(own) - set(values))
    if missing:
        raise InputError(f"no size for {', '.join(missing)}, of which {name} = {axis} is made", hint=f"{missing[0]}=2")
    numbers = {n: whole(n, values[n], v.low) for n, v in own.items()}
    expected, met = size_of(axis, numbers), whole(name, values[name], 1)
    if met != expected:
        raise InputError(
            f"{name} = {met}, and {name} is defined as {axis}, which is {expected} here",
            hint=f"{name}={expected}, or leave {name} out",
        )


def _runs(axis: Axis) -> list[Run]:
    return [inner for run in axis.runs for inner in (run, *(_runs(run.tail) if run.tail else ()))]


def size_of(axis: Axis, sizes: Mapping[str, Coefficient]) -> int:
    """The number of indices of an axis at these sizes.

    >>> n, G = (Axis.of(Var(x)) for x in "nG")
    >>> size_of(n * (G + Axis.of(1)), {"n": 2, "G": 3})
    8
    """
    return sum(
        count * prod(int(sizes[h.name]) for h in heads) * (size_of(tail, sizes) if tail else 1)
        for count, heads, tail in axis.runs
    )
