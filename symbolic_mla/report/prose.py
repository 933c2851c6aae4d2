"""The prose of a document: its sentences, the claims that they name, and what they say rests on what.

A sentence names a claim in code (`claim-id`), and one of another document with the name of that document's report:
`joint-latent#the-exact-condition`. Where it says that something *rests on* claims, what it names behind these words
is what the rest of it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from symbolic_mla.record import record

CODE = re.compile(r"`([^`]+)`")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`*‖√Σ[(])")
_ELSEWHERE = re.compile(r"[^\s#]+#[^\s#]+")
_DISPLAYED = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\\begin\{(align\*?|equation\*?|gather\*?)\}.*?\\end\{\1\}", re.DOTALL)
_RESTS = re.compile(r"\brests? on\b")
_NOT_AN_END = ("e.g.", "i.e.", "cf.", "vs.", "al.", "Lemma.")


def sentences(source: str) -> Iterator[str]:
    """The sentences of the prose of a Markdown text, and the rows of its tables, in order; headings, code and displayed
    formulas are none.

    >>> list(sentences("# T\\n\\nOne is here (`a`). Two\\nfollows.\\n\\n    code\\n"))
    ['One is here (`a`).', 'Two follows.']
    >>> list(sentences("| a | b |\\n|---|---|\\n| One | `two` |\\n"))
    ['One: `two`']
    >>> list(sentences("So it is:\\n$$ a = b $$\\n\\n$$\\nb = c\\n$$\\n\\nDone.\\n"))
    ['So it is:', 'Done.']
    """
    tokens = _markdown().parse(source)
    for k, token in enumerate(tokens):
        if token.type == "paragraph_open" and tokens[k + 1].type == "inline":
            yield from _of_paragraph(tokens[k + 1].content)
        elif token.type == "tr_open" and tokens[k + 1].type == "td_open":
            yield _row(tokens, k)


@cache
def _markdown() -> MarkdownIt:
    # Inline rules never run: a sentence is read as it was written.
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"], ignoreInvalid=True)


def _of_paragraph(text: str) -> Iterator[str]:
    held = ""
    for part in _END.split(" ".join(_DISPLAYED.sub(" ", text).split())):
        held = f"{held} {part}".strip()
        if not held.endswith(_NOT_AN_END):
            if held:
                yield held
            held = ""
    if held:
        yield held


def _row(tokens: list[Token], start: int) -> str:
    end = next(k for k in range(start, len(tokens)) if tokens[k].type == "tr_close")
    cells = [" ".join(t.content.split()) for t in tokens[start:end] if t.type == "inline"]
    return f"{cells[0]}: {', '.join(c for c in cells[1:] if c)}"


@record
class Words:
    """What the prose of a document says of claims, in order and without repetition.

    `named` are the claims that it names, its own as `id`, others as `document#id`. `rests` has, for a claim (or "" for
    the document as a whole), what it is said to rest on.
    """

    named: tuple[str, ...]
    rests: Mapping[str, tuple[str, ...]]


def words(source: str, own: frozenset[str]) -> Words:
    """What a text says of claims, if `own` are those that it makes.

    >>> words("`a` rests on `b` and `x#c`. All of it rests on `b`.", frozenset("ab")).rests
    {'a': ('b', 'x#c'), '': ('b',)}
    """
    named: dict[str, None] = {}
    rests: dict[str, dict[str, None]] = {}
    for sentence in sentences(source):
        named |= dict.fromkeys(_names(sentence, own))
        cut = _RESTS.search(sentence)
        if cut is not None:
            below = dict.fromkeys(_names(sentence[cut.end() :], own))
            for above in [n for n in _names(sentence[: cut.start()], own) if "#" not in n] or [""]:
                rests.setdefault(above, {}).update({b: None for b in below if b != above})
    return Words(tuple(named), {above: tuple(below) for above, below in rests.items() if below})


def _names(sentence: str, own: frozenset[str]) -> list[str]:
    return [w for w in dict.fromkeys(CODE.findall(sentence)) if w in own or _ELSEWHERE.fullmatch(w)]
