"""What has been declared so far: every name has one meaning, and knows where it got it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

from symbolic_mla.errors import NameUnknownError, Span
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.statement import Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.language.look_alikes import described, skeleton
from symbolic_mla.language.near_misses import FOREIGN
from symbolic_mla.language.shapes import Shapes
from symbolic_mla.language.values import Value
from symbolic_mla.record import record

Origin = Literal["given", "assume", "invertible", "svd", "eckart-young"]


@record
class Function:
    """A function of the last axis; `positions` are the axes on whose position it depends, by name."""

    name: str
    positions: tuple[tuple[str, Axis], ...] = ()


@record
class Definition:
    """`let name(parameters) = body`, where it was written; and its value if it has no parameters."""

    name: str
    parameters: tuple[str, ...]
    body: s.Expr
    environment: Environment
    span: Span
    value: Value | None = None


@record
class Hypothesis:
    """A fact that the document assumes.

    `symbols` are the names of the symbols that it speaks of. A fact of an SVD also has the arguments of the
    kernel's rule: `derive("svd", *arguments)` is the theorem.
    """

    statement: Statement
    text: str
    span: Span
    symbols: frozenset[str]
    origin: Origin
    arguments: tuple[Term | int, ...] = ()


@dataclass(slots=True)
class Argument:
    """What a parameter stands for: an expression, where its names have a meaning, its value once known."""

    expr: s.Expr
    environment: Environment
    value: Value | None = None


@dataclass(slots=True)
class Environment:
    """Names and their meanings, of which a parameter goes first.

    `defined` are the dimensions with a definition, `bound` the symbols of an assumed `for all`; `places` says where a
    name was declared, `failed` where its declaration went wrong, `looks` which name has a look. `latex`: what is read
    now is a formula. `unfolded` are calls of definitions that were evaluated here, and the steps that each took: as
    long as no name is forgotten, each goes on to mean the same.
    """

    dims: dict[str, Axis] = field(default_factory=dict)
    defined: dict[str, Axis] = field(default_factory=dict)
    scalars: dict[str, Scalar] = field(default_factory=dict)
    symbols: dict[str, Atom] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    lets: dict[str, Definition] = field(default_factory=dict)
    arguments: dict[str, Argument] = field(default_factory=dict)
    bound: dict[str, Atom] = field(default_factory=dict)
    inverses: dict[Atom, Atom] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    failed: dict[str, Span] = field(default_factory=dict)
    looks: dict[str, str] = field(default_factory=dict)
    latex: bool = field(default=False, kw_only=True)
    unfolded: dict[s.Call, tuple[Value, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def copy(self) -> Environment:
        """An environment that can be changed without changing this one."""
        return Environment(*map(dict, self._tables()), latex=self.latex)

    def _tables(self) -> list[dict[Any, Any]]:
        return [getattr(self, name) for name in self.__slots__ if name not in ("latex", "unfolded")]

    def lengths(self) -> tuple[int, ...]:
        """How much of everything there is: what `back_to` takes."""
        return tuple(map(len, self._tables()))

    def back_to(self, lengths: tuple[int, ...]) -> None:
        """Forget what was added since. A name keeps its meaning, so that nothing is ever replaced."""
        self.unfolded.clear()
        for table, length in zip(self._tables(), lengths, strict=True):
            while len(table) > length:
                table.popitem()

    @property
    def shapes(self) -> Shapes:
        return Shapes(self.defined)

    def _kinds(self) -> tuple[tuple[str, Mapping[str, object]], ...]:
        return (
            ("a parameter", self.arguments),
            ("a dimension", self.dims),
            ("a scalar", self.scalars),
            ("a matrix", self.symbols),
            ("a function", self.functions),
            ("a definition", self.lets),
            ("bound by `for all`", self.bound),
        )

    def what(self, name: str) -> str | None:
        """What a name is, in words; None for a name without a meaning."""
        return next((words for words, table in self._kinds() if name in table), None)

    def names(self) -> Iterable[str]:
        """Every name that has a meaning."""
        return [name for _, table in self._kinds() for name in table]

    def claim_name(self, name: s.Name) -> None:
        """Take a name for a new meaning.

        Raises: NameUnknownError when it has one already, or when it looks like a name that has one.
        """
        met = "built in" if name.text in BUILTINS else self.what(name.text)
        if met is not None:
            place = self.places.get(name.text)
            where = f", declared on line {place.line}" if place else ""
            raise NameUnknownError(
                f"`{name.text}` is already {met}{where}",
                hint="a name has one meaning from its declaration to the end of the document; choose another",
                span=name.span,
            )
        other = self.looks.setdefault(skeleton(name.text), name.text)
        if other != name.text:
            strange = _strange(name.text, other)
            raise NameUnknownError(
                f"`{name.text}` looks like `{other}` and is another name: its `{strange}` is {described(strange)}",
                hint="spell both in one alphabet, or choose another name",
                span=name.span,
            )
        self.places[name.text] = name.span

    def unknown(self, name: str, span: Span, *, size: bool = False) -> NameUnknownError:
        """The error for a name that nothing declares; `size` if only a size can stand there."""
        if name in self.failed:
            return NameUnknownError(
                f"`{name}` has no meaning, since its declaration on line {self.failed[name].line} failed",
                hint="mend that line first",
                span=span,
            )
        alike = self.looks.get(skeleton(name), name)
        if alike != name:
            strange = _strange(name, alike)
            error = NameUnknownError(
                f"nothing declares `{name}`, which looks like `{alike}`: its `{strange}` is {described(strange)}",
                hint=f"write `{alike}`, whose letters are those of its declaration",
                span=span,
            )
            error.spelling = alike
            return error
        if name in self.bound:
            return NameUnknownError(
                f"`{name}` has a meaning only inside its `for all`",
                hint=f"declare another name for an input: given {name}₁ : ...",
                span=span,
            )
        if name in FOREIGN or name in _WORDS:
            return NameUnknownError(f"nothing declares `{name}`", hint=FOREIGN.get(name) or _WORDS[name], span=span)
        from difflib import get_close_matches  # only on this path, to keep the start light

        near = get_close_matches(name, sorted({*self.names(), *BUILTINS}), 1, 0.6)
        hint = f"did you mean `{near[0]}`?" if near else self._declare(name, size)
        error = NameUnknownError(f"nothing declares `{name}`", hint=hint, span=span)
        error.spelling = near[0] if near else None
        return error

    def _declare(self, name: str, size: bool) -> str:
        """What to try for a name that nothing declares and that is like no other."""
        if self.latex:
            shown = name_latex(name)
            what = rf"{shown} \in \mathbb{{N}}" if size else rf"{shown} \in \mathbb{{R}}^{{m \times n}}"
            return f"declare it in a displayed formula before this one: {what} (inline formulas are prose)"
        return f"declare it: dims {name}" if size else f"declare it: given {name} : m × n, or dims {name}"


_WORDS = {
    "if": "a hypothesis stands in `given A : m × n with ...` or `assume ...`, before the claim",
    "implies": "a hypothesis stands in `given A : m × n with ...` or `assume ...`, before the claim",
    "then": "a hypothesis stands in `given A : m × n with ...` or `assume ...`, before the claim",
    "det": "determinants are not in the language",
    "norm": "norms are not in the language; `tr(Aᵀ A)` is the square of the Frobenius norm",
    "pinv": "a pseudo-inverse is not in the language; `obtain U, S, V from svd(A)` gives its factors",
}
"""Words of mathematics that the language does not have, by what to do."""


def _strange(name: str, other: str) -> str:
    """The first character in which two names differ."""
    return next((c for c, d in zip_longest(name, other, fillvalue="") if c != d), "")
