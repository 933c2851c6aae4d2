"""A syntax error in words: what was met, what could stand there, what to try."""

from __future__ import annotations

from collections.abc import Sequence, Set

from symbolic_mla.errors import DocumentSyntaxError, Span, SpellingError
from symbolic_mla.language.characters import INNER_WORDS, ITEM_WORDS, WORDS
from symbolic_mla.language.near_misses import FOREIGN
from symbolic_mla.language.scan import OPERAND_ENDS, span_of
from symbolic_mla.language.tokens import Token

_OPERAND = frozenset({"NAME", "NUMBER", "LPAR"})
_WORDING: tuple[tuple[str, str], ...] = (
    ("ID", "a name"),
    ("_DECL", "`:` and a shape"),
    ("BINDER", "a name with its shape, as in `A : m × n`"),
    ("TEXT", "a quoted pattern"),
    ("RPAR", "`)`"),
    ("RSQB", "`]`"),
    ("_COMMA", "`,`"),
    ("_COLON", "`:`"),
    ("_TIMES", "`×`"),
    ("WITH", "`with`"),
    ("_FOR", "`for all`"),
    ("_ALL", "`all`"),
    ("_FROM", "`from`"),
    ("$END", "the end of the item"),
)
FACTS = frozenset({"invertible", "symmetric", "even", "odd"})
_WORDLIKE = frozenset({"NAME", "NUMBER", *WORDS.values()})
_WITH = frozenset({"where", "such", "satisfying", "having", "subject"})
_FOREIGN_ITEMS = {
    "theorem": "claim",
    "lemma": "claim",
    "proposition": "claim",
    "prove": "claim",
    "show": "claim",
    "disprove": "refute",
    "define": "let",
    "definition": "let",
    "def": "let",
    "where": "let",
    "matrix": "given",
    "matrices": "given",
    "input": "given",
    "variable": "given",
    "suppose": "assume",
    "dimension": "dims",
    "dimensions": "dims",
    "size": "dims",
    "sizes": "dims",
    "real": "scalar",
}


def expected_in_words(accepted: Set[str]) -> str:
    """The kinds of token that could go on, as a reader would say it."""
    parts: list[str] = []
    if "OPERATOR" in accepted:  # behind an operand an expression can go on too, but nobody would say so
        parts.append("an operator")
    elif accepted >= _OPERAND:
        parts.append("an expression")
    elif "NAME" in accepted:
        parts.append("a name")
    elif "NUMBER" in accepted:
        parts.append("a number")
    if "REL" in accepted:
        parts.append("a relation (`=`, `<=`, `>=`, `<`, `>`)")
    elif "EQ" in accepted:
        parts.append("`=`")
    parts += [
        words
        for kind, words in _WORDING
        if kind in accepted and not (kind == "_COLON" and "RSQB" in accepted)
    ]
    if len(parts) > 5:
        parts = [*parts[:4], parts[-1]]
    return (
        parts[0]
        if len(parts) == 1
        else ", ".join(parts[:-1]) + " or " + parts[-1]
        if parts
        else "nothing more"
    )


def unexpected(item: list[Token], position: int, accepted: Set[str]) -> DocumentSyntaxError:
    """The error for the token at `position` of an item, or for the item's end when there is none.

    `accepted` holds the kinds of token that the grammar could have read there.
    """
    at_end = position >= len(item)
    previous = item[position - 1] if position else None
    if at_end:
        last = item[-1]
        line, column = last.line, last.end_column
        span = Span(line, column, line, column + 1)
        met = "the item ends here" if item[0].type in ITEM_WORDS.values() else "the expression ends here"
    else:
        span = span_of(item[position])
        met = f"met {_shown(item[position])}"
    misplaced = _unsaid_with(item, position)
    if misplaced is not None:
        return misplaced
    message, hint = _recognised(item, position, accepted, previous)
    if message is None:
        message = f"{met}; expected {expected_in_words(accepted)}"
    return DocumentSyntaxError(message, hint=hint, span=span)


def _unsaid_with(item: list[Token], position: int) -> SpellingError | None:
    """The error for a fact of a `given` that has another word before it than `with`, or none."""
    if item[0].type != "GIVEN":
        return None
    for k, token in enumerate(item[: position + 1]):
        if token in _WITH:
            that = k + 1 < len(item) and item[k + 1] == "that"
            span = join_spans(span_of(token), span_of(item[k + 1] if that else token))
            met = f"{token} that" if that else str(token)
            return SpellingError(f"`{met}`: a fact stands behind `with`", hint="write `given A : m × m with Aᵀ = A`",
                                 span=span, spelling="with")  # fmt: skip
    if position > 1 and item[1] in FACTS:
        return SpellingError(f"`{item[1]}` is a fact, and stands behind `with`",
                             hint=f"write `given A : m × m with A {item[1]}`", span=span_of(item[1]))  # fmt: skip
    if position < len(item) and item[position] in FACTS:
        word = item[position]
        colon = max((k for k in range(position) if item[k].type == "_DECL"), default=0)
        names: list[Token] = []
        for k in range(colon - 1, 0, -2):
            if item[k - 1].type not in ("_COMMA", "GIVEN"):
                break  # the last size of the group before
            names.insert(0, item[k])
        if names:
            ours = "with " + ", ".join(f"{name} {word}" for name in names)
            return SpellingError(f"`{word}` is a fact, and stands behind `with`",
                                 hint=f"write `{ours}`", span=span_of(word), spelling=ours)  # fmt: skip
        return SpellingError(f"`{word}` is a fact, and stands behind `with`",
                             hint=f"write `given A : m × m with A {word}`", span=span_of(word))  # fmt: skip
    return None


def join_spans(first: Span, last: Span) -> Span:
    """From the beginning of one stretch to the end of another."""
    return Span(first.line, first.column, last.end_line, last.end_column)


def _shown(token: Token) -> str:
    if token.type == "RAISED":
        return f"the exponent {token}"
    return f'`"{token}"`' if token.type == "TEXT" else f"`{token}`"


def _recognised(
    item: list[Token], position: int, accepted: Set[str], previous: Token | None
) -> tuple[str | None, str | None]:
    """A message and a hint for mistakes that are easy to make; None for what has no better words."""
    start = item[0].type
    token = item[position] if position < len(item) else None
    kind = token.type if token is not None else "$END"
    before = previous.type if previous is not None else ""
    types = {part.type for part in item}
    if kind == "$END" and before in ("EQ", "REL"):
        return (
            f"the right side of `{previous}` is missing",
            "write it behind the relation, or on the next line",
        )
    if before == "ID" and "_COLON" in accepted and start == "CLAIM":
        colon = next((k for k, part in enumerate(item) if part.type == "_COLON"), 2)
        words = "-".join(item[1:colon]) if all(part.type in _WORDLIKE for part in item[2:colon]) else previous
        return (
            f"`:` is missing behind the name `{previous}`",
            f"write `{item[0]} {words}: ...` (names may hold hyphens, but no spaces)",
        )
    if start == "CLAIM" and before == "CLAIM":
        return "the claim has no name", f"write `{item[0]} NAME: ...`"
    if start == "GIVEN" and "_DECL" not in types:
        if "EQ" in types and kind != "$END":
            return None, "declare a shape with `given A : m × n`; a definition is `let A = ...`"
        return (
            "the shape is missing",
            "write `given A : m × n`; a number is declared by `scalar`, a size by `dims`",
        )
    if start == "CLAIM" and kind == "$END" and "REL" in accepted and not types & {"EQ", "REL"}:
        return "a claim states a relation, and none was met", "write `LEFT = RIGHT`, or `exists ... with ...`"
    if "EXISTS" in types and "BINDER" in accepted and before in ("EXISTS", "_ALL"):
        return "the shape of the unknown is missing", "write `exists U : D × r, V : r × D with ...`"
    if kind == "_COLON" and start == "LET":
        return None, "a shape is declared by `given A : m × n`; `let` only gives a value"
    if kind == "_TIMES":
        return (
            "`×` stands only between sizes",
            "write `A B` or `A * B` for a product, `A ⊗ B` for the Kronecker product",
        )
    if kind == "SIGN" and before in ("OPERATOR", "SIGN", "EQ", "CARET"):
        return None, f"put the signed factor into brackets: `({token} ...)`"
    if kind in ("EQ", "REL") and "RPAR" in accepted:
        return None, "a relation cannot stand inside brackets; keywords are names: `f(A, n=n)`"
    if kind == "TEXT":
        return None, 'a pattern is the first argument of `einsum("...", A, B)` or `reorder("...", A)`'
    if kind == "LSQB" and "NAME" in accepted and not accepted & {"TEXT", "RSQB", "_COLON"}:
        return None, "write a matrix of blocks as `blocks([[A, B], [C, D]])`"
    if kind == "_COMMA" and start == "GIVEN" and _is_a_tuple(item, position):
        return None, "the sizes of a shape stand between `×`, without brackets: `A : m × n`"
    if kind == "_COMMA" and (name := _bracketed_factor(item, position)) is not None:
        if name in FOREIGN:
            return None, FOREIGN[str(name)]
        return (
            None,
            f"`{name}` is not a function here: declare it with `function {name}` or `let {name}(...) =`",
        )
    if kind == "_COMMA" and start == "LET" and "$END" in accepted:
        return None, "write one `let` on each line"
    if kind == "SIGN" and "_TIMES" in accepted:
        return None, "put a sum of sizes into brackets: `A : (m + 1) × n`"
    if kind == "$END" and start == "CLAIM" and "EXISTS" in types and "WITH" not in types:
        return None, "say what the unknowns satisfy: `exists U : D × r with A = U B`"
    if any(part == "forall" for part in item[:position]):
        return None, "write `for all X : t × D` behind `exists ...`; what is `given` is for all already"
    if kind == "NAME" and token == "x" and before in OPERAND_ENDS:
        return None, "between sizes write `×` or a lone `x`"
    if kind == "_IFF" and before != "":
        return None, "one `iff` joins two statements"
    if kind in ("_BY", "CLAIM_BY"):
        return None, "`by NAME` stands behind a step or at the end of a claim"
    if kind in ITEM_WORDS.values() and "OPERATOR" in accepted:
        return None, f"begin `{token}` on a line of its own"
    if token == "dim" and position + 1 < len(item) and item[position + 1] == "=":
        return None, "leave `dim=` out: `softmax(A)`, and any function, is of the last axis"
    if kind in WORDS.values() and "NAME" in accepted and "OPERATOR" not in accepted:
        return None, f"`{token}` is a word of the language and cannot be a name"
    return None, None


def _is_a_tuple(item: list[Token], position: int) -> bool:
    """Whether the comma at `position` stands in a bracket that opens a shape, as in `A : (m, n)`."""
    opening = max((k for k in range(position) if item[k].type == "LPAR"), default=0)
    return opening > 0 and item[opening - 1].type == "_DECL"


def _bracketed_factor(item: list[Token], position: int) -> Token | None:
    """The name in front of the bracket that is open at `position`, when it was read as a factor."""
    depth = 0
    for place in range(position - 1, 0, -1):
        kind = item[place].type
        depth += (kind in ("RPAR", "RSQB")) - (kind in ("LPAR", "LSQB"))
        if depth < 0:
            return item[place - 1] if kind == "LPAR" and item[place - 1].type == "NAME" else None
    return None


def no_item(item: Sequence[Token], after: str | None) -> DocumentSyntaxError:
    """The error for an item that begins with no word of the language; `after` is the word that began the
    item before it."""
    first, second = item[0], item[1] if len(item) > 1 else None
    from difflib import get_close_matches  # only when something is wrong: the import takes 2 ms

    words = [word for word in ITEM_WORDS if word not in ("scalars", "functions")]
    word = str(first).lower()
    near = next(iter(get_close_matches(word, [*words, *_FOREIGN_ITEMS], 1, 0.75)), "")
    close = _FOREIGN_ITEMS.get(near, near)
    if close and first.type == "NAME":
        hint = f"write `{close}`"
    elif first.type in INNER_WORDS.values():
        hint = f"`{first}` stands inside a claim; here no claim is open"
    elif first.type == "NAME" and second is not None and second.type in ("_COLON", "_DECL"):
        hint = f"write `given {first} : ...` for the shape of a matrix, `dims` for sizes, `claim NAME: ...` for a claim"
    elif first.type == "NAME" and second == "=" and after not in ("claim", "refute", "let"):
        hint = f"write `let {first} = ...` to define it, `dim {first} = ...` for a size, `claim NAME: {first} = ...`"
    elif after in ("claim", "refute", "let"):
        hint = (
            f"a `{after}` goes on over a line that begins with a relation or an operator, as in `= C`, "
            "or inside brackets"
        )
    else:
        hint = "begin it with " + ", ".join(f"`{word}`" for word in words[:-1]) + f" or `{words[-1]}`"
    return DocumentSyntaxError(
        f"met `{first}` at the start of an item; an item begins with a word such as `given`, `let`, `claim`",
        hint=hint,
        span=span_of(first),
    )
