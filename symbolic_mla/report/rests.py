"""What rests on what: claims on claims, by citation or as a document says, documents on documents, all on axioms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symbolic_mla.report.made import ClaimSummary, Summary
from symbolic_mla.report.markdown import fenced, quoted

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
    "A full arrow goes from a claim to what its proof cites, a dotted one to what its document says in words that it "
    "rests on; what a document says of all its claims together is *as a whole*. A claim counts as *proved* (green), or "
    "as *refuted* (orange), only if everything that it rests on is as its document says; else it is red."
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
    reached = {name: {name, *_reached(name, below)} for name in own}
    in_circle = {name for name in own if any(name in reached.get(x, ()) for x in below[name])}
    return {name: not in_circle & reached[name] and all(own.get(x, False) for x in reached[name]) for name in own}


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


def documents_graph(found: Sequence[Summary]) -> tuple[str, list[str]]:
    """A node for each document, an arrow to each that it rests on, and to the axioms; those without any arrow, which
    are not drawn, by name."""
    known = settled(found)
    place = {s.name: f"d{k}" for k, s in enumerate(found)}
    lines: list[str] = []
    met: set[str] = set()
    axioms: dict[str, str] = {}
    for s in found:
        others = {_full(s, x).split("#")[0]: None for x in _rested(s)}
        below = [x for x in others if x in place and x != s.name]
        lines += [f"  {place[s.name]} --> {place[x]}" for x in below]
        for a in dict.fromkeys(a for c in s.claims for a in trusted(c)):
            lines.append(f"  {place[s.name]} -.-> {axioms.setdefault(a, f'x{len(axioms)}')}")
            met.add(s.name)
        met.update([s.name, *below] if below else [])
    nodes = []
    for s in found:
        if s.name in met:
            counts = [(v, sum(c.verdict == v for c in s.claims)) for v in ("proved", "refuted", "undecided", "error")]
            shown = ", ".join(f"{n} {v}" for v, n in counts if n)
            style = "sound" if known[f"{s.name}#"] else "open"
            nodes.append(f'  {place[s.name]}["{quoted(s.name)}<br/>{shown}"]:::{style}')
    nodes += [f'  {node}(["{quoted(a if a == WRITTEN else f"axiom {a}")}"]):::axiom' for a, node in axioms.items()]
    return (_drawn([*nodes, *lines]) if lines else ""), [s.name for s in found if s.name not in met]


def claims_graph(found: Sequence[Summary]) -> tuple[str, int]:
    """The claims that rest on claims or are rested on, and the number of lines; no graph of none or of too many."""
    known = settled(found)
    claims = {f"{s.name}#{c.id}": c for s in found for c in s.claims}
    lines: dict[str, None] = {}
    place: dict[str, str] = {}

    def node(name: str) -> str:
        return place.setdefault(name, f"c{len(place)}")

    for s in found:
        for c in s.claims:
            for arrow, names in (("-->", c.cites), ("-.->", [x for x in c.rests if x not in c.cites])):
                below = [_full(s, x) for x in names if _full(s, x) in claims]
                lines |= {f"  {node(f'{s.name}#{c.id}')} {arrow} {node(x)}": None for x in below}
        lines |= {f"  {node(f'{s.name}#')} -.-> {node(x)}": None for x in (_full(s, y) for y in s.rests) if x in claims}
    if not lines or len(lines) > MAX_LINES:
        return "", len(lines)
    nodes = []
    for name, at in place.items():
        document, claim = name.split("#")
        text = f"{quoted(document)}<br/>"
        if not claim:
            nodes.append(f'  {at}(["{text}as a whole"]):::{"sound" if known[name] else "open"}')
            continue
        c = claims[name]
        verdict = c.verdict if known[name] else "rests on what is open" if c.as_expected else c.verdict
        by = "".join(f", by {a if a == WRITTEN else f'axiom {a}'}" for a in trusted(c))
        style = "open" if not known[name] else "refuted" if c.verdict == "refuted" else "sound"
        nodes.append(f'  {at}["{text}{quoted(claim)}<br/>{quoted(verdict + by)}"]:::{style}')
    return _drawn([*nodes, *lines]), len(lines)


def _rested(s: Summary) -> list[str]:
    return [*(x for c in s.claims for x in (*c.cites, *c.rests)), *s.rests]


def trusted(c: ClaimSummary) -> tuple[str, ...]:
    """The axioms of a claim, and the checker of written arguments where it was that."""
    return (*c.axioms, *([WRITTEN] if c.argued else []))


def _drawn(lines: Sequence[str]) -> str:
    return fenced("mermaid", "\n".join(["flowchart LR", *lines, *(f"  {c}" for c in COLOURS)]))
