"""One BLAS thread while a sweep measures, so that the last digits do not depend on how many a process has."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which BLAS uses one thread; it ends with as many as there were.

    It takes threadpoolctl, which the extra ``dask`` brings: a worker of Dask has one BLAS thread, and the process that
    asks has as many as cores. Without it nothing is changed, and processes with equal settings still agree. The number
    is one for a process, and belongs to the thread that first set it.
    """
    try:
        control = import_module("threadpoolctl")
    except ImportError:
        return nullcontext()
    limits: AbstractContextManager[object] = control.threadpool_limits(limits=1, user_api="blas")
    return limits
