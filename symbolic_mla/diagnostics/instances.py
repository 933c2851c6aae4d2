"""A counterexample in words: sizes, symbols, functions, and the values of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from symbolic_mla.derivation.results import StepResult
from symbolic_mla.kernel.scalar import Number
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.laws.existence import Exists

if TYPE_CHECKING:
    from symbolic_mla.instance.evaluate import Function, Instance
    from symbolic_mla.prover.refute import Counterexample


def counterexample_lines(step: StepResult, found: Counterexample) -> Iterator[str]:
    """Sizes, symbols, functions, and the values of both sides."""
    from symbolic_mla.instance.functions import stand_in

    kind = "smallest counterexample" if found.smallest else "counterexample"
    sizes = ", ".join(f"{k} = {v}" for k, v in found.sizes.items())
    yield f"{kind}{f' at {sizes}' if sizes else ''}:"
    for name, value in found.scalars.items():
        yield f"  {name} = {value}"
    for name, place in found.positions.items():
        yield f"  position {name} = {place}"
    for name, tensor in found.tensors.items():
        yield f"  {name} = {tensor!s}"
    for name, rows in found.functions.items():
        if not rows and step.statement is not None:  # beside softmax: a map that intervals can go through
            yield from (f"  {line}" for line in stand_in(name, step.statement, found.sizes))
        for (places, row), out in rows.items():
            at = f"[{', '.join(map(str, places))}]" if places else ""
            yield f"  {name}{at}({', '.join(map(str, row))}) = ({', '.join(map(str, out))})"
    if isinstance(step.statement, Exists):
        yield from (f"  {line}" for line in nowhere(step.statement, instance_of(found)))
    sides = values(step, found)
    if sides:
        yield f"  left side  = {sides[0]}"
        yield f"  right side = {sides[1]}"


def nowhere(s: Exists, at: Instance) -> Iterator[str]:
    """Values of what is quantified inside for which together no unknowns do: one line each, behind one that says so."""
    from symbolic_mla.instance.linear import excluding

    found = excluding(s, at)
    if found:
        names = " and ".join(a.name for a in s.unknowns)
        verb, these = "does" if len(s.unknowns) == 1 else "do", "this" if len(found) == 1 else "all of these"
        yield f"no {names} {verb} for {these}:"
        for chosen in found:
            yield "  " + ", ".join(f"{name} = {value!s}" for name, value in chosen.items())


def values(step: StepResult, found: Counterexample) -> tuple[str, str] | None:
    """The values of both sides at a counterexample, as text."""
    from symbolic_mla.instance.functions import NAMED

    at = instance_of(found)
    s = step.statement
    if any(f in NAMED for f in _functions(s)):
        return None
    if isinstance(s, Equation):
        return str(at.value(s.left)), str(at.value(s.right))
    if step.numbers is not None:
        return str(at.number(step.numbers[0])), str(at.number(step.numbers[1]))
    return None


def instance_of(found: Counterexample) -> Instance:
    """The instance that a counterexample describes."""
    from symbolic_mla.instance.evaluate import Instance

    def table(name: str) -> Function:
        rows = found.functions[name]
        return lambda places, row: rows[(places, tuple(row))]

    numbers: dict[str, Number] = {**found.sizes, **found.scalars}
    return Instance(numbers, dict(found.tensors), dict(found.positions), {f: table(f) for f in found.functions})


def _functions(s: Statement | None) -> set[str]:
    from symbolic_mla.algebra.occurring import terms_of
    from symbolic_mla.kernel.term import Apply

    return set() if s is None else {t.function for t in terms_of(s) if isinstance(t, Apply)}
