"""A sweep on a cluster, through Dask's `distributed` (the extra ``dask``)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module

from symbolic_mla.errors import InputError, UnsupportedError


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """An executor whose workers are those of the Dask scheduler at `address`, as ``tcp://host:8786``.

    Raises:
        UnsupportedError: when `distributed` is not installed.
        InputError: when no scheduler answers.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise UnsupportedError(
            "a sweep on a Dask cluster needs the package distributed", hint="pip install 'symbolic_mla[dask]'"
        ) from error
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address!r}: {error}", hint="tcp://host:8786"
        ) from error
    try:
        yield client.get_executor()
    finally:
        client.close()
