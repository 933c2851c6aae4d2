"""What a document declares: a table of symbols and shapes, and the hypotheses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult
from symbolic_mla.language import syntax as s
from symbolic_mla.language.environment import Hypothesis
from symbolic_mla.language.latex import latex, shape_latex, statement_latex
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.report.markdown import bullets, code, inline, table
from symbolic_mla.report.proof import Names
from symbolic_mla.report.proof import statement_latex as obtained_latex

_ORIGINS = {
    "given": "stated with its symbol",
    "assume": "assumed",
    "invertible": "stated: invertible",
    "svd": "from a singular value decomposition",
    "eckart-young": "from the first singular triplets",
}
_SIGNS = {None: "any real number", ">": r"\gt 0", ">=": r"\ge 0", "<": r"\lt 0", "<=": r"\le 0"}


def symbols(result: DocumentResult) -> list[str]:
    """The table of everything that the document declares, in its order."""
    items = [p for p in result.parts if not isinstance(p, (ClaimResult, ErrorBlockResult))]
    rows = [row for item in items for row in declared(item)]
    if not rows:
        return []
    return [table(["symbol", "what it is", "line"], [[symbol, what, str(line)] for symbol, what, line in rows])]


def declared(item: s.Item) -> Iterator[tuple[str, str, int]]:
    """The symbols of a declaration: each as LaTeX, what it is, and its line."""
    line = item.span.line
    match item:
        case s.Dims(found):
            for d in found:
                low = inline(rf"\ge {d.lower}")
                yield inline(name_latex(d.name.text)), f"size: an integer {low}", line
        case s.DimDefinition(name, value):
            yield inline(name_latex(name.text)), f"size: {inline(f'{name_latex(name.text)} = {latex(value)}')}", line
        case s.Scalars(found_scalars):
            for scalar in found_scalars:
                sign = _SIGNS.get(scalar.sign, "")
                what = f"real number, {inline(sign)}" if scalar.sign else sign
                yield inline(name_latex(scalar.name.text)), what, line
        case s.Given(groups):
            for part in groups:
                kind = {1: "vector", 2: "matrix"}.get(len(part.group.sizes), "tensor")
                for name in part.group.names:
                    shape = rf"{name_latex(name.text)} \in {shape_latex(part.group.sizes)}"
                    yield (
                        inline(name_latex(name.text)),
                        f"any {kind} {inline(shape)}" + (", with a hypothesis" if part.hypotheses else ""),
                        line,
                    )
        case s.Functions(found_functions):
            for f in found_functions:
                what = "any function of the last axis"
                if f.positions:
                    at = ", ".join(inline(name_latex(p.text)) for p in f.positions)
                    what += f", one for each position of {at}"
                yield inline(name_latex(f.name.text)), what, line
        case s.Let(name, parameters, body):
            left = name_latex(name.text)
            if parameters:
                left += f"({', '.join(name_latex(p.text) for p in parameters)})"
            yield inline(name_latex(name.text)), f"definition: {inline(f'{left} = {latex(body)}')}", line
        case s.Obtain(names, source):
            text = ", ".join(name_latex(n.text) for n in names)
            few = f", the first {_size(source)}" if len(source.arguments) == 2 else ""
            yield inline(text), f"from {code('svd')} of {_argument(source)}{few}", line


def _argument(source: s.Call) -> str:
    found = source.arguments[0] if source.arguments else None
    return "?" if found is None or isinstance(found, (s.Text, s.ListLiteral)) else inline(latex(found))


def _size(source: s.Call) -> str:
    size = source.arguments[1]
    return "?" if isinstance(size, (s.Text, s.ListLiteral)) else inline(latex(size))


def hypotheses(result: DocumentResult) -> list[str]:
    """What the document assumes beyond shapes, numbered as the proofs cite it."""
    lines = [
        f"{hypothesis_name(k)}: {hypothesis_text(h, result)} ({_ORIGINS[h.origin]}, line {h.span.line})"
        for k, h in enumerate(result.hypotheses)
    ]
    for item, fact in _divisibility(result):
        lines.append(f"{inline(statement_latex(fact))} (assumed, line {item.span.line})")
    return [bullets(lines)] if lines else []


def hypothesis_name(k: int) -> str:
    return f"**(H{k + 1})**"


def hypothesis_text(h: Hypothesis, result: DocumentResult) -> str:
    """A hypothesis as LaTeX where it is a fact of its own, stated or obtained, else as it was written."""
    if h.origin == "invertible":
        return code(h.text)  # one word of the document, and two equations
    facts = [fact for item in result.parts for fact in _facts(item) if fact.span == h.span]
    if len(facts) == 1 and not (isinstance(facts[0], s.Chain) and len(facts[0].steps) > 1):
        return inline(statement_latex(facts[0]))
    names = Names({}, "Z")
    obtained = obtained_latex(h.statement, names) if not facts else ""
    return inline(obtained) if obtained and not names.new else code(h.text)


def _facts(item: object) -> Sequence[s.Fact]:
    if isinstance(item, s.Assume):
        return item.facts
    if isinstance(item, s.Given):
        return [fact for group in item.groups for fact in group.hypotheses]
    return ()


def _divisibility(result: DocumentResult) -> Iterator[tuple[s.Item, s.Fact]]:
    for item in result.parts:
        if isinstance(item, (s.Assume, s.Given)):
            for fact in _facts(item):
                if isinstance(fact, s.Divides) or (isinstance(fact, s.Property) and fact.word in ("even", "odd")):
                    yield item, fact
