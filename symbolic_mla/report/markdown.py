"""Pieces of GitHub's Markdown.

Mathematics stands in a ```math block or between $` and `$, where no character needs an escape. A table
cell may not hold `|`, not even inside code or mathematics, so there it is written in another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def escaped(text: str) -> str:
    """Text of others that is to be read as it stands, on one line.

    >>> escaped("A * B_c\\n| d")
    'A \\\\* B\\\\_c \\\\| d'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def message(text: str) -> str:
    """A message on one line: what stands between backquotes stays code, the rest is escaped."""
    text = " ".join(text.split())
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(code(part) if k % 2 else _SPECIAL.sub(r"\\\1", part) for k, part in enumerate(parts))


def code(text: str) -> str:
    """Code on one line, whatever backquotes it holds.

    >>> code("a `b`")
    '`` a `b` ``'
    """
    text = " ".join(text.split())
    runs = [len(run) for run in re.findall(r"`+", text)]
    if not runs:
        return f"`{text}`"
    fence = "`" * (max(runs) + 1)
    return f"{fence} {text} {fence}"


def inline(latex: str) -> str:
    """Mathematics inside a line."""
    return f"$`{' '.join(latex.split())}`$"


def block(latex: str) -> str:
    """Mathematics on lines of its own."""
    return f"```math\n{latex.strip()}\n```"


def quoted(text: str) -> str:
    """Text inside the quotes of a Mermaid label."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def fenced(language: str, text: str) -> str:
    """A block of code; the fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. Cells are Markdown; what they hold of `|` is made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    one = " ".join(text.split())
    return (
        re.sub(r"\$`(.*?)`\$", lambda m: m[0].replace(r"\|", r"\Vert ").replace("|", r"\vert "), one)
        if ("|" not in re.sub(r"\$`.*?`\$|\\\|", "", one))
        else re.sub(r"(?<!\\)\|", r"\\|", one)
    )


def bullets(items: Iterable[str]) -> str:
    """A list, one item to a line."""
    return "\n".join(f"- {item}" for item in items)


def anchor(heading: str) -> str:
    """The fragment by which GitHub links to a heading.

    >>> anchor("Claim `rank-bound`: proved")
    'claim-rank-bound-proved'
    """
    kept = "".join(c for c in heading.strip().lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def join(parts: Iterable[str]) -> str:
    """Blocks with an empty line between them, and a line end at the end."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
