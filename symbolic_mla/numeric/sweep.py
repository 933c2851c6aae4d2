"""Sweeps: many random layers, every observed error against its certified bound, in any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, as_completed

from symbolic_mla.errors import InputError
from symbolic_mla.numeric.arrays import is_whole
from symbolic_mla.numeric.runs import precision
from symbolic_mla.numeric.samples import draw
from symbolic_mla.numeric.sweep_result import CaseResult, SweepResult
from symbolic_mla.numeric.theorems import THEOREMS, theorem_names
from symbolic_mla.numeric.threads import one_blas_thread
from symbolic_mla.workers import workers

Progress = Callable[[int, int], None]

_CHUNK = 4
_TRIES = 3  # what is lost so often is computed here, in the process of the caller


def run_case(seed: int, precisions: Sequence[str], theorems: Sequence[str]) -> list[CaseResult]:
    """All measurements on the layer of one seed. It depends on its arguments alone.

    A measurement that cannot be made is a result with an `error`, which is not a bound that holds.
    """
    out = []
    for name in precisions:
        p = precision(name)
        sample = draw(seed, largest=12 if name.startswith("mp") else 32)
        for theorem in theorems:
            try:
                measured, error = tuple(THEOREMS[theorem](sample, p)), None
            except Exception as caught:  # whatever it is, it belongs to this case and fails the sweep
                measured, error = (), f"{type(caught).__name__}: {caught}"
            out.append(CaseResult(seed, theorem, name, sample.sizes, measured, error))
    return out


def _run_chunk(seeds: Sequence[int], precisions: Sequence[str], theorems: Sequence[str]) -> list[CaseResult]:
    with one_blas_thread():
        return [result for seed in seeds for result in run_case(seed, precisions, theorems)]


def _collect(
    executor: Executor,
    chunks: Iterable[Sequence[int]],
    precisions: Sequence[str],
    theorems: Sequence[str],
    done: Callable[[Sequence[int], list[CaseResult]], None],
) -> list[Sequence[int]]:
    """Run chunks and report each that comes back; return those that were lost with their worker."""
    lost: list[Sequence[int]] = []
    futures: dict[Future[list[CaseResult]], Sequence[int]] = {}
    for chunk in chunks:
        try:
            futures[executor.submit(_run_chunk, chunk, precisions, theorems)] = chunk
        except RuntimeError:  # a broken executor, which takes no more work
            lost.append(chunk)
    for future in as_completed(futures):
        chunk = futures[future]
        try:
            results = future.result()
        except Exception:  # `run_case` raises nothing: what arrives here is the loss of a worker
            lost.append(chunk)
        else:
            done(chunk, results)
    return lost


def run_sweep(
    cases: int = 100,
    *,
    seed: int = 0,
    precisions: Sequence[str] = ("float32", "float64"),
    theorem: str | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Measure `cases` random layers, those of the seeds `seed`, `seed` + 1, …

    One case can therefore be had again by its own seed: ``run_sweep(1, seed=...)``. The result does
    not depend on `jobs` or on the executor, which may be any of `concurrent.futures`, or Dask's; what a lost
    worker had is done again. `progress` is called with the number of finished cases and of all.

    Raises:
        InputError: for a number of cases or jobs below 1, or a precision or theorem that is not known.

    >>> result = run_sweep(2, precisions=["float64"], theorem="tiled-svd")
    >>> result.ok, len(result.results)
    (True, 2)
    """
    if not (is_whole(cases) and is_whole(jobs) and cases >= 1 and jobs >= 1):
        raise InputError(f"a sweep of {cases} cases by {jobs} jobs: both are whole numbers, and at least 1")
    if not (is_whole(seed) and seed >= 0):
        raise InputError(f"the seed {seed} is negative, or no integer")
    if not precisions:
        raise InputError("no precision was given", hint="float32, float64, mp50")
    names, theorems = list(dict.fromkeys(precisions)), theorem_names(theorem)
    for name in names:
        precision(name)
    seeds = range(seed, seed + cases)
    found: dict[int, list[CaseResult]] = {}

    def done(chunk: Sequence[int], results: list[CaseResult]) -> None:
        for result in results:
            found.setdefault(result.seed, []).append(result)
        if progress is not None:
            progress(len(found), cases)

    chunks: list[Sequence[int]] = [seeds[i : i + _CHUNK] for i in range(0, cases, _CHUNK)]
    with one_blas_thread():  # here for an executor of threads, in `_run_chunk` for other processes
        for _ in range(_TRIES):
            if not chunks or (executor is None and jobs == 1):
                break
            if executor is not None:
                chunks = _collect(executor, chunks, names, theorems, done)
            else:  # a new pool each time: one that has lost a worker is broken for good
                with workers(jobs) as pool:
                    chunks = _collect(pool, chunks, names, theorems, done)
        for chunk in chunks:
            for one in chunk:
                done([one], run_case(one, names, theorems))
    return SweepResult(seed, cases, tuple(names), tuple(theorems), tuple(r for s in seeds for r in found[s]))
