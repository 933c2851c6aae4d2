"""Values for the dimensions, scalars and named positions of terms, checked before anything is multiplied out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import index as as_int

import sympy

from symbolic_mla.errors import InputError
from symbolic_mla.exact.monomials import Coefficient
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Pick, Term, subterms, variables


def positions_of(terms: Sequence[Term]) -> dict[str, list[Axis]]:
    """The named positions that occur, and the axes that each runs over."""
    found: dict[str, list[Axis]] = {}
    for t in subterms(*terms):
        if isinstance(t, Pick):
            found.setdefault(t.index, []).append(t.term.axes[t.axis])
    return found


def checked_values(terms: Sequence[Term], values: Mapping[str, object]) -> dict[str, Coefficient]:
    """The values by name, checked: every dimension of the terms has a size, scalars may have rational values.

    Raises: InputError for a size that is missing, unknown, no positive integer or below its lower bound, and
    for a scalar of another sign than it was declared with.
    """
    used = sorted(variables(*terms), key=lambda v: (v.name, v.sign, v.low))
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
