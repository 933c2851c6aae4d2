"""What rests on what: claims on claims, by citation or as a document says, documents on documents, all on axioms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from symbolic_mla.report.diagram import quoted
from symbolic_mla.report.markdown import fenced
from symbolic_mla.report.summary import ClaimSummary, Summary

MAX_LINES = 200  # GitHub draws no graph with more than a few hundred lines
COLOURS = (
    "classDef sound fill:#e6f4ea,stroke:#1f7a1f,color:#1f2328",
    "classDef refuted fill:#fdeee0,stroke:#a85400,color:#1f2328",
    "classDef open fill:#fbe3e4,stroke:#b3261e,color:#1f2328",
    "classDef axiom fill:#eef0f3,stroke:#57606a,color:#1f2328",
)
WRITTEN = "written argument"
DOCUMENTS = (
    "An arrow goes from a document to one that it rests on: a claim of the one cites a claim of the other, or the "
    "document says so in words. Green: every claim is as the document says, and so is all that it rests on, down to "
    "the last one. Red: something is not. Grey: what is taken from the literature as an axiom, and the checker of "
    "written arguments, which is trusted beside the kernel."
)
CLAIMS = (
    "A full arrow goes from a claim to what its proof cites; a dotted one to what its document says in words that it "
    "rests on, or to an axiom. A claim counts as *proved* (green), or as *refuted* (orange), only if everything that "
    "it rests on is as its document says; else it is red, and *rests on what is open*."
)


def settled(found: Iterable[Summary]) -> Mapping[str, bool]:
    """For each claim, as `document#id`, and each document, as `document#`: is it as the document says, and so is all
    that it rests on? What rests on itself, in a circle, rests on nothing, and is not settled.

    >>> a = ClaimSummary("a", "proved", True, "proved", None, "all", (), (), rests=("two#b",))
    >>> b = ClaimSummary("b", "undecided", False, "proved", None, "all", (), ())
    >>> dict(settled([Summary("one", "", "", 0, (a,), ()), Summary("two", "", "", 0, (b,), ())]))
    {'one#a': False, 'one#': False, 'two#b': False, 'two#': False}
    """
    own: dict[str, bool] = {}
    below: dict[str, list[str]] = {}
    for s in found:
        for c in s.claims:
            own.setdefault(f"{s.name}#{c.id}", c.as_expected and c.verdict in ("proved", "refuted"))
            below.setdefault(f"{s.name}#{c.id}", [_full(s, x) for x in (*c.cites, *c.rests)])
        own[f"{s.name}#"] = all(met for _, _, met in s.error_blocks)
        below[f"{s.name}#"] = [*(f"{s.name}#{c.id}" for c in s.claims), *(_full(s, x) for x in s.rests)]
    known: dict[str, bool] = {}
    for name in own:
        known[name] = own[name] and all(own.get(x, False) for x in _reached(name, below)) and not _circle(name, below)
    return known


def _full(s: Summary, name: str) -> str:
    return name if "#" in name else f"{s.name}#{name}"


def _reached(name: str, below: Mapping[str, Sequence[str]]) -> set[str]:
    """All that a claim rests on, near and far."""
    met: set[str] = set()
    ahead = list(below.get(name, ()))
    while ahead:
        x = ahead.pop()
        if x not in met:
            met.add(x)
            ahead += below.get(x, ())
    return met


def _circle(name: str, below: Mapping[str, Sequence[str]]) -> bool:
    return any(x in _reached(x, below) for x in (name, *_reached(name, below)))


def _class(c: ClaimSummary, fine: bool) -> str:
    return "open" if not fine else "refuted" if c.verdict == "refuted" else "sound"


def documents_graph(found: Sequence[Summary]) -> str:
    """A node for each document, an arrow to each that it rests on, and to the axioms."""
    known = settled(found)
    place = {s.name: f"d{k}" for k, s in enumerate(found)}
    nodes, lines = [], []
    axioms: dict[str, str] = {}
    for s in found:
        counts = [(v, sum(c.verdict == v for c in s.claims)) for v in ("proved", "refuted", "undecided", "error")]
        shown = ", ".join(f"{n} {v}" for v, n in counts if n)
        style = "sound" if known[f"{s.name}#"] else "open"
        nodes.append(f'  {place[s.name]}["{quoted(s.name)}<br/>{shown}"]:::{style}')
        others = (_full(s, x).split("#")[0] for x in (*(x for c in s.claims for x in (*c.cites, *c.rests)), *s.rests))
        lines += [f"  {place[s.name]} --> {place[x]}" for x in dict.fromkeys(others) if x in place and x != s.name]
        for a in dict.fromkeys(a for c in s.claims for a in _axioms(c)):
            axioms.setdefault(a, f"x{len(axioms)}")
            lines.append(f"  {place[s.name]} -.-> {axioms[a]}")
    return _drawn([*nodes, *_ends(axioms), *lines])


def claims_graph(found: Sequence[Summary]) -> tuple[str, int]:
    """The claims that rest on something or are rested on, and the number of others; no graph where nothing does."""
    known = settled(found)
    rested = {_full(s, x) for s in found for x in (*s.rests, *(x for c in s.claims for x in (*c.cites, *c.rests)))}
    nodes: list[str] = []
    lines: list[str] = []
    axioms: dict[str, str] = {}
    place: dict[str, str] = {}
    alone = 0
    for number, s in enumerate(found):
        drawn = [c for c in s.claims if c.cites or c.rests or _axioms(c) or f"{s.name}#{c.id}" in rested]
        alone += len(s.claims) - len(drawn)
        if not drawn:
            continue
        nodes.append(f'  subgraph d{number}["{quoted(s.name)}"]')
        for k, c in enumerate(drawn):
            name = f"{s.name}#{c.id}"
            place[name] = f"d{number}c{k}"
            mark = c.verdict if known[name] else "rests on what is open" if c.as_expected else c.verdict
            nodes.append(f'    {place[name]}["{quoted(c.id)}: {mark}"]:::{_class(c, known[name])}')
        nodes.append("  end")
    for number, s in enumerate(found):
        lines += [f"  d{number} -.-> {place[_full(s, x)]}" for x in s.rests
                  if _full(s, x) in place and any(f"{s.name}#{c.id}" in place for c in s.claims)]  # fmt: skip
        for c in s.claims:
            lines += list(_lines(s, c, place))
            for a in _axioms(c):
                axioms.setdefault(a, f"x{len(axioms)}")
                lines.append(f"  {place[f'{s.name}#{c.id}']} -.-> {axioms[a]}")
    if not lines or len(lines) > MAX_LINES:
        return "", len(lines)
    return _drawn([*nodes, *_ends(axioms), *lines]), alone


def _lines(s: Summary, c: ClaimSummary, place: Mapping[str, str]) -> Iterator[str]:
    start = place.get(f"{s.name}#{c.id}", "")
    for arrow, names in (("-->", c.cites), ("-.->", [x for x in c.rests if x not in c.cites])):
        for x in names:
            if _full(s, x) in place:
                yield f"  {start} {arrow} {place[_full(s, x)]}"


def _axioms(c: ClaimSummary) -> tuple[str, ...]:
    return (*c.axioms, *([WRITTEN] if c.argued else []))


def _ends(axioms: Mapping[str, str]) -> list[str]:
    return [
        f'  {node}(["{quoted(a)}"]):::axiom' if a == WRITTEN else f'  {node}(["axiom {quoted(a)}"]):::axiom'
        for a, node in axioms.items()
    ]


def _drawn(lines: Sequence[str]) -> str:
    return fenced("mermaid", "\n".join(["flowchart LR", *lines, *(f"  {c}" for c in COLOURS)]))
