"""A judged document at given sizes: its dimensions, shapes, ranks and numbers as integers.

A rank is not a number of the shapes: what is said of it is a bound that the prover derives. Sizes that break what
the document assumes are an error, since what it says is then not about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from symbolic_mla.derivation.check import related
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, StepResult
from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.instance.numbers import substitute
from symbolic_mla.instance.values import plain
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.environment import Hypothesis
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import Extreme
from symbolic_mla.laws.rank import Rank

MAX_DEPTH = 4  # bounds of ranks by ranks by ranks


@dataclass(frozen=True)
class Between:
    """A number that is known up to bounds; `high` is None where nothing bounds it from above."""

    low: Fraction
    high: Fraction | None

    def __str__(self) -> str:
        if self.high is None:
            return f"at least {_text(self.low)}"
        if self.low == self.high:
            return _text(self.low)
        return f"at most {_text(self.high)}" if not self.low else f"{_text(self.low)} to {_text(self.high)}"


def _text(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else str(value)


@dataclass
class Sizes:
    """Sizes of a document: `values` for its dimensions, `whose` in words, `facts` what it assumes and has proved."""

    values: dict[str, int]
    whose: str
    facts: tuple[Statement, ...] = ()
    _bounds: dict[Term, Between] = field(default_factory=dict)

    def axis(self, axis: Axis) -> int | None:
        """The number of indices of an axis; None where a size of it is not given."""
        found = self.number(axis.size())
        return int(found.low) if found is not None and found.low == found.high else None

    def number(self, value: Number, depth: int = 0) -> Between | None:
        """A number of a statement; None where it speaks of what has no value here."""
        total = Between(Fraction(0), Fraction(0))
        for monomial, c in scalar(value).terms.items():
            part = Between(Fraction(1), Fraction(1))
            for g, e in monomial:
                found = self._generator(g, depth)
                if found is None or found.low < 0 or (e < 0 and (found.low != found.high or not found.low)):
                    return None
                for _ in range(abs(e)):
                    part = _times(part, found) if e > 0 else _times(part, Between(1 / found.low, 1 / found.low))
            total = _plus(total, part, c)
            if total.high is None and c < 0:
                return None
        return total

    def _generator(self, g: Generator, depth: int) -> Between | None:
        if isinstance(g, Var):
            value = self.values.get(g.name) if g.sign == "dimension" else None
            return None if value is None else Between(Fraction(value), Fraction(value))
        if isinstance(g, Rank):
            return self.rank(g.term, depth)
        if isinstance(g, Extreme):
            parts = [self.number(x, depth) for x in g.of]
            if any(p is None for p in parts):
                return None
            pick = min if g.kind == "min" else max
            highs = [p.high for p in parts if p is not None and p.high is not None]
            high = pick(highs) if highs and (g.kind == "min" or len(highs) == len(parts)) else None
            return Between(pick(p.low for p in parts if p is not None), high)
        if isinstance(g, Root):
            inside = self.number(g.radicand, depth)
            return _root(inside)
        return None

    def rank(self, term: Term, depth: int = 0) -> Between | None:
        """The bounds of a rank: its sizes, the cuts of its network, what the prover says of it as it is written."""
        if depth > MAX_DEPTH:
            return None
        if term not in self._bounds:
            found = self._rank(term, depth)
            if found is None:
                return None
            self._bounds[term] = found
        return self._bounds[term]

    def _rank(self, term: Term, depth: int) -> Between | None:
        from symbolic_mla.prover.ranks import known, upper_bounds

        sides = [self.axis(a) for a in term.axes]
        if any(s is None for s in sides):
            return None
        low, high = Fraction(0), Fraction(min(s for s in sides if s is not None))
        own = scalar(Rank(term))
        facts = list(self.facts)
        with suppress(SymbolicMLAError):
            facts += [t.conclusion for t in (*known(term, ()), *upper_bounds(term))]
        for s in facts:
            if not isinstance(s, Compare):
                continue
            if scalar(s.left) == own:
                other = self.number(s.right, depth + 1)
            elif scalar(s.right) == own and s.relation == "=":
                other = self.number(s.left, depth + 1)
            else:
                continue
            if other is not None and other.high is not None:
                high = min(high, other.high)
            if other is not None and s.relation == "=":
                low = max(low, other.low)
        return Between(low, high) if low <= high else None


def _times(a: Between, b: Between) -> Between:
    """The product of two numbers that are not negative."""
    return Between(a.low * b.low, None if a.high is None or b.high is None else a.high * b.high)


def _plus(a: Between, b: Between, c: Fraction) -> Between:
    """a + c b."""
    if c < 0:
        if b.high is None:
            return Between(a.low, None)
        return Between(a.low + c * b.high, None if a.high is None else a.high + c * b.low)
    return Between(a.low + c * b.low, None if a.high is None or b.high is None else a.high + c * b.high)


def _root(inside: Between | None) -> Between | None:
    """An exact root of a square; None for what is irrational."""
    if inside is None or inside.low != inside.high or inside.low < 0:
        return None
    found = [round(part**0.5) for part in (inside.low.numerator, inside.low.denominator)]
    root = Fraction(found[0], found[1])
    return Between(root, root) if root * root == inside.low else None


# ---- sizes for a document --------------------------------------------------------------------------------


def sizes_for(
    result: DocumentResult, given: Mapping[str, int], model: Mapping[str, int], whose: str, only: str | None = None
) -> Sizes:
    """The sizes of a document's dimensions: those that are given, those of a model, and what follows from both.

    A defined dimension that is given solves its definition for what is not: H=32, G=8 gives n = 4 in `dim H = n*G`.
    Raises: InputError for a size that the document has no name for, and for sizes that break what it declares, or
    what it assumes of the symbols of the claim `only`.
    """
    scope = result.scope
    for name in given:
        if name not in scope.dims:
            names = ", ".join(scope.dims) or "none"
            raise InputError(f"{result.path}: no dimension `{name}`", hint=f"the dimensions are {names}")
    told = {name: value for name, value in model.items() if name in scope.dims} | dict(given)
    defined = scope.environment.defined
    values = {name: value for name, value in told.items() if name not in defined}
    _solve(values, {name: axis for name, axis in defined.items() if name in told}, told)
    facts = [h.statement for h in result.hypotheses]
    facts += [t.conclusion for c in result.claims for t in c.theorems]
    sizes = Sizes(values, whose, tuple(facts))
    for name, axis in defined.items():
        found = sizes.axis(axis)
        if found is None:
            continue
        if name in told and told[name] != found and (name in given or not given):
            parts = ", ".join(f"{n} = {values[n]}" for n in _names(axis) if n in values)
            raise InputError(
                f"{result.path}: {whose} has {name} = {told[name]}, and here {name} = {axis} is {found} ({parts})",
                hint=f"what this document says is not about such sizes; declare {name} by itself with `dims {name}`",
            )
        values[name] = found
    _hold(result, Sizes(values, whose), only)  # what it assumes is not a reason to believe it here
    return sizes


def _names(axis: Axis) -> list[str]:
    return sorted(g.name for g in axis.size().generators() if isinstance(g, Var))


def _solve(values: dict[str, int], defined: Mapping[str, Axis], told: Mapping[str, int]) -> None:
    """Fill in a size that a definition determines, as long as there is one."""
    grown = True
    while grown:
        grown = False
        for name, axis in defined.items():
            missing = [n for n in _names(axis) if n not in values]
            if len(missing) != 1:
                continue
            (unknown,) = missing
            found = _root_of(axis.size(), unknown, values, told[name])
            if found is None:
                where = ", ".join(f"{n} = {v}" for n, v in values.items() if n in _names(axis))
                raise InputError(
                    f"no whole {unknown} has {name} = {axis} = {told[name]}" + (f" at {where}" if where else ""),
                    hint=f"give {unknown} itself",
                )
            values[unknown] = found
            grown = True


def _root_of(size: Scalar, unknown: str, values: Mapping[str, int], total: int) -> int | None:
    """The positive integer at which a size that grows with the unknown is `total`."""

    def at(x: int) -> Number:
        return plain(substitute(size, lambda g: {**values, unknown: x}[g.name] if isinstance(g, Var) else None))

    low, high = 1, total
    while low < high:
        middle = (low + high) // 2
        if isinstance(v := at(middle), int) and v < total:
            low = middle + 1
        else:
            high = middle
    return low if at(low) == total else None


def _assumed(result: DocumentResult, only: str | None) -> Sequence[Hypothesis]:
    """The hypotheses of a document, or those that a claim is about."""
    if only is None:
        return result.hypotheses
    stated = [h.statement for h in result.hypotheses]
    steps = [s.statement for c in result.claims if c.id == only for s in c.steps if s.statement is not None]
    spoken = [h for s in steps for h in related(s, stated)]
    return [h for h in result.hypotheses if h.statement in spoken]


def _hold(result: DocumentResult, sizes: Sizes, only: str | None) -> None:
    """Raise InputError where the sizes break what the document declares or assumes."""

    def breaks(text: str, line: int, how: str) -> InputError:
        return InputError(
            f"{result.path}: the sizes of {sizes.whose} break `{text}` on line {line}: {how}",
            hint="what is said under it is not about such sizes; --claim ID shows a claim that is",
        )

    env = result.scope.environment
    for name, axis in env.dims.items():
        for g in axis.size().generators():
            if isinstance(g, Var) and g.name == name and name in sizes.values and sizes.values[name] < g.low:
                line = env.places[name].line if name in env.places else 0
                raise breaks(f"dims {name} >= {g.low}", line, f"{name} = {sizes.values[name]}")
    for h in _assumed(result, only):
        s = h.statement
        if not isinstance(s, Compare):
            continue
        left, right = sizes.number(s.left), sizes.number(s.right)
        if left is None or right is None:
            continue
        impossible = right.high is not None and left.low > right.high
        unequal = s.relation == "=" and left.high is not None and left.high < right.low
        if impossible or unequal:
            raise breaks(h.text, h.span.line, f"{left} against {right}")
    for k, m in result.scope.divisibility:
        one, other = sizes.number(k), sizes.number(m)
        if one is not None and other is not None and other.low % one.low:
            raise breaks(f"{k} divides {m}", 0, f"{one} does not divide {other}")


# ---- a claim in numbers ----------------------------------------------------------------------------------


def document_lines(result: DocumentResult, sizes: Sizes, only: str | None = None) -> Iterator[str]:
    """What a person reads: the sizes, the shapes of the symbols, the numbers that are defined, each claim."""
    known = {name: sizes.values[name] for name in result.scope.dims if name in sizes.values}
    shown = ", ".join(f"{name} = {value}" for name, value in known.items()) or "no dimension of this document"
    missing = ", ".join(name for name in result.scope.dims if name not in known)
    yield f"  in numbers, at {sizes.whose}: {shown}" + (f"; not given: {missing}" if missing else "")
    for name, symbol in result.scope.symbols.items():
        axes = [sizes.axis(a) for a in symbol.axes]
        if axes and all(a is not None for a in axes):
            shape = " × ".join(map(str, symbol.axes))
            yield f"    {name} : {shape} = {' × '.join(f'{a:,}' for a in axes)}"
    for name, definition in result.scope.lets.items():
        value = sizes.number(definition.value) if isinstance(definition.value, (int, Fraction, Scalar)) else None
        if value is not None:
            yield f"    {name} = {value}"
    for claim in result.claims:
        if only in (None, claim.id):
            yield from _claim(claim, sizes)


def _claim(claim: ClaimResult, sizes: Sizes) -> Iterator[str]:
    lines = [(step, text) for step in claim.steps if (text := step_in_numbers(step, sizes)) is not None]
    if lines:
        yield f"    {claim.id} ({claim.verdict})"
    for step, text in lines:
        written = f"{step.left} {step.relation} {step.right}".strip()
        yield f"      line {step.span.line}: {written}: {text}"


def step_in_numbers(step: StepResult, sizes: Sizes) -> str | None:
    """Both numbers of a comparison, the shape of an equation's sides, the sizes of what is sought; None: unknown."""
    return None if step.statement is None else _statement(step.statement, step.relation, sizes)


def _statement(s: Statement, relation: str, sizes: Sizes) -> str | None:
    if isinstance(s, Compare):
        left, right = sizes.number(s.left), sizes.number(s.right)
        if left is None or right is None:
            return None
        if relation in ("<", ">"):  # a < b is a + 1 <= b for the kernel
            left = _plus(left, Between(Fraction(1), Fraction(1)), Fraction(-1))
        if relation in (">", ">="):
            left, right = right, left
        return f"{left} {relation or s.relation} {right}"
    if isinstance(s, Equation):
        shape = _shape(s.left, sizes)
        return f"{shape} on both sides" if shape else None
    if isinstance(s, Exists):
        found = [(a.name, _shape(a, sizes)) for a in s.unknowns]
        return ", ".join(f"{n} : {shape}" for n, shape in found) if all(shape for _, shape in found) else None
    return None


def _shape(term: Term, sizes: Sizes) -> str | None:
    axes = [sizes.axis(a) for a in term.axes]
    if any(a is None for a in axes):
        return None
    return " × ".join(f"{a:,}" for a in axes) if axes else "a number"
