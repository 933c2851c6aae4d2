"""Which sentences of a document are checked: those that name a claim in code (`claim-id`), and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt

from symbolic_mla.derivation.results import ClaimResult, DocumentResult
from symbolic_mla.report.markdown import anchor, code, table

_END = re.compile(r"(?<=[.:!?])\s+(?=[A-Z0-9`*‖√Σ[(])")
_CODE = re.compile(r"`([^`]+)`")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NOT_AN_END = ("e.g.", "i.e.", "cf.", "vs.", "al.", "Lemma.")


def sentences(source: str) -> Iterator[str]:
    """The sentences of the prose of a Markdown text, in order; headings, tables and code are none.

    >>> list(sentences("# T\\n\\nOne is here (`a`). Two\\nfollows.\\n\\n    code\\n"))
    ['One is here (`a`).', 'Two follows.']
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and token.type == "inline":
            parts = _END.split(" ".join(token.content.split()))
            held = ""
            for part in parts:
                held = f"{held} {part}".strip()
                if not held.endswith(_NOT_AN_END):
                    yield held
                    held = ""
            if held:
                yield held


def sentences_section(result: DocumentResult) -> list[str]:
    """The sentences that claims carry, with the claims; then those that nothing checks."""
    claims = {c.id: c for c in result.claims}
    carried: list[list[str]] = []
    commentary: list[str] = []
    named: set[str] = set()
    for sentence in sentences(result.document.source):
        found = [claims[w] for w in dict.fromkeys(_CODE.findall(sentence)) if w in claims]
        named |= {c.id for c in found}
        if found:
            carried.append([_shown(sentence), ", ".join(map(_link, found))])
        else:
            commentary.append(_shown(sentence))
    if not claims:
        return []
    out = ["## Which sentences are checked"]
    if carried:
        lead = (
            "Each of these sentences says in words what the claims that it names say in formulas. The claims are "
            "checked; whether the words fit them is for the reader to see."
        )
        out += [lead, table(["sentence", "checked by"], carried)]
    rest = [c for c in claims.values() if c.id not in named]
    if rest:
        out.append("Checked, and named by no sentence: " + ", ".join(map(_link, rest)) + ".")
    if commentary:
        listed = "\n".join(f"- {s}" for s in commentary)
        word = "sentence is" if len(commentary) == 1 else "sentences are"
        summary = f"<summary>{len(commentary)} {word} commentary, which nothing checks</summary>"
        out.append(f"<details>\n{summary}\n\n{listed}\n\n</details>")
    return out


def _shown(sentence: str) -> str:
    parts = _CODE.split(_LINK.sub(lambda m: m[1], sentence))
    return "".join(code(part) if k % 2 else _SPECIAL.sub(r"\\\1", part) for k, part in enumerate(parts))


def _link(claim: ClaimResult) -> str:
    mark = "" if claim.as_expected else " (**not as the document says**)"
    return f"[{code(claim.id)}](#{anchor(f'{claim.id}: {claim.verdict}')}){mark}"
