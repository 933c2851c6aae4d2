"""Which sentences of a document are checked: those that name a claim, and no others."""

from __future__ import annotations

import re
from types import MappingProxyType

from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.report.made import Known
from symbolic_mla.report.markdown import anchor, code, inline, table
from symbolic_mla.report.prose import CODE, sentences, words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_KEPT = re.compile(r"`([^`]+)`(?!\$)|\$`([^`]+)`\$|(?<![\w$])\$(?=[^\s$])([^$`|]*?)(?<=\S)\$(?![\w$])")
_EMPHASIS = re.compile(r"(?<![\w*`])(\*{1,2})(?=\S)([^*`]+?)(?<=\S)\1(?![\w*`])")
NOTHING: Known = MappingProxyType({})


def unknown(result: DocumentResult, known: Known) -> list[str]:
    """The names `document#id` in the prose whose document is known, and has no such claim."""
    return [n for n in _elsewhere(result) if (d := n.split("#"))[0] in known and d[1] not in known[d[0]]]


def mentioned(result: DocumentResult, known: Known) -> list[str]:
    """The claims of other documents that the prose names, with their verdicts."""
    found = [(n, known.get(n.split("#")[0], {}).get(n.split("#")[1])) for n in _elsewhere(result)]
    return [f"{n}: {c.verdict}, {c.as_expected}" for n, c in found if c is not None]


def _elsewhere(result: DocumentResult) -> list[str]:
    own = frozenset(c.id for c in result.claims)
    return [n for n in words(result.document.source, own).named if n not in own]


def sentences_section(result: DocumentResult, known: Known = NOTHING) -> list[str]:
    """The sentences that claims carry, with the claims; then those that nothing checks.

    `known` has the claims of other documents, by the name of the report and their own.
    """
    claims: dict[str, str] = {c.id: _link("", c.id, c.verdict, c.as_expected) for c in result.claims}
    found = [(name, i, c) for name, ids in known.items() for i, c in ids.items()]
    claims |= {f"{name}#{i}": _link(name, i, c.verdict, c.as_expected) for name, i, c in found}
    carried: list[list[str]] = []
    commentary: list[str] = []
    named: set[str] = set()
    for sentence in sentences(result.document.source):
        here = [w for w in dict.fromkeys(CODE.findall(sentence)) if w in claims]
        named.update(here)
        if here:
            carried.append([_shown(sentence), ", ".join(claims[w] for w in here)])
        else:
            commentary.append(_shown(sentence))
    if not result.claims:
        return []
    out = ["## Which sentences are checked"]
    if carried:
        lead = (
            "Each of these sentences says in words what the claims that it names say in formulas. The claims are "
            "checked; whether the words fit them is for the reader to see."
        )
        out += [lead, table(["sentence", "checked by"], carried)]
    rest = [c for c in result.claims if c.id not in named]
    if rest:
        out.append("Checked, and named by no sentence: " + ", ".join(claims[c.id] for c in rest) + ".")
    if commentary:
        listed = "\n".join(f"- {s}" for s in commentary)
        word = "sentence is" if len(commentary) == 1 else "sentences are"
        summary = f"<summary>{len(commentary)} {word} commentary, which nothing checks</summary>"
        out.append(f"<details>\n{summary}\n\n{listed}\n\n</details>")
    return out


def _shown(sentence: str) -> str:
    """A sentence for a table or a list: its code and its formulas stay, what else could be markup is escaped."""
    plain = _EMPHASIS.sub(lambda m: m[2], _LINK.sub(lambda m: m[1], sentence))
    out, last = [], 0
    for m in _KEPT.finditer(plain):
        formula = m[2] or m[3]
        out += [_SPECIAL.sub(r"\\\1", plain[last : m.start()]), code(m[1]) if m[1] else inline(formula)]
        last = m.end()
    return "".join([*out, _SPECIAL.sub(r"\\\1", plain[last:])])


def _link(name: str, claim: str, verdict: str, as_expected: bool) -> str:
    mark = "" if as_expected else " (**not as the document says**)"
    file, text = (f"{name}.md", f"{name}#{claim}") if name else ("", claim)
    return f"[{code(text)}]({file}#{anchor(f'{claim}: {verdict}')}){mark}"
