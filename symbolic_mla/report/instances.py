"""Instances in a report: the counterexample with both values, and the model of the hypotheses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any

from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.derivation.results import StepResult
from symbolic_mla.errors import CertificateError, ShapeError, SymbolicMLAError
from symbolic_mla.instance.evaluate import Function, Instance, Tensor
from symbolic_mla.instance.functions import ENCLOSED, NAMED, Polynomial, stand_in
from symbolic_mla.instance.judge import equal, holds
from symbolic_mla.instance.linear import excluding
from symbolic_mla.instance.values import enclosure, rank, size
from symbolic_mla.kernel.node import names
from symbolic_mla.kernel.scalar import Number, Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank, factorised
from symbolic_mla.prover.refute import Counterexample
from symbolic_mla.report.markdown import block, fenced, inline, table
from symbolic_mla.report.numbers import exact_latex

MAX_WIDTH = 70  # characters of formulas on one line
MAX_SHOWN = 100  # entries of a tensor that a report writes out


def instance_of(s: Statement, found: Counterexample) -> tuple[Instance, list[str]]:
    """The counterexample as an instance that can be evaluated, and the named functions, whose values are enclosed."""
    numbers: dict[str, Number] = {**found.sizes, **found.scalars}
    named = sorted({t.function for t in subterms(*terms_of(s)) if isinstance(t, Apply) and t.function in NAMED})
    if not named:
        tables: dict[str, Function] = {f: _lookup(rows) for f, rows in found.functions.items()}
        return Instance(numbers, dict(found.tensors), dict(found.positions), tables), named
    functions: dict[str, Function] = {f: Polynomial(f, 1) for f in found.functions}
    functions.update((f, ENCLOSED[f]) for f in named)
    tensors = {k: Tensor(t.shape, tuple(map(enclosure, t.entries))) for k, t in found.tensors.items()}
    return Instance(numbers, tensors, dict(found.positions), functions, enclosure), named


def _lookup(rows: Mapping[tuple[tuple[int, ...], tuple[Number, ...]], tuple[int, ...]]) -> Function:
    def f(positions: tuple[int, ...], row: Sequence[Any]) -> Sequence[Any]:
        return rows[positions, tuple(row)]

    return f


def tensor_latex(t: Tensor) -> str | None:
    """A matrix, a row for a vector, the number for no axes; None for more axes or too many entries."""
    if len(t.entries) > MAX_SHOWN or len(t.shape) > 2:
        return None
    if not t.shape:
        return exact_latex(t.entries[0])
    rows = t.rows() if len(t.shape) == 2 else [list(t.entries)]
    lines = r" \\ ".join(" & ".join(map(exact_latex, row)) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def tensor_parts(name: str, t: Tensor) -> list[str]:
    """Equations that give a tensor: one for a matrix, one for each slice of a tensor with more axes."""
    text = tensor_latex(t)
    if text is not None:
        return [f"{name} = {text}"]
    if len(t.entries) > MAX_SHOWN:
        return [rf"{name} \in \mathbb{{R}}^{{{_times(t.shape)}}}\ \text{{(not written out)}}"]
    step = t.shape[-1] * t.shape[-2]
    out = []
    for number, index in enumerate(product(*map(range, t.shape[:-2]))):
        part = Tensor(t.shape[-2:], t.entries[number * step : (number + 1) * step])
        out.append(f"{_indexed(name)}_{{{','.join(map(str, index))},:,:}} = {tensor_latex(part)}")
    return out


def _times(shape: Sequence[int]) -> str:
    return r" \times ".join(map(str, shape))


def _indexed(name: str) -> str:
    return f"({name})" if "_" in name else name


def sizes_latex(sizes: Mapping[str, int]) -> str:
    """`n = 2,\\; G = d = 1`: sizes of equal value together, the largest first."""
    by_value: dict[int, list[str]] = {}
    for name, value in sizes.items():
        by_value.setdefault(value, []).append(name_latex(name))
    return r",\; ".join(f"{' = '.join(names)} = {value}" for value, names in sorted(by_value.items(), reverse=True))


def counterexample(step: StepResult, s: Statement, found: Counterexample) -> list[str]:
    """The instance at which a step fails and what both sides are there, as blocks of Markdown."""
    own = spoken(s)
    sizes = {k: v for k, v in found.sizes.items() if k in own}
    parts = [f"Sizes: {inline(sizes_latex(sizes))}." if sizes else "No sizes occur."]
    if found.smallest:
        parts[0] += (
            " No smaller sizes will do, and at these no instance with fewer non-zero entries"
            " of 0 and ±1: the search was exhaustive."
        )
    else:
        parts[0] += " This is the smallest that was found; the search was not exhaustive."
    given = _symbols(found, own)
    if given:
        parts.append(gathered(given))
    others = {k: v for k, v in found.sizes.items() if k not in own}
    rest = [sizes_latex(others)] if others else []
    rest += _symbols(found, (found.scalars.keys() | found.tensors.keys()) - own)
    if rest:
        parts += ["What else the document declares, so that its hypotheses hold:", gathered(rest)]
    parts += _functions(found, s)
    try:
        at, named = instance_of(s, found)
        parts += _compared(step, at) or _values(s, at)
    except (SymbolicMLAError, LookupError):
        return [*parts, "Both values are left out here: they are too large."]
    if named:
        parts.append(
            "Values of named functions are enclosed in intervals; the digits shown are certain, and only"
            " enclosures that do not meet refute."
        )
    return parts


def instance_parts(found: Counterexample) -> tuple[list[str], list[str]]:
    """An instance by itself: equations in LaTeX for its symbols, and Markdown for its functions."""
    return _symbols(found, found.scalars.keys() | found.positions.keys() | found.tensors.keys()), _functions(found)


def gathered(items: Sequence[str]) -> str:
    """Equations beside one another, as many to a line as a page is wide."""
    lines: list[list[str]] = [[]]
    room = MAX_WIDTH
    for item in items:
        width = _width(item)
        if lines[-1] and width > room:
            lines.append([])
            room = MAX_WIDTH
        lines[-1].append(item)
        room -= width
    text = [r" \qquad ".join(line) for line in lines]
    if len(text) == 1:
        return block(text[0])
    return block("\\begin{gathered}\n" + " \\\\[1ex]\n".join(text) + "\n\\end{gathered}")


def _width(latex: str) -> int:
    """Roughly how many characters wide a formula is: its longest row, without macros and braces."""
    rows = re.sub(r"\\\\", "\n", latex)
    rows = re.sub(r"\\(?:begin|end)\{\w+\}|\\[A-Za-z]+|[{}$]", "", rows).replace("&", "  ")
    return max(len(" ".join(row.split())) + 2 * row.count("  ") for row in rows.split("\n")) + 5


def spoken(s: Statement) -> set[str]:
    """The names of the sizes, scalars and symbols that a statement speaks of."""
    terms = list(terms_of(s))
    found = names(*terms) | {v.name for v in variables(*terms)}
    todo = [s.left, s.right] if isinstance(s, Compare) else []
    while todo:
        for g in todo.pop().generators():
            if isinstance(g, Var):
                found.add(g.name)
            elif isinstance(g, Extreme):
                todo += g.of
            elif isinstance(g, Rank | Entry):
                found |= {v.name for v in variables(g.term)}
    return found


def _symbols(found: Counterexample, own: Collection[str]) -> list[str]:
    """The values of some scalars, positions and tensors, as equations."""
    out = [f"{name_latex(k.strip('|'))} = {exact_latex(v)}" for k, v in found.scalars.items() if k in own]
    for k, v in found.positions.items():
        if k in own:
            out.append(rf"{name_latex(k)} = {v}\text{{ (a position, counted from 0)}}")
    return out + [x for k, t in found.tensors.items() if k in own for x in tensor_parts(_hypothetical(k), t)]


def _functions(found: Counterexample, s: Statement | None = None) -> list[str]:
    out = []
    for name, values in found.functions.items():
        if not values:
            lead = f"The function {inline(name_latex(name))} is arbitrary in the claim; here it is a quadratic map"
            shown = stand_in(name, s, found.sizes) if s is not None else []
            out.append(f"{lead}:\n\n{fenced('text', chr(10).join(shown))}" if shown else f"{lead}.")
            continue
        positions = any(where for where, _ in values)
        header = [*(["position"] if positions else []), "argument", f"value of {inline(name_latex(name))}"]
        rows = []
        for (where, row), value in values.items():
            cells = [", ".join(map(str, where))] if positions else []
            rows.append([*cells, inline(_row(row)), inline(_row(value))])
        out.append(
            f"The function {inline(name_latex(name))} is arbitrary in the claim; here it takes these values:\n\n"
            + table(header, rows)
        )
    return out


def _row(entries: Sequence[object]) -> str:
    inside = r",\; ".join(map(exact_latex, entries))
    return rf"\left({inside}\right)"


def _compared(step: StepResult, at: Instance) -> list[str]:
    if step.numbers is None:
        return []
    left, right = (exact_latex(at.number(n)) for n in step.numbers)
    relation = {"<=": r"\le", ">=": r"\ge", "<": r"\lt", ">": r"\gt"}.get(step.relation, "=")
    return [
        f"The left side is {inline(left)}, the right side is {inline(right)}, and "
        f"{inline(f'{left} {relation} {right}')} is false."
    ]


def _values(s: Statement, at: Instance) -> list[str]:
    if isinstance(s, Equation):
        left, right = at.value(s.left), at.value(s.right)
        shown = [*tensor_parts(r"\text{left}", left), *tensor_parts(r"\text{right}", right)]
        return [gathered(shown), _where(left, right)]
    if isinstance(s, Exists):
        try:
            stacked, inner = factorised(s)
        except (CertificateError, ShapeError):
            return _unsolvable(s, at)
        value = at.value(stacked)
        bound, met = size(inner, at.numbers), rank(value.rows())
        what = (
            "the matrices that share the right factor, stacked, are"
            if len(s.equations) > 1
            else "the matrix to be factorised is"
        )
        above = rf"{met} \gt {bound}"
        return [
            f"A factorisation exists if and only if a rank is at most the inner size. Here {what}",
            block(tensor_latex(value) or r"\text{(too large to be written out)}"),
            f"of rank {inline(str(met))}, and the inner size is {inline(str(bound))}: {inline(above)}.",
        ]
    if isinstance(s, Iff):
        sides = [holds(x, at) for x in (s.left, s.right)]
        words = {True: "true", False: "false", None: "open"}
        return [f"The left side is {words[sides[0]]} here, the right side is {words[sides[1]]}."]
    return []


def _unsolvable(s: Exists, at: Instance) -> list[str]:
    unknowns = " and ".join(inline(name_latex(a.name)) for a in s.unknowns)
    found = excluding(s, at)
    if not found:
        return [f"Here the equations are a linear system for the entries of {unknowns}, which has no solution."]
    values = [tensor for chosen in found for name, value in chosen.items()
              for tensor in tensor_parts(name_latex(name), value)]  # fmt: skip
    return [
        f"The equations are linear in {unknowns}, and no choice satisfies them for"
        f" {'this' if len(found) == 1 else 'all of these'}:",
        gathered(values),
    ]


def _where(left: Tensor, right: Tensor) -> str:
    for number, index in enumerate(product(*map(range, left.shape))):
        x, y = left.entries[number], right.entries[number]
        if equal(Tensor((), (x,)), Tensor((), (y,))) is False:
            place = f"At index {', '.join(map(str, index))} (counted from 0)" if index else "As numbers"
            return f"{place} the left side is {inline(exact_latex(x))} and the right side is {inline(exact_latex(y))}."
    return "They differ."


def model(at: Instance, dims: Sequence[str]) -> list[str]:
    """An instance that satisfies the hypotheses: its sizes, and its tensors where they are small."""
    sizes = {k: int(v) for k, v in at.numbers.items() if k in dims}  # type: ignore[arg-type]
    others = [f"{name_latex(k.strip('|'))} = {exact_latex(v)}" for k, v in at.numbers.items() if k not in dims]
    shown = [text for k, t in at.tensors.items() for text in tensor_parts(_hypothetical(k), t)]
    where = inline(", ".join(x for x in [sizes_latex(sizes), *others] if x))
    return [
        f"All hypotheses were seen to hold together at {where}, so a claim that uses them is not vacuous.",
        *([gathered(shown)] if shown else []),
    ]


def _hypothetical(name: str) -> str:
    bare = name.removesuffix("⁻¹")
    return name_latex(name) if bare == name else f"{name_latex(bare)}^{{-1}}"
