"""Sweeps: the same whoever computes them, complete when workers are lost, and loud when a bound breaks."""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import InputError, UnsupportedError
from symbolic_mla.numeric import dask_executor, run_sweep
from symbolic_mla.numeric import theorems as measured
from symbolic_mla.numeric.samples import KINDS, MASKS, draw
from symbolic_mla.numeric.sweep_result import _above
from symbolic_mla.numeric.theorems import THEOREMS, Measurement
from symbolic_mla.numeric.threads import one_blas_thread


class Lossy(Executor):
    """Loses every other chunk with its worker, and breaks for good after `lives` losses."""

    def __init__(self, lives: int) -> None:
        self.lives, self.calls = lives, 0

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.lives <= 0:
            raise BrokenProcessPool("no worker is left")
        self.calls += 1
        future: Future[Any] = Future()
        if self.calls % 2:
            self.lives -= 1
            future.set_exception(BrokenProcessPool("the worker was killed"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


def test_every_error_is_within_its_bound():
    """Twenty layers, both float precisions, all theorems."""
    result = run_sweep(20, seed=1000)
    assert result.ok, result.to_text()
    assert len(result.results) == 20 * 2 * len(THEOREMS)
    assert all(m.ratio >= 1 for r in result.results for m in r.measurements)


def test_high_precision_is_within_its_bound():
    """The same at 30 digits, where errors are below 10⁻²⁵ but for the truncation."""
    result = run_sweep(6, seed=50, precisions=["mp30"])
    assert result.ok, result.to_text()
    assert all(s.worst < 1e-25 for s in result.summaries() if s.theorem != "eckart-young")


def test_samples_cover_the_space():
    """Seeds reach every kind of weight, mask and order; a seed gives the same layer each time."""
    samples = [draw(seed) for seed in range(120)]
    assert {s.kind for s in samples} == set(KINDS) and {s.mask for s in samples} == set(MASKS)
    assert {s.heads.order for s in samples} == {"tile", "interleaved"}
    whole = [s.x.shape[1] == s.heads.copies * s.heads.groups * s.heads.size for s in samples]
    assert any(whole) and not all(whole)
    np.testing.assert_array_equal(draw(3).weights.query, draw(3).weights.query)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**40), largest=st.integers(1, 40))
def test_samples_fit(seed, largest):
    """Every seed gives a layer whose sizes fit, whose weights are finite, and whose queries all see a key."""
    s = draw(seed, largest=largest)
    h = s.heads
    assert s.weights.key.shape == (h.groups * h.size, s.x.shape[1]) == s.weights.value.shape
    assert s.weights.query.shape[0] == h.copies * h.groups * h.size and 1 <= s.rank <= min(
        s.weights.key.shape
    )
    assert all(np.isfinite(w).all() and w.any() for w in (s.weights.query, s.weights.key, s.weights.value))
    assert s.scoring.mask is None or np.isfinite(s.scoring.mask).any(axis=1).all()


def test_the_result_does_not_depend_on_the_workers():
    """One process, two, threads and an executor that loses work give the same JSON with all cases."""

    def sweep(**how: Any) -> str:
        return run_sweep(9, seed=3, precisions=["float64", "mp20"], theorem="gqa-as-mla", **how).to_json()

    alone = sweep()
    assert sweep(jobs=2) == alone
    with ThreadPoolExecutor(3) as threads:
        assert sweep(executor=threads) == alone
    assert sweep(executor=Lossy(100)) == alone
    assert sweep(executor=Lossy(1)) == alone
    assert [r["seed"] for r in json.loads(alone)["results"]][::2] == list(range(3, 12))


def test_progress_counts_every_case_once():
    """The callback ends at the number of cases, also when work was lost."""
    seen: list[tuple[int, int]] = []
    run_sweep(
        10,
        precisions=["float64"],
        theorem="tiled-svd",
        executor=Lossy(100),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (10, 10) and [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_a_broken_bound_fails_the_sweep_and_prints_its_seed(monkeypatch):
    """An observed error above its bound is a failure with the command that shows it again."""
    monkeypatch.setitem(
        THEOREMS, "rounding", lambda sample, p: [Measurement("output", 2.0, 1.0 + sample.seed % 2)]
    )
    result = run_sweep(3, seed=4, precisions=["float64"], theorem="rounding")
    assert not result.ok and [r.seed for r in result.failures] == [4, 6]
    text = result.to_text()
    assert "FAILED: seed 6, rounding at float64: output 2 is above its bound 1" in text
    assert "symbolic-mla sweep --cases 1 --seed 6 --precision float64 --theorem rounding" in text
    assert "4 to 6: 2 measurements failed" in text and "**2 measurements failed.**" in result.to_markdown()


def test_a_crash_is_no_bound_that_holds(monkeypatch):
    """A measurement that raises, that measures nothing, or gives NaN, fails the sweep."""

    def crash(sample: Any, p: Any) -> Any:
        raise ZeroDivisionError("planted")

    for planted in (
        crash,
        lambda sample, p: [],
        lambda sample, p: [Measurement("output", float("nan"), 1.0)],
    ):
        monkeypatch.setitem(THEOREMS, "rounding", planted)
        result = run_sweep(1, precisions=["float64"], theorem="rounding")
        assert not result.ok
        json.loads(result.to_json())
    monkeypatch.setitem(THEOREMS, "rounding", crash)
    assert "ZeroDivisionError: planted" in run_sweep(1, precisions=["float64"], theorem="rounding").to_text()


def test_a_wrong_factor_is_caught(monkeypatch):
    """Planted: up-projections in the other order of heads break the bound, so the sweep can fail."""

    def swapped(block: Any, sample: Any) -> Any:
        h = sample.heads
        return block[np.arange(h.copies * len(block)) // h.copies]

    monkeypatch.setattr(measured, "_tiled", swapped)
    assert not run_sweep(10, precisions=["float64"], theorem="gqa-as-mla").ok


def test_the_section_of_evidence_is_rounded():
    """Evidence is headed so, and its errors are powers of a thousand."""
    text = run_sweep(4, precisions=["float64"], theorem="tiled-svd").to_markdown()
    assert text.startswith("## Evidence, not proof\n")
    assert "| tiled-svd | float64 | product | 4 | below 10^-" in text
    assert [_above(x) for x in (0.0, 1e-16, 4e-16, 6e-16, 0.4, 35.0)] == [
        "0",
        "below 10^-15",
        "below 10^-15",
        "below 10^-12",
        "below 10^0",
        "below 10^3",
    ]


@pytest.mark.parametrize(
    "kwargs, message",
    [
        ({"cases": 0}, "a sweep of 0 cases by 1 jobs"),
        ({"jobs": 0}, "by 0 jobs"),
        ({"seed": -1}, "seed -1 is negative"),
        ({"precisions": ["float16"]}, "'float16' is not known"),
        ({"precisions": ["mp5"]}, "'mp5' is not known"),
        ({"precisions": ["mp9999"]}, "mp10 to mp250"),
        ({"precisions": []}, "no precision was given"),
        ({"theorem": "other"}, "no theorem 'other' is measured by the sweep.*gqa-as-mla"),
    ],
)
def test_bad_arguments_are_errors(kwargs, message):
    """Each argument outside its domain is refused before anything runs."""
    with pytest.raises(InputError, match=f"(?s){message}"):
        run_sweep(**kwargs)


def test_without_dask_the_error_says_what_to_install(monkeypatch):
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UnsupportedError, match="needs the package distributed"),
        dask_executor("tcp://nowhere:1"),
    ):
        pass


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_that_loses_a_worker_gives_the_same_result():
    """Two processes, one of them killed while it works: no case is lost, and the JSON is that of this process."""
    distributed = pytest.importorskip("distributed", reason="distributed is an optional test dependency")
    how: dict[str, Any] = {"seed": 3, "precisions": ["float64"], "theorem": "gqa-as-mla"}
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    killed: list[int] = []
    with (
        distributed.LocalCluster(**local) as cluster,
        dask_executor(cluster.scheduler_address) as executor,
    ):
        workers = [worker.pid for worker in cluster.workers.values()]

        def kill(done: int, total: int) -> None:
            if not killed:
                killed.append(workers[0])
                os.kill(workers[0], signal.SIGKILL)

        found = run_sweep(24, executor=executor, progress=kill, **how)
    assert killed and [r.seed for r in found.results] == list(range(3, 27))
    assert found.to_json() == run_sweep(24, **how).to_json()


def test_blas_has_one_thread_inside_and_its_own_number_after():
    """Also nested, and after an exception."""
    control = pytest.importorskip("threadpoolctl")

    def threads() -> list[int]:
        return [x["num_threads"] for x in control.threadpool_info() if x["user_api"] == "blas"]

    before = threads()
    with one_blas_thread():
        with one_blas_thread():
            assert set(threads()) == {1}
        assert set(threads()) == {1}
    assert threads() == before
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        raise ZeroDivisionError
    assert threads() == before
