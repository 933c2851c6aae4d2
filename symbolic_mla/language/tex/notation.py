"""What a reader of a formula has to know of the document: which names there are, and how many axes they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from symbolic_mla.errors import NameUnknownError, Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import ParseEnvironment

Part = Literal["column", "diagonal"]

MAX_UNFOLDING = 3  # definitions inside definitions, to find a number of axes
_NUMBERS = frozenset({"rank", "tr", "min", "max", "sqrt"})
_AS_ARGUMENT = frozenset({"tile", "interleave", "stack", "hstack", "softmax"})
_SHAPES = frozenset({"zeros", "ones"})
_SQUARES = {"I": 2, "blocks": 2, "inv": 2, "vec": 1}


@dataclass(slots=True)
class Notation:
    """The names of a document so far, for the reader of one formula.

    `orders` has the number of axes of a name (None: not known), `numbers` the dimensions and scalars, `parts` what a
    letter with one index means where that letter has no meaning of its own: `u` the columns of U, `σ` the diagonal
    of S. `spellings` remembers how each name was first written in a formula. `free` are the indices of a statement
    that no sum binds, `positions` those in square brackets, which select as the language does.
    """

    env: ParseEnvironment
    orders: dict[str, int | None] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    dims: set[str] = field(default_factory=set)
    local: dict[str, int | None] = field(default_factory=dict)
    definitions: dict[str, s.Let] = field(default_factory=dict)
    unfolding: int = 0
    free: set[str] = field(default_factory=set)
    positions: set[str] = field(default_factory=set)
    sizes: dict[str, tuple[s.Expr, ...]] = field(default_factory=dict)
    parts: dict[str, tuple[str, Part]] = field(default_factory=dict)

    @classmethod
    def of(cls, env: ParseEnvironment) -> Notation:
        """The notation of what an environment has declared."""
        notation = cls(env)
        for item in env.items:
            notation.learn(item)
        notation.parts |= {letter: (whole, "column") for letter, whole in env.columns.items()}
        return notation

    @property
    def spellings(self) -> dict[str, str]:
        return self.env.spellings

    def known(self, name: str) -> bool:
        """Whether a name has a meaning that the document gave it."""
        return name in self.local or name in self.env.values or name in self.env.functions

    def is_function(self, name: str) -> bool:
        return name in self.env.callable_names and name not in self.local

    def names(self) -> Iterable[str]:
        return [*self.local, *self.env.values, *self.env.functions]

    def learn(self, item: s.Item) -> None:
        """Take in what an item says of its names."""
        match item:
            case s.Dims(symbols):
                for symbol in symbols:
                    self._number(symbol.name.text)
                    self.dims.add(symbol.name.text)
            case s.DimDefinition(name):
                self._number(name.text)
                self.dims.add(name.text)
            case s.Scalars(scalars):
                for scalar in scalars:
                    self._number(scalar.name.text)
            case s.Given(groups):
                for part in groups:
                    for name in part.group.names:
                        self.orders[name.text] = len(part.group.sizes)
                        self.sizes[name.text] = part.group.sizes
            case s.Let(name, parameters, body):
                self.orders[name.text] = None if parameters else self.order(body)
                self.definitions[name.text] = item
                if self.orders[name.text] == 0:
                    self.numbers.add(name.text)
            case s.Obtain(names):
                for name in names:
                    self.orders[name.text] = 2
                if len(names) == 3:
                    self._decomposed(*(name.text for name in names))

    def _decomposed(self, u: str, diagonal: str, v: str) -> None:
        """The letters of a singular value decomposition U S V^T: u and v for columns, σ and s for the diagonal."""
        found: list[tuple[str, tuple[str, Part]]] = [(name[0].lower() + name[1:], (name, "column")) for name in (u, v)]
        found += [(letter + diagonal[1:], (diagonal, "diagonal")) for letter in {"σ", diagonal[0].lower()}]
        for letter, part in found:
            if letter in self.parts:  # of two decompositions: the letter alone tells neither
                self.parts[letter] = ("", "column")
            elif letter != part[0]:
                self.parts[letter] = part

    def shape(self, expr: s.Expr) -> tuple[s.Expr, s.Expr] | None:
        """The rows and columns of a matrix, where its declaration states them."""
        match expr:
            case s.Name(text) if len(self.sizes.get(text, ())) == 2:
                return self.sizes[text][0], self.sizes[text][1]
            case s.Transpose(operand):
                inner = self.shape(operand)
                return None if inner is None else (inner[1], inner[0])
            case s.Negate(operand) | s.Inverse(operand) | s.Power(operand):
                return self.shape(operand)
            case s.Product("" | "*", left, right):
                a, b = self.shape(left), self.shape(right)
                if self.order(left) == 0:
                    return b
                return (a[0], b[1]) if a is not None and b is not None else None
            case s.Call("I", (s.Name() | s.Product() | s.Number() as size,)):
                return size, size
            case s.Call("zeros" | "ones", (first, second)):
                plain = not isinstance(first, (s.Text, s.ListLiteral)) and not isinstance(
                    second, (s.Text, s.ListLiteral)
                )
                return (first, second) if plain else None  # type: ignore[return-value]
        return None

    def _number(self, name: str) -> None:
        self.numbers.add(name)
        self.orders[name] = 0

    def spelled(self, name: str, spelling: str, span: Span) -> None:
        """Remember how a name is written. Raises: NameUnknownError where it was written in another way before."""
        before = self.spellings.setdefault(name, spelling)
        if before != spelling:
            raise NameUnknownError(
                f"`{spelling}` and `{before}` would both be `{name}`",
                hint="write one symbol in one way through the document, and two symbols with two names",
                span=span,
            )

    # ---- how many axes ---------------------------------------------------------------------------------

    def order(self, expr: s.Expr) -> int | None:
        """The number of axes of an expression, as far as its form tells; 0 for a number, None if it does not tell."""
        try:
            return self._order(expr)
        except RecursionError:  # too deep to tell
            return None

    def _order(self, expr: s.Expr) -> int | None:
        match expr:
            case s.Name(text):
                return self.local[text] if text in self.local else self.orders.get(text)
            case s.Number():
                return 0
            case s.Transpose(operand) | s.Inverse(operand) | s.Negate(operand) | s.Power(operand):
                return self._order(operand)
            case s.Quotient(numerator):
                return self._order(numerator)
            case s.Sum(terms):
                return next((k for k in map(self._order, terms) if k is not None), None)
            case s.Index(base, indices):
                whole = self._order(base)
                if whole is None or any(isinstance(i, s.Number) for i in indices):
                    return None
                return whole - sum(not isinstance(i, s.Whole) for i in indices)
            case s.Product():
                return self._product(expr)
            case s.Call():
                return self._call(expr)

    def _product(self, expr: s.Product) -> int | None:
        left, right = self._order(expr.left), self._order(expr.right)
        if left is None or right is None:
            return None
        if expr.operator in ("⊗", "∘"):
            return max(left, right)
        if 0 in (left, right):
            return left + right
        if (left, right) == (1, 1):
            return 2 if isinstance(expr.right, s.Transpose) else 0
        return {(2, 2): 2, (2, 1): 1, (1, 2): 1}.get((left, right))

    def _call(self, call: s.Call) -> int | None:
        plain = [a for a in call.arguments if not isinstance(a, (s.Text, s.ListLiteral))]
        if call.name in _NUMBERS:
            return 0
        if call.name in _SQUARES:
            return _SQUARES[call.name]
        if call.name in _SHAPES:
            return len(plain)
        if call.name in ("einsum", "reorder") and call.arguments and isinstance(call.arguments[0], s.Text):
            return _output_axes(call.arguments[0].text)
        if not plain:
            return None
        first = self._order(plain[0])
        if call.name == "diag":
            return {1: 2, 2: 1}.get(first or 0)
        if call.name in ("kron", "hadamard"):
            return first
        if call.name in self.definitions:
            return self._unfolded(self.definitions[call.name], plain)
        return first if call.name in _AS_ARGUMENT or call.name in self.env.functions else None

    def _unfolded(self, definition: s.Let, arguments: list[s.Expr]) -> int | None:
        if len(arguments) != len(definition.parameters) or self.unfolding > MAX_UNFOLDING:
            return None
        values = {p.text: self._order(a) for p, a in zip(definition.parameters, arguments, strict=True)}
        outer, self.local = self.local, values
        self.unfolding += 1
        try:
            return self._order(definition.body)
        finally:
            self.local = outer
            self.unfolding -= 1


def _output_axes(pattern: str) -> int:
    """How many axes stand behind the arrow of a pattern; a group is one."""
    count, depth = 0, 0
    for word in pattern.rpartition("->")[2].replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            count, depth = count + (depth == 0), depth + 1
        elif word == ")":
            depth -= 1
        elif depth == 0:
            count += 1
    return count
