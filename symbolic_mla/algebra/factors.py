"""Division of structured axes: which axes multiply, in order, to a given one.

A product of axes distributes from the left, so a right factor has to divide every run of a sum:
G*(n + 1 + 1)*d is G*(n*d + d + d), and d is found again by dividing n*d + d + d run by run. Every answer is
checked by multiplying back, so a slip here can lose a reading and never invent one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic_mla.errors import BudgetError
from symbolic_mla.kernel.axis import UNIT, Axis, Run
from symbolic_mla.kernel.scalar import Var


def left_quotient(whole: Axis, left: Axis) -> Axis | None:
    """The axis y with left*y = whole, or None.

    >>> n, G, d = (Axis.of(Var(x)) for x in ("n", "G", "d"))
    >>> left_quotient(G * (n + UNIT + UNIT) * d, G)
    n*d + 2*d
    >>> left_quotient(n * d, d) is None
    True
    """
    if left == UNIT:
        return whole
    return next((y for y in _left_candidates(whole, left) if _is_product(whole, left, y)), None)


def right_quotient(whole: Axis, right: Axis) -> Axis | None:
    """The axis x with x*right = whole, or None.

    >>> n, G, d = (Axis.of(Var(x)) for x in ("n", "G", "d"))
    >>> right_quotient(G * (n + UNIT + UNIT) * d, d)
    G*(n + 2)
    """
    if right == UNIT:
        return whole
    x = _divide_runs(whole.runs, right)
    return x if x is not None and _is_product(whole, x, right) else None


def splits(whole: Axis) -> list[tuple[Axis, Axis]]:
    """Every way to write an axis as x*y with neither of size 1, without factoring a literal.

    >>> n, G, d = (Axis.of(Var(x)) for x in ("n", "G", "d"))
    >>> splits(n * G * d)
    [(n, G*d), (n*G, d)]
    >>> splits(Axis.of(32)), splits(Axis.of(2) * d)
    ([], [(2, d)])
    """
    found = {}
    for y in _right_factors(whole):
        x = right_quotient(whole, y)
        if x is not None and UNIT not in (x, y):
            found[x, y] = str(x)
    return sorted(found, key=lambda pair: (len(found[pair]), found[pair]))


def _is_product(whole: Axis, x: Axis, y: Axis) -> bool:
    try:
        return x * y == whole
    except BudgetError:  # more summands than an axis may have, so more than the whole has
        return False


def _single(heads: Sequence[Var], tail: Axis | None) -> Axis:
    """heads*tail."""
    out = tail or UNIT
    for h in reversed(heads):
        out = Axis.of(h) * out
    return out


def _left_candidates(whole: Axis, left: Axis) -> Iterator[Axis]:
    headed = next((run for run in left.runs if run.heads), None)
    if headed is None:
        yield from _shares(whole, left.runs[0].count)
        return
    for run in whole.runs:
        if run.heads[: len(headed.heads)] == headed.heads:
            inner = _single(run.heads[len(headed.heads) :], run.tail)
            y = left_quotient(inner, headed.tail) if headed.tail else inner
            if y is not None:
                yield y


def _shares(whole: Axis, copies: int) -> Iterator[Axis]:
    """Candidates for y with copies*y = whole."""
    runs = whole.runs
    if len(runs) == 1:
        if runs[0].count % copies == 0:
            yield Axis((runs[0]._replace(count=runs[0].count // copies),))
        return
    if len(runs) % copies == 0:
        yield Axis(runs[: len(runs) // copies])
    if (len(runs) - 1) % copies == 0:  # the last run of each copy has merged with the first of the next
        m = (len(runs) - 1) // copies
        if runs[m][1:] == runs[-1][1:]:
            yield Axis((*runs[:m], runs[-1]))


def _divide_runs(runs: tuple[Run, ...], right: Axis) -> Axis | None:
    """x with x*right the sum of these runs: each run is a headed run of x, or starts a copy of `right`."""
    if not runs:
        return None
    (count, heads, tail), rest = runs[0], runs[1:]
    for i in range(len(heads), 0, -1):
        inner = right_quotient(_single(heads[i:], tail), right)
        if inner is not None:
            return _then(Axis.of(count) * _single(heads[:i], inner), rest, right)
    if len(right.runs) == 1:
        one = right.runs[0]
        if one[1:] == (heads, tail) and count % one.count == 0:
            return _then(Axis.of(count // one.count), rest, right)
        return None
    *first, last = right.runs
    m = len(first)
    if list(runs[:m]) != first or len(runs) == m or runs[m][1:] != last[1:] or runs[m].count < last.count:
        return None
    over = runs[m].count - last.count
    return _then(UNIT, ((runs[m]._replace(count=over),) if over else ()) + runs[m + 1 :], right)


def _then(x: Axis, rest: tuple[Run, ...], right: Axis) -> Axis | None:
    if not rest:
        return x
    more = _divide_runs(rest, right)
    return None if more is None else x + more


def _right_factors(whole: Axis) -> set[Axis]:
    """Candidates for y with x*y = whole: the right ends of runs, and equal shares of a sum."""
    out = {whole}
    for count, heads, tail in whole.runs:
        if count > 1 and heads:
            out.add(_single(heads, tail))
        out |= {_single(heads[i:], tail) for i in range(1, len(heads))}
        if tail:
            out |= _right_factors(tail)
    if len(whole.runs) > 1:
        for copies in range(2, len(whole.runs) + 1):
            out |= set(_shares(whole, copies))
    return out
