"""A reader of the statements of exported scripts: what is quantified, implied and compared."""

from __future__ import annotations

from typing import Any

from symbolic_mla.coq.terms import Terms
from symbolic_mla.errors import InputError


class Reader(Terms):
    """A sentence, read by descent. Types become lists, terms become functions of an environment."""

    def statement(self) -> Any:
        """A proposition: ("->", ...), ("=", ...), ("<=", ...), ("exists", ...) or ("<->", ...)."""
        left = self._proposition()
        if self.met("->"):
            return ("->", left, self.statement())
        if self.met("<->"):
            return ("<->", left, self._proposition())
        return left

    def _proposition(self) -> Any:
        if self.met("~"):
            return ("not", self._proposition())
        if self.word == "forall" and self._is_symbol():
            self.take("forall")
            self.take("(")
            name, axes = self.take(), None
            self.take(":")
            axes = self.arrows()[0]
            self.take(")")
            self.take(",")
            return ("forall", name, axes, self._proposition())
        if self.met("exists"):
            name = self.take()
            self.take(":")
            axes = self.arrows()[0]
            self.take(",")
            return ("exists", name, axes, self._proposition())
        if self.word == "(":
            start = self.at
            self.take("(")
            try:
                inside = self.statement()
                self.take(")")
                if self.met("%N") and inside[0] not in ("<=", "<"):
                    raise InputError("an inequality of numbers was expected")
                if self.word in ("->", "<->", "/\\", ")", "<end>"):
                    if self.met("/\\"):
                        more = self._proposition()
                        return ("and", [inside, *(more[1] if more[0] == "and" else [more])])
                    return inside
            except InputError:
                pass
            self.at = start
        names: list[str] = []
        domains: list[list[Any]] = []
        if self.met("forall"):
            names, domains = self.binders()
            self.take(",")
        left = self.term()
        relation = self.take("=", "<=", "<")
        right = self.term()
        if relation == "=":
            self.take(":>")
            self.take("R", "nat")
        return (relation, names, domains, left, right)

    def _is_symbol(self) -> bool:
        """Whether `forall (X : T -> R)` follows, a symbol and not an index."""
        depth, k = 0, self.at + 1
        while True:
            word = self.words[k]
            depth += word in ("(", "{ffun", "[ffun")
            depth -= word in (")", "}", "]")
            if word == "->":
                return True
            if (depth == 0 and word == ")") or word == "<end>":
                return False
            if self.words[k] == ":" and self.words[k + 1] == "R":
                return True
            k += 1
