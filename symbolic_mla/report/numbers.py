"""Coefficients and numbers of statements as LaTeX and as plain text."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symbolic_mla.kernel.scalar import Generator, Number, Root, Scalar, Var, scalar
from symbolic_mla.kernel.term import Term
from symbolic_mla.language.latex import bracketed
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank

THIN = r"\,"  # Python 3.11 takes no backslash inside the braces of an f-string
NameTerm = Callable[[Term], str]


def number_latex(value: Number, term: NameTerm | None = None) -> str:
    """A number as LaTeX; `term` names the matrices whose ranks it speaks of.

    >>> print(number_latex(scalar(Var("n")) / 2 - 1))
    \\frac{n}{2} - 1
    """
    parts = [_monomial(m, c, term) for m, c in _ordered(scalar(value))]
    text = "".join((" - " if negative else " + ") + body for negative, body in parts) or " + 0"
    return ("-" if text[1] == "-" else "") + text[3:]


def factor_latex(value: Number, term: NameTerm | None = None) -> str:
    """A number in front of a product: nothing for 1, brackets around a sum.

    >>> factor_latex(1), factor_latex(-1), factor_latex(2)
    ('', '-', '2\\\\,')
    """
    value = scalar(value)
    text = number_latex(value, term)
    if len(value.terms) > 1:
        return rf"\left({text}\right)\,"
    return {"1": "", "-1": "-"}.get(text, text + r"\,")


def _ordered(value: Scalar) -> list[tuple[tuple[tuple[Generator, int], ...], Fraction]]:
    return sorted(value.terms.items(), key=lambda t: (-sum(e for _, e in t[0]), [(g.key, -e) for g, e in t[0]]))


def _monomial(powers: tuple[tuple[Generator, int], ...], c: Fraction, term: NameTerm | None) -> tuple[bool, str]:
    above: list[str] = []
    below: list[str] = []
    half = {g: 2 * e for g, e in powers if not isinstance(g, Root)}
    roots: dict[Root, int] = {}
    for g, e in powers:
        if isinstance(g, Root):
            inside = _variable(g.radicand)
            if inside is not None:  # d^-1 sqrt(d) reads better as 1/sqrt(d)
                half[inside] = half.get(inside, 0) + e
            else:
                roots[g] = e
    for v, e in half.items():
        whole, rest = divmod(abs(e), 2)
        (above if e > 0 else below).extend(
            [
                *([_power(_generator(v, term), whole)] if whole else []),
                *([rf"\sqrt{{{_generator(v, term)}}}"] if rest else []),
            ]
        )
    for root, e in roots.items():
        inside_ = number_latex(root.radicand, term)
        whole, rest = divmod(abs(e), 2)
        body = rf"\left({inside_}\right)" if len(root.radicand.terms) > 1 and (abs(e) > 2 or rest) else inside_
        (above if e > 0 else below).extend(
            [*([_power(body, whole)] if whole else []), *([rf"\sqrt{{{inside_}}}"] if rest else [])]
        )
    number = abs(c)
    if number.numerator != 1 or not above:
        above.insert(0, str(number.numerator))
    if number.denominator != 1:
        below.insert(0, str(number.denominator))
    top = THIN.join(above)
    return c < 0, rf"\frac{{{top}}}{{{THIN.join(below)}}}" if below else top


def _variable(radicand: Scalar) -> Var | None:
    """The one variable that a radicand is, if it is."""
    ((m, c), *more) = radicand.terms.items()
    if more or c != 1 or len(m) != 1 or m[0][1] != 1 or not isinstance(m[0][0], Var):
        return None
    return m[0][0]


def _power(text: str, e: int) -> str:
    return text if e == 1 else f"{text}^{{{e}}}"


def _generator(g: Generator, term: NameTerm | None) -> str:
    if isinstance(g, Var):
        bare = g.name.strip("|")
        return name_latex(bare) if bare == g.name else rf"\lvert {name_latex(bare)} \rvert"
    if isinstance(g, Rank):
        return r"\mathrm{rank}" + bracketed(term(g.term) if term else "?")
    if isinstance(g, Entry):
        return term(g.term) if term else "?"
    if isinstance(g, Extreme):
        inside = ", ".join(number_latex(x, term) for x in g.of)
        return rf"\{g.kind}" + bracketed(inside)
    return rf"\text{{{g.key}}}"


def exact_latex(value: object) -> str:
    """An entry of a matrix: an exact number, or an interval by the decimals that are certain.

    >>> print(exact_latex(Fraction(1, 2)))
    \\frac{1}{2}
    """
    if isinstance(value, (int, Fraction, Scalar)):
        return number_latex(value)
    low, high = (_decimal(end) for end in value._mpi_)  # type: ignore[attr-defined]
    if low is None or high is None:
        return r"\text{no bound}"
    if low == high and low.denominator == 1:
        return str(low.numerator)
    digits = next((k for k in range(6, 0, -1) if f"{float(low):.{k}f}" == f"{float(high):.{k}f}"), 0)
    return rf"\approx {float(low):.{digits}f}" if digits else rf"[{float(low):.3g},\,{float(high):.3g}]"


def _decimal(end: tuple[int, int, int, int]) -> Fraction | None:
    """An end of an interval: sign, mantissa and exponent, as mpmath keeps them. None: infinite."""
    sign, mantissa, exponent, _ = end
    if not mantissa:
        return Fraction(0) if not exponent else None
    return Fraction((1 - 2 * int(sign)) * int(mantissa)) * Fraction(2) ** int(exponent)
