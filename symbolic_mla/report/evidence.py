"""Evidence, not proof: what a small sweep of random layers measured for the theorems of a document, with figures.

A report must be the same bytes on every CPU, and the last digits of a float are not: another BLAS moves an error, or
a certified bound, by a factor of two and more. So no measured float is printed. The section states the *ceilings* of
each row, powers of ten at least ten times above what was met with four kernels of OpenBLAS, and each run checks them;
what is above one is a problem, and no report is written. Figures come from integer weights, mpmath and balls, rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, inf, isfinite, log10
from pathlib import PurePath
from typing import TYPE_CHECKING

from symbolic_mla.derivation.results import DocumentResult
from symbolic_mla.errors import InputError, SymbolicMLAError
from symbolic_mla.report.markdown import bullets, code, join, table

if TYPE_CHECKING:
    from symbolic_mla.numeric.figure_data import Curve
    from symbolic_mla.numeric.sweep_result import SweepResult

TITLE = "Evidence, not proof"
SEED = 0
CASES = 6
CEILINGS: dict[tuple[str, str], dict[str, tuple[int, int]]] = {
    ("tiled-svd", "float64"): {"product": (-13, -13), "orthonormality": (-13, -11), "singular values": (-13, -10)},
    ("gqa-as-mla", "float32"): {"output": (-4, -1), "output, absorbed": (-4, 0)},
    ("gqa-as-mla", "float64"): {"output": (-13, -10), "output, absorbed": (-13, -9)},
    ("shared-latent", "float32"): {"output": (-5, -1), "output, absorbed": (-5, 0)},
    ("shared-latent", "float64"): {"output": (-12, -10), "output, absorbed": (-12, -9)},
    ("absorption", "float32"): {"output": (-5, -1)},
    ("absorption", "float64"): {"output": (-14, -10)},
}
"""Powers of ten by theorem, precision and kind of error: of every observed error, and of every certified bound."""
NEGLIGIBLE = 1e-9  # on a linear axis it can't be told from 0


@dataclass(frozen=True)
class Measured:
    """A theorem of the sweep, and the claims of a document whose instances it measures."""

    theorem: str
    claims: tuple[str, ...]
    precisions: tuple[str, ...] = ("float32", "float64")


MEASURED: dict[str, tuple[Measured, ...]] = {
    "gqa-is-mla.md": (
        # the construction itself runs in float64, whatever the precision of the layer
        Measured("tiled-svd", ("factorisation-by-svd-keys", "factorisation-by-svd-values"), ("float64",)),
        Measured("gqa-as-mla", ("attention",)),
    ),
    "joint-latent.md": (Measured("shared-latent", ("a-joint-latent-of-twice-the-size",)),),
    "absorption.md": (Measured("absorption", ("scores", "outputs")),),
}
ILLUSTRATED = "gqa-is-mla.md"


@dataclass(frozen=True)
class Evidence:
    """The section of a report, its figures (SVG by file name), and what went wrong, in words."""

    markdown: str
    figures: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def evidence(result: DocumentResult) -> Evidence | None:
    """What was measured for a document; None if the sweep measures none of its claims.

    A document is known by the name of its file and by the claims that it makes. A sweep that fails, or cannot
    be run, is a problem: it never is silence.
    """
    name = PurePath(result.path).name
    ids = {claim.id for claim in result.claims}
    chosen = [m for m in MEASURED.get(name, ()) if ids.issuperset(m.claims)]
    if not chosen:
        return None
    try:
        sweeps = [(m, _sweep(m)) for m in chosen]
        problems = [p for _, found in sweeps for p in _problems(found)]
        parts = [_lead(), _rows(sweeps), _again(chosen)]
        figures: dict[str, str] = {}
        if name == ILLUSTRATED:
            figures, text, wrong = _figures(name.removesuffix(".md"))
            parts.append(text)
            problems += wrong
    except SymbolicMLAError as error:
        return Evidence("", problems=(f"{result.path}: evidence: {error.message}",))
    return Evidence(join(parts), figures, tuple(f"{result.path}: evidence: {p}" for p in problems))


def _sweep(measured: Measured) -> SweepResult:
    from symbolic_mla.numeric.sweep import run_sweep  # NumPy is for those who measure

    return run_sweep(CASES, seed=SEED, precisions=measured.precisions, theorem=measured.theorem)


def _problems(found: SweepResult) -> list[str]:
    """Errors above their bounds, and what is above its ceiling or could not be measured."""
    out = [] if found.results else ["the sweep measured nothing"]
    for r in found.results:
        where = f"seed {r.seed}, {r.theorem} at {r.precision}"
        wrong = [] if r.measurements else [r.error or "nothing was measured"]
        for m in r.measurements:
            if not m.holds:
                wrong.append(f"{m.name}: the error {m.observed:.3g} is above its bound {m.bound:.3g}")
            error, bound = _ceilings(r.theorem, r.precision, m.name)
            for kind, value, power in (("error", m.observed, error), ("bound", m.bound, bound)):
                if not value <= 10.0**power:  # NaN as well
                    wrong.append(f"{m.name}: the {kind} {value:.3g} is above the ceiling {_power(power)} of the report")
        out += [f"{where}: {w}; again: {r.reproduce}" for w in wrong]
    return out


def _ceilings(theorem: str, precision: str, name: str) -> tuple[int, int]:
    found = CEILINGS.get((theorem, precision), {}).get(name)
    if found is None:
        raise InputError(f"the report states no ceiling for {name} of {theorem} at {precision}", hint="CEILINGS")
    return found


# ---- words ---------------------------------------------------------------------------------------------


def _lead() -> str:
    return (
        f"A sweep of {CASES} random layers, the seeds {SEED} to {SEED + CASES - 1}, ran the layers of the claims in "
        "floating point. Every observed error is within its certified bound. This is evidence that what is proved is "
        "what runs; the theorems do not rest on it."
    )


def _rows(sweeps: Sequence[tuple[Measured, SweepResult]]) -> str:
    rows = []
    for measured, found in sweeps:
        claims = ", ".join(map(code, measured.claims))
        for s in found.summaries():
            error, bound = map(_power, _ceilings(s.theorem, s.precision, s.name))
            cells = [claims, s.precision, s.name, str(s.cases), f"at most {error}", f"at most {bound}"]
            rows.append([code(measured.theorem), *cells])
    head = ["sweep", "claims", "precision", "error", "cases", "worst error", "certified bounds"]
    sizes = "; ".join(dict.fromkeys(_sizes(found) for _, found in sweeps))
    return join([f"Sizes met: {sizes}.", table(head, rows)])


def _sizes(found: SweepResult) -> str:
    names = {"n": "copies n", "G": "groups G", "d": "size of a head d", "D": "width D", "t": "queries t", "s": "keys s"}
    parts = []
    for key, words in names.items():
        values = [int(r.sizes[key]) for r in found.results]
        parts.append(f"{words} = {min(values)} to {max(values)}" if values else f"{words}: none")
    return ", ".join(parts)


def _power(power: int) -> str:
    return "1" if power == 0 else f"1e{power}"


def _again(chosen: Sequence[Measured]) -> str:
    begin = f"symbolic-mla sweep --cases {CASES} --seed {SEED}"
    lines = [code(f"{begin} --precision {','.join(m.precisions)} --theorem {m.theorem}") for m in chosen]
    note = (
        "The last digits depend on the CPU. What stands above are ceilings that the tool states and each run checks, "
        "with an order of magnitude to spare (a certified bound also covers the worst case that did not occur); to see "
        "the numbers of a machine, run:"
    )
    return join([note, bullets(lines)])


# ---- figures -------------------------------------------------------------------------------------------


def above(x: float) -> float:
    """A power of ten that is at least 2 x and below 20 x or about; of 0 it is 0.

    The factor of two keeps numbers that lie at a power of ten from falling on either side of it.

    >>> above(1.1e-13), above(4e-13), above(7e-13), above(0.0)
    (1e-12, 1e-12, 1e-11, 0.0)
    """
    if not isfinite(x):
        return inf
    return float(f"1e{floor(log10(2 * x)) + 1}") if x > 0 else 0.0


def _figures(name: str) -> tuple[dict[str, str], str, list[str]]:
    """The three figures of a small layer, their Markdown, and what is wrong with their data."""
    from symbolic_mla.numeric import figure_data, figures
    from symbolic_mla.numeric.figure_data import Curve, exhibit

    sample = exhibit(SEED)
    values = figure_data.spectrum(sample)
    digits, ranks = figure_data.precision_curve(sample), figure_data.truncation_curve(sample)
    problems = [*_above_bound("precision", digits), *_above_bound("truncation", ranks)]
    gained = figure_data.slope(digits)
    if not 0.9 <= gained <= 1.1:
        problems.append(f"a digit of precision takes {gained} digits off the error, and 1 was expected")
    coarse = Curve(digits.at, tuple(map(above, digits.observed)), tuple(map(above, digits.bounds)))
    visible = Curve(ranks.at, _seen(ranks.observed), _seen(ranks.bounds))
    made: list[tuple[str, str, Callable[[], str], str]] = [
        (
            "spectrum", "The singular values of the tiled weight against the rank line",
            lambda: figures.spectrum_figure(values),
            "The tiled key weight has no more singular values than the weight has rows: those behind the line vanish.",
        ),
        (
            "precision", "The error against the working precision",
            lambda: figures.precision_figure(coarse),
            f"Each digit of the computation takes {gained:.1f} digits off the difference of the grouped and the latent "
            "layer, from the first point to the last: it has no floor, as that of an equality has none (errors and "
            "bounds are rounded up to powers of ten).",
        ),
        (
            "truncation", "The error of a truncated latent against its rank, with the Eckart-Young bound",
            lambda: figures.truncation_figure(visible),
            "With a latent of rank r' below G d the layers differ, by no more than the singular value of index r' + 1 "
            "allows; at r' = G d nothing is left.",
        ),
    ]  # fmt: skip
    h = sample.heads
    parts = [
        f"The figures show one layer of integer weights: {h.copies} copies, {h.groups} groups, heads of size {h.size}, "
        "and a causal mask. It ran in balls, with singular values from mpmath; what is drawn is rounded."
    ]
    files = {}
    for kind, title, draw, caption in made:
        file = f"{name}.{kind}.svg"
        files[file] = draw()
        parts += [f"![{title}](figures/{file})", caption]
    return files, join(parts), problems


def _above_bound(name: str, curve: Curve) -> list[str]:
    pairs = zip(curve.at, curve.observed, curve.bounds, strict=True)
    return [
        f"the figure of {name}: at {at} the error {error:.3g} is above its bound {bound:.3g}"
        for at, error, bound in pairs
        if not error <= bound
    ]


def _seen(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(v if v > NEGLIGIBLE else 0.0 for v in values)
