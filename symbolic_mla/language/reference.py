"""The language reference: prose and examples of `reference_template.md`, and what is generated from the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.characters import INNER_WORDS, ITEM_WORDS
from symbolic_mla.language.documents import ERROR_KINDS
from symbolic_mla.language.grammar import grammar_text
from symbolic_mla.language.near_misses import CHARACTER_HINTS
from symbolic_mla.language.parse import ParseEnvironment, parse_block
from symbolic_mla.language.scope import Scope

SLIPS: tuple[str, ...] = (
    "claim a: A == B",
    "let C := A",
    "claim a: rank(A) =< m",
    "claim a: A = B <=> B = A",
    "claim a: A = B => B = A",
    "claim a: A -> B",
    "claim a: A ≠ B",
    "claim a: A**2 = A A",
    "claim a: A^\\top = A'",
    "claim a: A^{2} = A A",
    "claim a: A^* = A",
    "claim a: \\alpha A = A",
    "claim a: A.t = A'",
    "claim a: A.shape = m",
    "claim a: .5 A = A",
    'claim a: einsum("i j, A) = A',
    "claim a: A! = A",
    "claim a: 1e3 A = A",
    "claim a: A 2 = 2 A",
    "claim a: 1/2A = A",
    'claim a: einsum("ij,jk->ik", A, B) = A B',
    'claim a: einsum("... j -> j", A) = A',
    "claim a: g(A, B) = A",
    "claim a: tile(A) = A",
    "claim a: tlie(A, 2) = A",
    "theorem a: A = A",
    "given C",
    "claim a: np.kron(A, B) = A ⊗ B",
    "claim a: torch.cat(A, B) = stack(A, B)",
    "claim a: A.softmax(1) = softmax(A)",
    "claim a: repeat_interleave(A, 2) = A",
    "claim a: matmul(A, B) = A B",
    "claim a: softmax(A, dim=-1) = softmax(A)",
    "claim a: A \\otimes B = kron(A, B)",
    "claim a: A B / m**0.5 = A B / sqrt(m)",
    "claim a: A B * m**-0.5 = A B / sqrt(m)",
    "claim a: A.reshape(m, m) = A",
    "claim a: sum(A) = 1",
    "claim a: einsum('i j -> j i', A) = A'",
    "dim n = m/2",
    "scalar c >= 1",
    "let C in R^{m x m}",
    "given C : (m, m)",
    "n = m",
)
"""Items that people write out of habit, behind `dims m` and `given A, B : m × m`. Each is answered by an error."""

_BEFORE = "dims m\ngiven A, B : m × m\n"
_MARK = re.compile(r"<!-- ([a-z ]+) -->")


def reference(outer: Mapping[str, str]) -> str:
    """The reference as Markdown.

    `outer` has the sections that other packages know of, by the names of their marks in the template:
    `verdicts`, `axioms` and `limits`.

    Raises: KeyError for a mark without a section.
    """
    sections = {
        "words": ", ".join(f"`{word}`" for word in (*ITEM_WORDS, *INNER_WORDS)) + ".",
        "builtins": "\n\n".join(_builtins()),
        "kinds": "\n".join(_kinds()),
        "near misses": "\n".join(near_miss(slip) for slip in SLIPS),
        "characters": "\n".join(_characters()),
        "grammar": f"```\n{grammar_text().rstrip()}\n```",
        **outer,
    }
    template = Path(__file__).with_name("reference_template.md").read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: sections[mark[1]].rstrip(), template)


def _builtins() -> Iterator[str]:
    for builtin in BUILTINS.values():
        yield f"**`{builtin.signature}`**: {builtin.meaning}.\n\n```\n{builtin.example}\n```\n\n→ proved"


def _kinds() -> Iterator[str]:
    """What each kind of error means, in the words of its class."""
    for kind, error in ERROR_KINDS.items():
        yield f"- `{kind}`: {' '.join((error.__doc__ or '').split())}"


def near_miss(slip: str) -> str:
    """One slip with its answer, as a line of Markdown.

    Raises: ValueError for what is no slip.

    >>> near_miss("claim a: A == B")
    '- `claim a: A == B`: `==` is not a relation. Try: write `=`'
    """
    error = _error_of(slip)
    if error is None:
        raise ValueError(f"{slip!r} is read without an error")
    advice = f". Try: {error.hint}" if error.hint else ""
    return f"- `{slip}`: {error.message}{advice}"


def _error_of(item: str) -> SymbolicMLAError | None:
    scope = Scope()
    try:
        for parsed in parse_block(_BEFORE + item, env=ParseEnvironment()):
            if isinstance(parsed, s.Claim):
                return next(iter(scope.claim(parsed).errors), None)
            scope.declare(parsed)
    except SymbolicMLAError as error:
        return error
    return None


def _characters() -> Iterator[str]:
    """Characters that are not part of the language, by what to write instead."""
    by_hint: dict[str, list[str]] = {}
    for character, hint in CHARACTER_HINTS.items():
        by_hint.setdefault(hint, []).append("`` ` ``" if character == "`" else f"`{character}`")
    for hint, characters in by_hint.items():
        yield f"- {', '.join(characters)}: {hint}"
