"""Values for the names that a document declares: those given, and random ones that satisfy the hypotheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

from symbolic_mla.crosscheck.arrays import Array
from symbolic_mla.crosscheck.axes import Axis
from symbolic_mla.crosscheck.entries import entry, shaped, unshaped
from symbolic_mla.crosscheck.evaluate import Evaluator
from symbolic_mla.crosscheck.numbers import Number
from symbolic_mla.crosscheck.sampling import first, sample_group, singular
from symbolic_mla.crosscheck.scope import Binding, Definition, Delayed, Function, Known, Scope
from symbolic_mla.crosscheck.statements import fact
from symbolic_mla.errors import InputError, NameUnknownError, ShapeError, SymbolicMLAError
from symbolic_mla.language import syntax as s

_ATTEMPTS = 60
_SIGNS: Mapping[s.Relation | None, tuple[Fraction | int, ...]] = {
    None: (0, 1, -1, 2, Fraction(1, 2), -3),
    ">": (1, 2, 3, Fraction(1, 2)),
    ">=": (0, 1, 2, Fraction(1, 2)),
    "<": (-1, -2, Fraction(-1, 2)),
    "<=": (0, -1, -2),
    "!=": (1, -1, 2, -3, Fraction(1, 2)),
    "=": (0,),
}


class Building:
    """Fills the scope of an instance, item by item."""

    def __init__(
        self,
        items: Sequence[s.Item],
        scope: Scope,
        evaluator: Evaluator,
        rng: Random | None,
        tensors: Mapping[str, object],
        scalars: Mapping[str, Number],
    ) -> None:
        self.scope, self.evaluator, self.rng = scope, evaluator, rng
        self.tensors, self.scalars = tensors, scalars
        self.sources: dict[str, list[s.Obtain]] = {}
        for item in items:
            if isinstance(item, s.Obtain) and item.source.name == "svd" and len(item.names) == 3:
                matrix, *_ = item.source.arguments
                if isinstance(matrix, s.Name):
                    self.sources.setdefault(matrix.text, []).append(item)

    def declare(self, item: s.Item) -> None:
        """Take in one item. Raises: InputError, as `World.instance`."""
        scope = self.scope
        match item:
            case s.Scalars(symbols):
                for symbol in symbols:
                    self._scalar(symbol)
            case s.Given(groups):
                for part in groups:
                    self._given(part)
            case s.Functions(symbols):
                for function in symbols:
                    scope.names[function.name.text] = Function(tuple(p.text for p in function.positions))
            case s.Let(name, (), body):
                scope.names[name.text] = Delayed(body, scope)
            case s.Let(name, parameters, body):
                scope.names[name.text] = Definition(tuple(p.text for p in parameters), body, scope)
            case s.Obtain(names):
                for name in names:
                    if name.text in self.tensors:
                        scope.names[name.text] = Known(unshaped(self.tensors[name.text], name.text))

    def _scalar(self, symbol: s.ScalarSymbol) -> None:
        name = symbol.name.text
        if name in self.scalars:
            self.scope.names[name] = Known(entry(self.scalars[name], name))
        elif self.rng is not None:
            self.scope.names[name] = Known(self.rng.choice(_SIGNS[symbol.sign]))

    def _given(self, part: s.GivenGroup) -> None:
        scope, evaluator = self.scope, self.evaluator
        names = [name.text for name in part.group.names]
        try:
            axes = [evaluator.axis(size, scope) for size in part.group.sizes]
        except NameUnknownError:
            if self.tensors.keys() & set(names):
                raise
            return
        fixed: dict[str, Binding] = {
            name: Known(shaped(self.tensors[name], axes, name)) for name in names if name in self.tensors
        }
        scope.names.update(fixed)
        if self.rng is None or len(fixed) == len(names):
            return
        for attempt in range(_ATTEMPTS):
            try:
                sample = sample_group(part, axes, self.rng, attempt, self._array)
            except SymbolicMLAError:
                continue  # `inv` of a singular sample, for one
            scope.names.update({name: Known(value) for name, value in sample.items() if name not in fixed})
            for name in names:
                if name in self.sources and name not in fixed and len(axes) == 2:
                    scope.names.update({n: Known(v) for n, v in self._decomposed(name, axes, self.rng).items()})
            try:
                verdicts = [fact(evaluator, hypothesis, scope) for hypothesis in part.hypotheses]
            except SymbolicMLAError:
                continue
            if all(verdicts):
                return
        raise InputError(
            f"no random values of {', '.join(names)} satisfy their hypotheses", hint="give them as `tensors`"
        )

    def _decomposed(self, name: str, axes: Sequence[Axis], rng: Random) -> dict[str, Array]:
        """A matrix that is drawn, with all that is obtained from it."""
        whole, *triplets = singular(axes, rng)
        found = {name: whole}
        for item in self.sources[name]:
            sizes = [a for a in item.source.arguments[1:] if not isinstance(a, s.Text | s.ListLiteral)]
            few = [self.evaluator.axis(size, self.scope) for size in sizes]
            values = first(triplets, few[0]) if few else triplets
            found.update(zip((n.text for n in item.names), values, strict=True))
        return found

    def _array(self, expr: s.Expr) -> Array:
        value = self.evaluator.value(expr, self.scope)
        if not isinstance(value, Array):
            raise ShapeError("a number where a matrix is expected", hint="write `c I(m)`")
        return value
