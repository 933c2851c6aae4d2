"""Certificates of rank: they state the rank, they check, and changed ones are refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import BudgetError, CertificateError, InputError, ShapeError
from symbolic_mla.exact import rank as rank_module
from symbolic_mla.exact.rank import rank_certificate
from symbolic_mla.exact.rank_certificate import Product, RankCertificate, Span

SIZES = st.integers(1, 12)
A = [[1, 2, 3], [2, 4, 6], [0, 0, 1], [0, 0, 0]]


def rational_product(seed: int, rows: int, columns: int, inner: int, prime: int) -> list[list[Fraction]]:
    """A matrix of rank at most `inner`; the prime may divide entries and denominators."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(-9, 10, (rows, inner)) @ rng.integers(-2, 3, (inner, columns))
    powers = rng.integers(-1, 2, rows).tolist()
    return [
        [Fraction(x) * Fraction(prime) ** power for x in row]
        for row, power in zip(whole.tolist(), powers, strict=True)
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), SIZES, SIZES, SIZES, st.sampled_from([5, 7, 8388593]))
def test_rank_is_flints_and_the_certificate_checks(
    seed: int, rows: int, columns: int, inner: int, prime: int
) -> None:
    """Whatever prime the search begins with, the rank is FLINT's over the rationals, with a proof."""
    matrix = rational_product(seed, rows, columns, inner, prime)
    certificate = rank_certificate(matrix, prime=prime)
    entries = [flint.fmpq(x.numerator, x.denominator) for row in matrix for x in row]
    assert certificate.rank == flint.fmpq_mat(rows, columns, entries).rank()
    certificate.check(matrix)
    assert RankCertificate.from_json(certificate.to_json()) == certificate


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), SIZES, SIZES, st.integers(1, 4), st.booleans())
def test_tile_keeps_rank_of_floats(seed: int, rows: int, columns: int, copies: int, wide: bool) -> None:
    """rank tile(W, n) = rank W for float W, along either axis, with the repeated rows as the proof."""
    rng = np.random.default_rng(seed)
    weight = np.ldexp(rng.standard_normal((rows, columns)), rng.integers(-60, 60, (rows, columns)))
    tiled = np.tile(weight, (1, copies) if wide else (copies, 1))
    certificate = rank_certificate(tiled)
    assert certificate.rank == rank_certificate(weight).rank
    certificate.check(tiled)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 6), st.data())
def test_a_changed_entry_is_noticed(seed: int, size: int, data: st.DataObject) -> None:
    """A certificate never checks against a matrix of another rank."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 4, (size, size - 1)) @ rng.integers(-3, 4, (size - 1, size))
    certificate = rank_certificate(matrix)
    changed = matrix.copy()
    changed[data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))] += 1
    if rank_certificate(changed).rank != certificate.rank:
        with pytest.raises(CertificateError):
            certificate.check(changed)


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        ([[0, 0], [0, 0]], 0),
        ([[0.0, -0.0]], 0),
        ([[5e-324, 1e308]], 1),
        ([[0.1, 0.2, 0.3], [0.1 * 3, 0.2 * 3, 0.3 * 3]], 2),
        ([[8388593]], 1),
        ([[2**200, 1], [2**400, 2**200]], 1),
        ([[2**200, 1], [2**400 + 1, 2**200]], 2),
        ([[Fraction(1, 8388593), 1]], 1),
        ([[0.0, 1.0], [-0.0, 1.0]], 1),
        ([[1] * 8] * 8, 1),
    ],
)
def test_ranks_by_hand(matrix: list[list[Any]], rank: int) -> None:
    """Zero, signed zeros, extremes of float64, what the first prime divides, large integers."""
    certificate = rank_certificate(matrix)
    assert certificate.rank == rank
    certificate.check(matrix)
    rank_certificate(list(zip(*matrix, strict=True))).check(list(zip(*matrix, strict=True)))


def test_numerically_low_rank_floats_have_full_rank() -> None:
    """A float product of low inner size is, exactly, of full rank, where NumPy's tolerance says otherwise."""
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((20, 3)) @ rng.standard_normal((3, 30))
    assert np.linalg.matrix_rank(matrix) == 3
    assert rank_certificate(matrix).rank > 3


def test_known_factors_are_the_upper_bound() -> None:
    """With A = L R given, the certificate holds the product and checks; a wider product is not used."""
    rng = np.random.default_rng(1)
    left, right = rng.integers(-9, 10, (40, 5)), rng.integers(-9, 10, (5, 60))
    certificate = rank_certificate(left @ right, factorisation=(left, right))
    assert isinstance(certificate.upper, Product)
    certificate.check(left @ right)
    assert RankCertificate.from_json(certificate.to_json()) == certificate
    wide = rank_certificate([[1, 1], [1, 1]], factorisation=([[0.5, 0.5], [0.5, 0.5]], [[1, 1], [1, 1]]))
    assert wide.rank == 1
    assert isinstance(wide.upper, Span)


def test_text_of_a_certificate() -> None:
    """The certificate reads as a sentence with both bounds."""
    assert str(rank_certificate(A)) == (
        "rank = 2: a minor of size 2 is nonzero modulo 8388593, and "
        "every one of the rows is an exact combination of these 2: 0, 2"
    )


CERTIFICATE = rank_certificate(A)
SPAN = Span("rows", (0, 2), 1, (((0, 1),), ((0, 2),), ((1, 1),), ()))


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        (replace(CERTIFICATE, rank=1, pivot_rows=(0,), pivot_columns=(0,)), "the upper bound is 2"),
        (replace(CERTIFICATE, rank=3), "the minor is 2 × 2, and the rank is 3"),
        (
            replace(CERTIFICATE, rank=3, pivot_rows=(0, 1, 2), pivot_columns=(0, 1, 2), upper=None),
            "is zero mod",
        ),
        (replace(CERTIFICATE, pivot_rows=(0, -2)), "an index outside 0..3"),
        (replace(CERTIFICATE, pivot_columns=(0, 3)), "an index outside 0..2"),
        (replace(CERTIFICATE, pivot_columns=(0, 1)), "is zero modulo"),
        (replace(CERTIFICATE, pivot_rows=(0, 0)), "is zero modulo"),
        (replace(CERTIFICATE, prime=9), "9 is not a prime"),
        (replace(CERTIFICATE, shape=(3, 4)), "the certificate is for 3 × 4"),
        (replace(CERTIFICATE, upper=None), "the upper bound is 3"),
        (replace(CERTIFICATE, upper=replace(SPAN, denominator=0)), "combinations"),
        (replace(CERTIFICATE, upper=replace(SPAN, denominator=-1)), "combinations"),
        (replace(CERTIFICATE, upper=replace(SPAN, basis=(0, 7))), "rows that the matrix does not have"),
        (replace(CERTIFICATE, upper=replace(SPAN, basis=(0, -1))), "rows that the matrix does not have"),
        (replace(CERTIFICATE, upper=replace(SPAN, basis=(0, 1))), "is not the combination"),
        (replace(CERTIFICATE, upper=replace(SPAN, combinations=SPAN.combinations[:3])), "3 combinations"),
        (
            replace(CERTIFICATE, upper=replace(SPAN, combinations=(*SPAN.combinations[:3], ((2, 0),)))),
            "outside the basis",
        ),
        (
            replace(CERTIFICATE, upper=replace(SPAN, combinations=(*SPAN.combinations[:3], ((0, 1),)))),
            "is not the combination",
        ),
        (
            replace(
                CERTIFICATE,
                upper=replace(SPAN, combinations=(SPAN.combinations[0], (), *SPAN.combinations[2:])),
            ),
            "is not the combination",
        ),
        (replace(CERTIFICATE, upper=Product((((1, 1),) * 2,) * 4, (((1, 1),) * 3,) * 2)), "do not multiply"),
        (
            replace(CERTIFICATE, upper=Product((((1, 1),) * 2,) * 3, (((1, 1),) * 3,) * 2)),
            "3 × 2 and 2 × 3 is not",
        ),
    ],
)
def test_forged_certificates_are_refused(forged: RankCertificate, message: str) -> None:
    """Every part of a certificate is checked: changed ones are refused with the reason."""
    CERTIFICATE.check(A)
    assert CERTIFICATE.upper == SPAN
    with pytest.raises(CertificateError, match=message):
        forged.check(A)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        CERTIFICATE.to_json().replace('"rank": 2', '"rank": "2"'),
        CERTIFICATE.to_json().replace('"rank": 2', '"rank": 2.0'),
        CERTIFICATE.to_json().replace('"Span"', '"Hope"'),
        CERTIFICATE.to_json().replace('"rows"', '"diagonals"'),
        CERTIFICATE.to_json().replace("[0, 2]", "[0, [2]]"),
        CERTIFICATE.to_json().replace("[[0, 1]]", "[[0, 1, 2]]"),
    ],
)
def test_text_that_is_no_certificate(text: str) -> None:
    """Text of another form is refused when it is read."""
    with pytest.raises(InputError, match="no rank certificate"):
        RankCertificate.from_json(text)


def test_integers_too_long_for_text() -> None:
    """A certificate with integers beyond Python's limit for text is a budget error; it still checks."""
    large = 10**5000 + 1
    matrix = [[1, 2], [large, 2 * large]]
    certificate = rank_certificate(matrix)
    certificate.check(matrix)
    with pytest.raises(BudgetError, match=r"does not write.*\n.*set_int_max_str_digits"):
        certificate.to_json()


def test_wrong_factors_are_refused() -> None:
    """Factors of the wrong shape or the wrong product are errors, not a silent second search."""
    with pytest.raises(ShapeError, match="factors of 2 × 1 and 2 × 2 do not give a matrix of 2 × 2"):
        rank_certificate([[1, 0], [0, 0]], factorisation=([[1], [0]], [[1, 0], [0, 1]]))
    with pytest.raises(InputError, match="do not multiply to the matrix exactly"):
        rank_certificate([[1, 0], [0, 0]], factorisation=([[1], [0]], [[1, 1]]))


def test_a_budget_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solution beyond the limit, and primes that are all unlucky, are budget errors that say what to do."""
    rng = np.random.default_rng(2)
    matrix = rng.integers(-9, 10, (30, 10)) @ rng.integers(-9, 10, (10, 30))
    monkeypatch.setattr(rank_module, "MAX_SOLUTION_BITS", 1000)
    with pytest.raises(BudgetError, match=r"at least 10.*limit is 1000.*\n.*factorisation="):
        rank_certificate(matrix)
    monkeypatch.setattr(rank_module, "MAX_PRIMES", 2)
    with pytest.raises(BudgetError, match="each of 2 primes"):
        rank_certificate([[8388593 * 8388587, 0], [0, 8388593 * 8388587]])
