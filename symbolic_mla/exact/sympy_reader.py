"""Reading a SymPy expression: each node by the function for its kind, with errors that say where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

import sympy
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla import algebra as al
from symbolic_mla.errors import AxisOrderError, BudgetError, ShapeError, UnsupportedError
from symbolic_mla.exact.sympy_sizes import Names
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.statement import Equation
from symbolic_mla.kernel.term import Term

Handler: TypeAlias = "Callable[[Reader, Any], Term]"

ARRAYS = (arrays._ArrayExpr, arrays._CodegenArrayAbstract)  # SymPy has no public name for these bases

_ORDERS = "SymPy sorts the factors of a size: say their order, orders={n*G*d: (n, G, d)}"
_NEAREST = {
    "Adjoint": "matrices are real here: Transpose",
    "ElementwiseApplyFunction": "a function of the last axis is written in the derivation language: f(A)",
    "MatrixElement": "entries are those of a whole matrix; MatrixSlice takes a block",
}


@dataclass
class Reader:
    """The names met so far, the hypotheses that inverses rest on, and a function for each kind of node."""

    names: Names
    handlers: Mapping[type, Handler]
    hypotheses: dict[Equation, None] = field(default_factory=dict)

    def read(self, expression: Any) -> Term:
        """The term of an expression. Raises: BudgetError for one that is nested too deeply."""
        try:
            return self.term(sympy.sympify(expression))
        except RecursionError:
            raise BudgetError("the expression is nested too deeply", hint="name parts of it by symbols") from None

    def term(self, e: Any) -> Term:
        """The term of a node. Raises: as `bridge.from_sympy`."""
        handler = next((self.handlers[kind] for kind in type(e).__mro__ if kind in self.handlers), None)
        if handler is not None:
            return placed(lambda: handler(self, e), e)  # type: ignore[no-any-return]
        if isinstance(e, (sympy.MatrixExpr, *ARRAYS)):
            raise refused(e)
        return self._scalar(e)

    def axis(self, size: Any) -> Axis:
        return self.names.axis(size)

    # ---- numbers ---------------------------------------------------------------------------------------

    def _scalar(self, e: Any) -> Term:
        number = self.names.number(e)
        if number is not None:
            return al.constant(number)
        if isinstance(e, sympy.Add):
            return al.add(*map(self.term, e.args))
        if isinstance(e, sympy.Mul):
            return self.scaled(list(map(self.term, e.args)))
        if isinstance(e, sympy.Pow) and isinstance(e.exp, sympy.Integer) and e.exp > 0:
            return al.power(self.term(e.base), int(e.exp))
        raise refused(e)

    def scaled(self, factors: list[Term]) -> Term:
        """The product of numbers and of at most one tensor."""
        tensors = [f for f in factors if f.axes]
        if len(tensors) > 1:
            raise ShapeError("a product of tensors outside MatMul", hint="MatMul(A, B) or ArrayTensorProduct(A, B)")
        rest = tensors or [al.constant(1)]
        return reduce(lambda t, number: al.scale(number, t), [f for f in factors if not f.axes], rest[0])

    def coefficient(self, e: Any, t: Term) -> Term:
        """e t, for a number e."""
        number = self.names.number(e)
        return al.scale(self.term(e) if number is None else number, t)


def placed(build: Callable[[], Any], where: Any) -> Any:
    """Build; an error of shapes says in which expression."""
    try:
        return build()
    except ShapeError as error:
        if not error.message.startswith("in "):
            error.message = f"in {where if isinstance(where, str) else short(where)}: {error.message}"
            if isinstance(error, AxisOrderError):
                error.hint = _ORDERS
        raise


def short(e: Any) -> str:
    """An expression on one line, cut where it is long."""
    text = " ".join(str(e).split())
    return text if len(text) <= 60 else text[:57] + "..."


def refused(e: Any) -> UnsupportedError:
    """The error for a node that the language does not have."""
    kind = type(e).__name__
    return UnsupportedError(f"{kind} is not in the language: {short(e)}", hint=_NEAREST.get(kind))
