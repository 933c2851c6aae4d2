"""The atoms, functions and numbers of a script, numbered for the checker."""

from __future__ import annotations

from symbolic_mla.coq.coefficients import Token
from symbolic_mla.coq.expression import At, Function
from symbolic_mla.coq.names import Names
from symbolic_mla.kernel.scalar import Generator, Var


class Tables:
    """The atoms and functions of a script as numbers."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.atoms: dict[tuple[object, ...], int] = {}
        self.functions: dict[tuple[object, ...], int] = {}

    def token(self, g: Generator) -> Token:
        if isinstance(g, Var) and g.sign == "dimension":
            return (True, self.names.sort(g))
        return (False, self.names.number(g))

    @staticmethod
    def _key(e: At | Function) -> tuple[object, ...]:
        return (e.label, tuple(c if c < 0 else 0 for c in e.coords))

    def atom(self, e: At) -> int:
        return self.atoms.setdefault(self._key(e), len(self.atoms))

    def function(self, e: Function) -> int:
        return self.functions.setdefault(self._key(e), len(self.functions))
