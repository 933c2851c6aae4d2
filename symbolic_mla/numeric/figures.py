"""Figures as SVG text: deterministic, without a background, in colours that read on light and on dark.

The one file that imports matplotlib (the extra ``figures``), and only when a figure is made.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from symbolic_mla.errors import UnsupportedError
from symbolic_mla.numeric.figure_data import Curve, Spectrum

_INK = "#757a82"  # text and axes: a contrast of 4.3 to 1 with white and with near-black, the most there is for both
_BLUE = "#3b82c4"
_ORANGE = "#cf6a1c"
_STYLE = {
    "svg.hashsalt": "symbolic_mla",  # matplotlib's element ids are random without it
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
    "path.simplify": False,
}


def _figure(
    title: str, x_label: str, y_label: str, draw: Callable[[Any], None], legend: str = "upper right"
) -> str:
    try:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
        from matplotlib.ticker import FixedLocator, MaxNLocator
    except ImportError as error:
        raise UnsupportedError(
            "figures need matplotlib", hint="pip install matplotlib"
        ) from error
    # the defaults first: a user's own matplotlibrc must not change a report
    style: Any = {**dict(matplotlib.rcParamsDefault), **_STYLE, "backend": "svg"}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(5.6, 3.4), layout="tight")
        FigureCanvasSVG(figure)
        axes: Any = figure.add_subplot()
        draw(axes)
        axes.set_title(title)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        if not isinstance(axes.xaxis.get_major_locator(), FixedLocator):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc=legend)
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def spectrum_figure(data: Spectrum) -> str:
    """The singular values of the tiled weight by index, with the rank line behind the last that need not vanish."""

    def draw(axes: Any) -> None:
        index = range(1, len(data.values) + 1)
        axes.plot(index, data.values, "o", color=_BLUE, label="singular values of tile(W, n)")
        axes.axvline(data.rank + 0.5, color=_ORANGE, linestyle="--", label=f"rank line, r = {data.rank}")
        axes.set_ylim(bottom=-0.03 * max(data.values))

    return _figure("Tiling adds no rank", "index", "singular value", draw, "center right")


def precision_figure(data: Curve) -> str:
    """The difference of grouped and latent layer against the digits of the computation, with its bound."""

    def draw(axes: Any) -> None:
        axes.semilogy(data.at, data.bounds, "--", color=_ORANGE, label="certified bound")
        shown = [(d, e) for d, e in zip(data.at, data.observed, strict=True) if e > 0]
        axes.semilogy([d for d, _ in shown], [e for _, e in shown], "o-", color=_BLUE, label="observed")
        axes.set_xticks(data.at)
        powers = range(-max(data.at) // 10 * 10, 0, 20 if max(data.at) > 60 else 10)
        axes.set_yticks([10.0**p for p in powers])
        axes.minorticks_off()

    return _figure("The error falls with the precision", "decimal digits", "largest difference", draw)


def truncation_figure(data: Curve) -> str:
    """The difference of grouped and truncated latent layer against the rank of the latents, with its bound."""

    def draw(axes: Any) -> None:
        axes.plot(data.at, data.bounds, "--", color=_ORANGE, label="Eckart-Young bound of the output")
        axes.plot(data.at, data.observed, "o-", color=_BLUE, label="observed")
        axes.set_ylim(bottom=0)

    return _figure("Truncated latents", "rank r' of the latents", "largest difference", draw)
