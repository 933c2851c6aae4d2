"""The numeric backend against NumPy and mpmath: attention, the SVD construction, certified bounds, accuracy.

A peer that takes a minute or more is run once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

import mpmath
import numpy as np

from benchmarks.timing import THREADS, Pair, Row, in_turn, once, seconds
from symbolic_mla.attention import GroupedWeights, Heads, Scoring, grouped_query
from symbolic_mla.numeric import (
    BallOps,
    NumpyOps,
    causal_mask,
    convert,
    exact_residual,
    factorise,
    precise_svd,
    residual,
)


def dense_svd(rows: int, columns: int, copies: int, name: str, least: float, threads: int = 1) -> Row:
    """The SVD construction against the dense SVD of the tiled weight, which is run once, between ours."""
    w = np.random.default_rng(0).normal(size=(rows, columns))
    heads = Heads(copies, 1, rows)
    tiled = np.tile(w, (copies, 1))
    factorise(w, heads)
    before = [once(lambda: factorise(w, heads)) for _ in range(3)]
    theirs = once(lambda: np.linalg.svd(tiled, full_matrices=False))
    ours = median([*before, *(once(lambda: factorise(w, heads)) for _ in range(3))])
    task = f"SVD construction, {name}" + (f", {threads} BLAS threads" if threads > 1 else "")
    return Pair(ours, theirs, theirs / ours).row(task, "`numpy.linalg.svd` of tile(W)", least)


def high_precision() -> Row:
    """50 digits, 64×64."""
    w = np.random.default_rng(0).normal(size=(64, 64))
    ours, _ = seconds(lambda: precise_svd(w, 50))
    with mpmath.workdps(50):
        theirs = once(lambda: mpmath.svd_r(mpmath.matrix(w.tolist())))
    return Pair(ours, theirs, theirs / ours).row("certified SVD, 64×64, 50 digits", "`mpmath.svd_r`", least=40)


def certified_residual() -> Iterator[Row]:
    """The certified bound of max |W − U V| against the plain residual."""
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(1024, 1024)), rng.normal(size=(1024, 4096))
    w = u @ v
    pair = in_turn(lambda: residual(w, u, v).largest, lambda: np.abs(w - u @ v).max())
    yield pair.row("certified bound on W − U V, 1024×1024×4096", "the plain residual", most=2.5)
    small = w[:128, :128], u[:128], v[:, :128]
    exact, bound = float(exact_residual(*small)), residual(*small).largest
    yield Row("how far above the exact residual, 128×1024×128", "exact integers", f"{bound:.2g}", f"{exact:.2g}",
              bound / exact, most=1e4)  # fmt: skip


def mpmath_attention() -> Row:
    """T=8, H=4, d=4 at 50 digits, against mpmath's own matrices."""
    t, h, d = 8, 4, 4
    width = h * d
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(t, width)), causal_mask(t, t)
    w = GroupedWeights(*(rng.normal(size=(width, width)) for _ in range(4)))
    ops = BallOps(50)
    tokens, weights, scoring = ops.array(x), convert(w, ops.array), convert(Scoring(mask=mask), ops.array)

    def ours() -> Any:
        return grouped_query(ops, tokens, tokens, weights, Heads(1, h, d), scoring=scoring)

    matrices = [mpmath.matrix(z.tolist()) for z in (x, w.query, w.key, w.value, w.output)]

    def theirs() -> Any:
        xs, wq, wk, wv, wo = matrices
        q, k, v = xs * wq.T, xs * wk.T, xs * wv.T
        out = mpmath.matrix(t, width)
        for a in range(h):
            at = slice(a * d, (a + 1) * d)
            scores = q[:, at] * k[:, at].T / mpmath.sqrt(d)
            for i in range(t):
                row = [mpmath.exp(scores[i, j]) if j <= i else mpmath.mpf(0) for j in range(t)]
                total = sum(row)
                for j in range(t):
                    scores[i, j] = row[j] / total
            out[:, at] = scores * v[:, at]
        return out * wo.T

    with mpmath.workdps(50):
        pair = in_turn(ours, theirs, 9, runs=10)
        values, radii = ops.read(ours())
        other = theirs()
        apart = max(
            abs(float(mpmath.mpf(q.numerator) / q.denominator - other[i, j]))
            for (i, j), q in np.ndenumerate(values)
        )
    if apart > 1e-45 or radii.max() > 1e-40:
        raise ArithmeticError(f"the two sides differ by {apart:.2g}: there is nothing to compare")
    peer = f"mpmath matrices ({mpmath.libmp.BACKEND} integers)"
    return pair.row("attention, T=8, H=4, d=4, 50 digits", peer, least=10)


def by_hand(x: Any, w: GroupedWeights[Any], n: int, g: int, d: int, mask: Any) -> Any:
    """The batched matmul version that one would write."""
    b, t, _ = x.shape
    q = (x @ w.query.T).reshape(b, t, n, g, d).transpose(0, 2, 3, 1, 4) * x.dtype.type(1 / np.sqrt(d))
    k = (x @ w.key.T).reshape(b, t, 1, g, d).transpose(0, 2, 3, 4, 1)
    v = (x @ w.value.T).reshape(b, t, 1, g, d).transpose(0, 2, 3, 1, 4)
    scores = q @ k + mask
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return (scores @ v).transpose(0, 3, 1, 2, 4).reshape(b, t, n * g * d) @ w.output.T


def numpy_attention() -> Iterator[Row]:
    """Batched grouped-query attention against the version written by hand."""
    for dtype, b, t, n, g, d in (
        ("float32", 2, 256, 4, 2, 64),
        ("float32", 1, 512, 4, 4, 64),
        ("float64", 2, 256, 4, 2, 64),
        ("float64", 1, 512, 4, 4, 64),
    ):
        rng, width = np.random.default_rng(0), n * g * d

        def draw(*shape: int, rng: Any = rng, width: int = width, dtype: Any = dtype) -> Any:
            return (rng.normal(size=shape) / np.sqrt(width)).astype(dtype)

        x = draw(b, t, width) * np.asarray(np.sqrt(width), dtype)
        w = GroupedWeights(draw(width, width), draw(g * d, width), draw(g * d, width), draw(width, width))
        name: Any = dtype
        ops, heads, mask = NumpyOps(name), Heads(n, g, d), causal_mask(t, t, name)

        def ours(ops: Any = ops, x: Any = x, w: Any = w, heads: Any = heads, mask: Any = mask) -> Any:
            return grouped_query(ops, x, x, w, heads, scoring=Scoring(mask=mask))

        def theirs(x: Any = x, w: Any = w, n: int = n, g: int = g, d: int = d, mask: Any = mask) -> Any:
            return by_hand(x, w, n, g, d, mask)

        np.testing.assert_allclose(ours(), theirs(), rtol=1e-3, atol=1e-5)
        pair = in_turn(ours, theirs, 15)
        yield pair.row(f"attention, {dtype}, B={b} T={t} H={n * g} d={d}", "batched `matmul` by hand", most=1.2)


def hadamard(n: int) -> Any:
    return np.ones((1, 1)) if n == 1 else np.kron(hadamard(n // 2), np.array([[1.0, 1.0], [1.0, -1.0]]))


def accuracy() -> Iterator[Row]:
    """Graded spectra whose singular values are known exactly: worst relative error, mean over column orders."""
    m, copies = 64, 4
    for bits, name in ((20, "10^6"), (33, "10^10")):
        sigma = 2.0 ** -np.round(np.linspace(0, bits, m))
        errors = []
        for seed in range(10):
            order = np.random.default_rng(seed).permutation(4 * m)[:m]
            w = (hadamard(m) * sigma) @ hadamard(4 * m)[:, order].T / (2 * m)  # exact in float64
            ours = factorise(w, Heads(copies, 1, m)).singular_values / 2
            dense = np.linalg.svd(np.tile(w, (copies, 1)), compute_uv=False)[:m] / 2
            errors.append([(np.abs(s - sigma) / sigma).max() for s in (ours, dense)])
        ours_mean, dense_mean = np.mean(errors, axis=0)
        yield Row(f"singular values, condition {name}: relative error", "dense SVD: relative error",
                  f"{ours_mean:.2g}", f"{dense_mean:.2g}", float(dense_mean / ours_mean), least=1)  # fmt: skip


def rows() -> Iterator[Row]:
    """All comparisons, the slow ones last."""
    yield from numpy_attention()
    yield mpmath_attention()
    yield from certified_residual()
    yield from accuracy()
    yield high_precision()
    yield dense_svd(1024, 4096, 4, "Llama-3-8B keys, 1024×4096, n=4", 15)


def llama_70b(threads: int) -> Row:
    """The largest shape, in a process that has so many BLAS threads."""
    return dense_svd(1024, 8192, 8, "Llama-3-70B keys, 1024×8192, n=8", 100, threads)


def slow_rows() -> Iterator[Row]:
    """What takes the peer minutes: with one BLAS thread, and with one for each core."""
    for threads in sorted({1, os.cpu_count() or 1}):  # the number is read when NumPy is imported: a process for each
        environment = os.environ | {name: str(threads) for name in THREADS}
        command = [sys.executable, "-m", "benchmarks.numeric", str(threads)]
        told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
        yield Row(**json.loads(told.stdout))


if __name__ == "__main__":
    print(json.dumps(vars(llama_70b(int(sys.argv[1])))))
