"""Text to syntax tree: `parse_block` for a block of a document, `parse_expression` for a line by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from symbolic_mla.errors import DocumentSyntaxError, NameUnknownError, SymbolicMLAError
from symbolic_mla.language.automaton import Unexpected, automaton
from symbolic_mla.language.characters import ITEM_WORDS
from symbolic_mla.language.explain import no_item, unexpected
from symbolic_mla.language.layout import settle, settle_expression, split_items
from symbolic_mla.language.scan import scan
from symbolic_mla.language.syntax import (
    MAXIMUM_HEIGHT,
    DimDefinition,
    Dims,
    Expr,
    Functions,
    Given,
    Item,
    Let,
    Name,
    Obtain,
    Scalars,
)
from symbolic_mla.language.tokens import Token

if TYPE_CHECKING:
    from symbolic_mla.language.documents import Block

_CONSTRUCTORS = frozenset({"I", "zeros", "ones", "tile", "interleave", "stack", "hstack", "blocks"})
_OPERATIONS = frozenset({"kron", "hadamard", "diag", "vec", "tr", "reorder", "einsum", "inv"})
_NUMERIC = frozenset({"sqrt", "softmax", "normalize", "rank", "min", "max"})
_ITEM = re.compile(rf"\s*(?:{'|'.join(ITEM_WORDS)})\b")
_CLAIM = re.compile(r"\s*(?:claim|refute)\b")
MAX_FAULTS = 20  # claims of a block that are passed over
BUILTINS = _CONSTRUCTORS | _OPERATIONS | _NUMERIC
"""The names that are called and never declared."""


@dataclass(slots=True)
class ParseEnvironment:
    """The names that decide how text is read: `f(X)` is a call when `f` is a function.

    It persists over the blocks of one document. A block whose declarations must not last is parsed with a
    `copy()`. For formulas it keeps the declaring items, how each name was first spelt in LaTeX, and the
    letters that stand for the columns of a matrix; `unread` is true once a formula that may declare was not
    read, `ended` once a declaration in the text was not: what follows would speak of names that nobody declared.
    """

    functions: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    spellings: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    unread: bool = False
    ended: bool = False

    def copy(self) -> ParseEnvironment:
        """An environment that can be changed without changing this one."""
        return ParseEnvironment(
            set(self.functions),
            set(self.values),
            list(self.items),
            dict(self.spellings),
            dict(self.columns),
            self.unread,
            self.ended,
        )

    @property
    def callable_names(self) -> Set[str]:
        return BUILTINS | self.functions

    def declare(self, item: Item) -> None:
        """Take in the names that an item declares.

        Raises: NameUnknownError for a name that is a function and a value, or a builtin.
        """
        functions, values = declared_names(item)
        local = item.parameters if isinstance(item, Let) else ()
        for name in functions:
            self._refuse(name, BUILTINS, "is built in")
            self._refuse(name, self.values, "is already a value, and cannot be a function too")
        for name in (*values, *local):
            self._refuse(name, BUILTINS, "is built in")
            self._refuse(name, self.functions, "is already a function, and cannot be a value too")
        if functions or values:
            self.items.append(item)
        self.functions.update(name.text for name in functions)
        self.values.update(name.text for name in values)

    @staticmethod
    def _refuse(name: Name, taken: Set[str], why: str) -> None:
        if name.text in taken:
            raise NameUnknownError(
                f"the name `{name.text}` {why}", hint="choose another name", span=name.span
            )


def declared_names(item: Item) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """The names that an item adds to the document: functions, and all others. A claim's id is neither."""
    match item:
        case Functions(symbols):
            return tuple(symbol.name for symbol in symbols), ()
        case Let(name, parameters):
            return ((name,), ()) if parameters else ((), (name,))
        case Dims(symbols) | Scalars(symbols):
            return (), tuple(symbol.name for symbol in symbols)
        case DimDefinition(name):
            return (), (name,)
        case Given(groups):
            return (), tuple(name for part in groups for name in part.group.names)
        case Obtain(names):
            return (), names
        case _:
            return (), ()


def _run(tokens: list[Token], start: str) -> Any:
    """Read the tokens of one item or expression."""
    try:
        return automaton().parse(tokens, start)
    except Unexpected as error:
        raise unexpected(tokens, error.position, error.accepted) from None


def check_height(root: Any) -> None:
    """Raise for a tree that a recursive walk could not survive; this walk is iterative.

    Raises: DocumentSyntaxError.
    """
    stack = [(root, 1)]
    while stack:
        node, height = stack.pop()
        if height > MAXIMUM_HEIGHT:
            raise DocumentSyntaxError(
                f"an expression nested deeper than {MAXIMUM_HEIGHT} levels",
                hint="name the inner parts with `let`",
                span=node.span,
            )
        for name in node.__slots__:
            value = getattr(node, name)
            if isinstance(value, tuple):
                stack.extend((child, height + 1) for child in value)
            elif name != "span" and hasattr(value, "span"):
                stack.append((value, height + 1))


def parse_block(
    text: str,
    *,
    first_line: int = 1,
    env: ParseEnvironment | None = None,
    offsets: Sequence[int] = (),
    faults: list[SymbolicMLAError] | None = None,
) -> list[Item]:
    """The items of one block, in order; `env` takes in the names that they declare.

    With `faults`, the error of an item that is not read goes there. What follows a claim is read, since a claim
    declares nothing; else the reading has `ended`.

    `first_line` is the document's line on which the text begins, `offsets[i]` the number of characters that
    stand before line i of the text in the document (when the fence is quoted or indented).

    Raises: DocumentSyntaxError, with its span, for text that the grammar does not read; NameUnknownError for
    a name that is declared both as a function and as a value.

    >>> parse_block("given A, B : m x m")[0].groups[0].group
    Group(names=(Name(text='A'), Name(text='B')), sizes=(Name(text='m'), Name(text='m')))
    >>> parse_block("claim swap: A B == B A")
    Traceback (most recent call last):
        ...
    symbolic_mla.errors.SpellingError: `==` is not a relation
      try: write `=`
    """
    env = ParseEnvironment() if env is None else env
    parsed: list[Item] = []
    before: str | None = None
    for tokens in split_items(_scanned(text, first_line, offsets, env, faults)):
        if tokens[0].type not in ITEM_WORDS.values():
            if faults is None:
                raise no_item(tokens, before)
            faults.append(no_item(tokens, before))
            env.ended = True
            break
        before = str(tokens[0])
        try:
            items = cast("list[Item]", _run(settle(tokens, env.callable_names), "item"))
            for item in items:
                check_height(item)
        except DocumentSyntaxError as error:
            if faults is None:
                raise
            faults.append(error)
            env.ended = tokens[0].type != "CLAIM"
            if env.ended:
                break
            continue
        for item in items:
            env.declare(item)
            parsed.append(item)
    return parsed


def _scanned(
    text: str,
    first_line: int,
    offsets: Sequence[int],
    env: ParseEnvironment,
    faults: list[SymbolicMLAError] | None,
) -> list[Token]:
    """The tokens of a text. With `faults`, the error of an item that has no tokens goes there: a claim is passed over,
    and at anything else the text ends."""
    lines = text.split("\n")
    for _ in range(MAX_FAULTS):
        try:
            return scan("\n".join(lines), first_line=first_line, offsets=offsets)
        except DocumentSyntaxError as error:
            if faults is None or error.span is None:
                raise
            faults.append(error)
            at = min(error.span.line - first_line, len(lines) - 1)
            begin = next((k for k in range(at, -1, -1) if _ITEM.match(lines[k])), 0)
            end = next((k for k in range(begin + 1, len(lines)) if _ITEM.match(lines[k])), len(lines))
            if not _CLAIM.match(lines[begin]):
                env.ended, end = True, len(lines)
            lines[begin:end] = [""] * (end - begin)
    return scan("\n".join(lines), first_line=first_line, offsets=offsets)


def read_block(block: Block, env: ParseEnvironment, faults: list[SymbolicMLAError] | None = None) -> list[Item]:
    """The items of a block of a document, be it text or a displayed formula; `env` takes in what they declare.

    With `faults`, the error of a claim or of a formula that is not read goes there, and the others are read.

    Raises: as `parse_block`.
    """
    if block.mark is None:
        return parse_block(block.text, first_line=block.first_line, env=env, offsets=block.offsets, faults=faults)
    from symbolic_mla.language.tex.statements import read_formula  # LaTeX is imported where a document has some

    return read_formula(block, env, faults)


def parse_expression(text: str, *, env: ParseEnvironment | None = None) -> Expr:
    """One expression by itself, possibly over several lines.

    Raises: DocumentSyntaxError, with its span.

    >>> parse_expression("A B'")
    Product(operator='', left=Name(text='A'), right=Transpose(operand=Name(text='B')))
    """
    env = ParseEnvironment() if env is None else env
    tokens = settle_expression(scan(text), env.callable_names)
    if not tokens:
        raise DocumentSyntaxError("an empty expression", hint="write one, such as `A Bᵀ + C`")
    expression = cast("Expr", _run(tokens, "expression"))
    check_height(expression)
    return expression
