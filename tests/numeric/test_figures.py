"""Figures: the same bytes each time, legible on light and dark, and showing what they say."""

from __future__ import annotations

import re
import sys
from xml.etree import ElementTree

import pytest

from symbolic_mla.errors import InputError, UnsupportedError
from symbolic_mla.numeric.figure_data import (
    Curve,
    Spectrum,
    exhibit,
    precision_curve,
    slope,
    spectrum,
    truncation_curve,
)
from symbolic_mla.numeric.figures import precision_figure, spectrum_figure, truncation_figure

SAMPLE = exhibit(1, size=2)


def test_the_data_show_the_theorems():
    """Zeros follow the rank line, errors gain a digit for each digit, and truncation stays under its bound."""
    s = spectrum(SAMPLE)
    assert s.rank == 4 and len(s.values) == 8 and all(v > 0 for v in s.values[:4]) and not any(s.values[4:])
    p = precision_curve(SAMPLE, (10, 30, 50))
    assert slope(p) == pytest.approx(1.0, abs=0.1)
    t = truncation_curve(SAMPLE)
    assert t.at == (1, 2, 3, 4) and t.observed[-1] < 1e-28 < t.observed[0]
    for curve in (p, t):
        assert all(a <= b for a, b in zip(curve.observed, curve.bounds, strict=True))


def test_the_data_are_the_same_each_time():
    """The same seed gives the same numbers, another seed others."""
    assert precision_curve(SAMPLE, (10, 20)) == precision_curve(exhibit(1, size=2), (10, 20))
    assert spectrum(SAMPLE) != spectrum(exhibit(2, size=2))


@pytest.mark.parametrize(
    "figure, data, text",
    [
        (spectrum_figure, Spectrum((2.0, 1.0, 0.0, 0.0), 2), "rank line, r = 2"),
        (precision_figure, Curve((10, 20), (1e-11, 0.0), (1e-9, 1e-19)), "certified bound"),
        (truncation_figure, Curve((1, 2), (0.5, 0.0), (0.7, 1e-30)), "Eckart-Young bound"),
    ],
)
def test_figures_are_deterministic_svg(figure, data, text):
    """SVG that parses, with its text as text, no date, no background, no black, and equal bytes twice."""
    pytest.importorskip("matplotlib", reason="matplotlib is an optional dependency of the figures")
    svg = figure(data)
    assert svg == figure(data)
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg") and text in svg
    assert "date" not in svg.lower() and "fill: #ffffff" not in svg and "stroke: #000000" not in svg


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("page", ["#ffffff", "#0d1117"])
def test_every_colour_stands_out_on_light_and_on_dark(page):
    """Lines and dots by 3 to 1, as WCAG asks of graphics, and text by more than 4."""
    svg = precision_figure(Curve((10, 20), (1e-11, 1e-21), (1e-9, 1e-19)))
    lines, words = (set(re.findall(p + r": (#[0-9a-f]{6})", svg)) for p in ("stroke", "fill"))
    assert len(lines) >= 3 and words

    def contrast(colour: str) -> float:
        low, high = sorted((luminance(colour), luminance(page)))
        return (high + 0.05) / (low + 0.05)

    text = set(re.findall(r"<text[^>]*fill: (#[0-9a-f]{6})", svg))
    assert text and min(map(contrast, text)) > 4
    assert min(map(contrast, lines | words)) > 3


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UnsupportedError, match=r"figures need matplotlib\n  try: pip install"):
        spectrum_figure(Spectrum((1.0,), 1))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: precision_curve(SAMPLE, (10,)), "at least two numbers from 10 to 250"),
        (lambda: precision_curve(SAMPLE, (10, 900)), "at least two numbers from 10 to 250"),
        (lambda: slope(Curve((1, 2), (0.0, 0.0), (1.0, 1.0))), "an error of zero has no slope"),
    ],
)
def test_bad_arguments_are_errors(call, message):
    """Curves need two points, and a slope needs errors."""
    with pytest.raises(InputError, match=message):
        call()
