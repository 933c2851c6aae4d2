"""The exact engine against SymPy's matrices, and rank certificates against NumPy's numerical rank.

Importing is not timed; building or reading the matrices is, where the table says so.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from benchmarks.timing import Row, in_turn, seconds, shown
from symbolic_mla.algebra import identity, matmul, tile
from symbolic_mla.exact.explicit import equal_explicitly
from symbolic_mla.exact.polynomial import PolynomialMatrix
from symbolic_mla.exact.rank import rank_certificate
from symbolic_mla.exact.two_products import rank_equality, tile_keeps_rank
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.term import Atom

CAP = 10.0  # seconds allowed to `Matrix.rank()`


def compared(task: str, ours: Callable[[], object], peer: str, theirs: Callable[[], object]) -> Row:
    return in_turn(ours, theirs, 5).row(task, peer)


def sympy_matrices(size: int, copies: int, width: int) -> tuple[Any, Any, Any, Any]:
    """W, W̃ = tile(W, n), U = tile(I, n) and L = [I 0 …] as SymPy matrices."""
    weight = sympy.Matrix(size, width, lambda i, j: sympy.Symbol(f"w_{i}_{j}"))
    up = sympy.Matrix.vstack(*[sympy.eye(size)] * copies)
    down = sympy.Matrix.hstack(sympy.eye(size), sympy.zeros(size, size * (copies - 1)))
    return weight, sympy.Matrix.vstack(*[weight] * copies), up, down


def _symbolic_rank(size: int) -> int:
    return int(sympy_matrices(size, 1, size)[0].rank())


def clock(action: Callable[[], object]) -> float:
    """Seconds on the wall: the peer runs in a process of its own, so that it can be stopped."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def rank_by_elimination(size: int, cap: float) -> tuple[float, bool]:
    """Seconds of `Matrix.rank()` with a symbol in every entry, in a process of its own, up to a cap."""
    process = multiprocessing.get_context("spawn").Process(target=_symbolic_rank, args=(size,))
    startup = multiprocessing.get_context("spawn").Process(target=_symbolic_rank, args=(1,))
    startup.start()
    base = clock(startup.join)
    start = time.perf_counter()
    process.start()
    process.join(cap)
    finished = process.exitcode is not None
    if not finished:
        process.kill()
        process.join()
    return max(time.perf_counter() - start - base, 0.0), finished


def rank_equality_by_elimination(size: int, cap: float) -> Row:
    def ours() -> object:
        return tile_keeps_rank(PolynomialMatrix.symbols("W", size, 4 * size), 4)

    theirs, finished = rank_by_elimination(size, cap)
    task = f"rank tile(W, 4) = rank W, G·d = {size}, D = {4 * size}, W built"
    peer = f"`Matrix.rank()` of W alone, {size}×{size}"
    spent, _ = seconds(ours, 3)
    return Row(task, peer, shown(spent), shown(theirs) if finished else f"> {shown(theirs)}", theirs / spent)


def rank_equality_by_products() -> list[Row]:
    weight, tiled, up, down = sympy_matrices(16, 4, 64)

    def ours() -> object:
        return tile_keeps_rank(PolynomialMatrix.symbols("W", 16, 64), 4)

    def from_sympy() -> object:
        return rank_equality(weight, tiled, up, down)

    def theirs() -> object:
        return up * weight == tiled, down * tiled == weight

    peer = "two `Matrix` products and `==`"
    return [
        compared("the same, G·d = 16, D = 64, W built", ours, peer, theirs),
        compared("the same, G·d = 16, D = 64, SymPy matrices read", from_sympy, peer, theirs),
    ]


def entrywise_equality(width: int) -> list[Row]:
    weight, tiled, up, _ = sympy_matrices(64, 4, width)
    inner, outer, left = (PolynomialMatrix.of(matrix) for matrix in (weight, tiled, up))

    def from_sympy() -> object:
        return PolynomialMatrix.of(up) @ PolynomialMatrix.of(weight) == PolynomialMatrix.of(tiled)

    def ours() -> object:
        return left @ inner == outer

    def theirs() -> object:
        return up * weight == tiled

    task, peer = f"U W = W̃, G·d = 64, n = 4, D = {width}", "`Matrix` product and `==`"
    return [
        compared(f"{task}, SymPy matrices read", from_sympy, peer, theirs),
        compared(f"{task}, already read", ours, peer, theirs),
    ]


def entrywise_equality_of_terms(width: int) -> list[Row]:
    """From the kernel's terms: both sides evaluated, multiplied out, every entry compared."""
    weight, tiled, up, _ = sympy_matrices(64, 4, width)
    n, groups, d, columns = (Axis.of(Var(x)) for x in ("n", "G", "d", "D"))
    sizes = {"n": 4, "G": 8, "d": 8, "D": width}
    fresh = count()

    def equal(name: str) -> object:
        inner = Atom(name, (groups * d, columns))
        return equal_explicitly(tile(inner, n), matmul(tile(identity(groups * d), n), inner), sizes)

    def theirs() -> object:
        return up * weight == tiled

    def theirs_with_symbols() -> object:
        name = f"v{next(fresh)}"
        made = sympy.Matrix(64, width, lambda i, j: sympy.Symbol(f"{name}_{i}_{j}"))
        return up * made == sympy.Matrix.vstack(*[made] * 4)

    equal("W")
    task, peer = f"tile(W, n) = tile(I, n) W from terms, G·d = 64, n = 4, D = {width}", "`Matrix` product and `==`"
    return [
        compared(f"{task}, symbols met before", lambda: equal("W"), peer, theirs),
        compared(f"{task}, made now", lambda: equal(f"u{next(fresh)}"), f"{peer}, made now", theirs_with_symbols),
    ]


def dense_product() -> Row:
    first, second = PolynomialMatrix.symbols("A", 64, 32), PolynomialMatrix.symbols("B", 32, 64)
    left, right = first.to_sympy(), second.to_sympy()
    return compared(
        "A B of 64×32 and 32×64 symbols", lambda: first @ second, "`Matrix` product", lambda: left * right
    )


def given_rank(name: str, matrix: NDArray[Any]) -> Row:
    return compared(
        f"rank certificate, {name}",
        lambda: rank_certificate(matrix),
        "`numpy.linalg.matrix_rank`",
        lambda: np.linalg.matrix_rank(matrix),
    )


def certificate_check(name: str, matrix: NDArray[Any]) -> Row:
    certificate = rank_certificate(matrix)
    return compared(
        f"`RankCertificate.check`, {name}",
        lambda: certificate.check(matrix),
        "`numpy.linalg.matrix_rank`",
        lambda: np.linalg.matrix_rank(matrix),
    )


def rows() -> Iterator[Row]:
    """All comparisons, the cheap ones first within each group."""
    yield rank_equality_by_elimination(4, CAP)
    yield from rank_equality_by_products()
    yield from entrywise_equality(64)
    yield from entrywise_equality_of_terms(256)
    yield dense_product()
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((1024, 4096))
    yield given_rank("float64 weights, 1024×4096", weights)
    yield given_rank("integers, 512×2048", rng.integers(-9, 10, (512, 2048)))
    yield given_rank("columns repeated 8 times, 512×2048 float64", np.repeat(weights[:512, :256], 8, axis=1))
    low = rng.integers(-9, 10, (512, 64)) @ rng.integers(-9, 10, (64, 2048))
    yield given_rank("integers of rank 64, 512×2048, factors not given", low)
    yield certificate_check("float64 weights, 1024×4096", weights)
