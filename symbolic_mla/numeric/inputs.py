"""Inputs of a layer that are numbers: masks, RoPE rotations, and weights carried into a backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from math import inf
from typing import Any, TypeVar, cast

import numpy as np

from symbolic_mla.errors import InputError
from symbolic_mla.numeric.arrays import FLOATS, FloatName, Floats, as_array, is_whole

Record = TypeVar("Record")


def _check_dtype(dtype: str) -> None:
    if dtype not in FLOATS:
        raise InputError(f"{dtype!r} is not a precision of this backend", hint="'float32' or 'float64'")


def causal_mask(queries: int, keys: int, dtype: FloatName = "float64") -> Floats:
    """The additive mask of `queries` last tokens over `keys` tokens: none looks at what comes after it.

    Raises:
        InputError: when there are more queries than keys, so that a first query would see nothing.

    >>> causal_mask(2, 3)
    array([[  0.,   0., -inf], [  0.,   0.,   0.]])
    """
    if not (is_whole(queries) and is_whole(keys) and 1 <= queries <= keys):
        raise InputError(f"{queries} queries over {keys} keys: a causal mask takes 1 to {keys} queries")
    _check_dtype(dtype)
    hidden = np.arange(keys) > np.arange(queries)[:, None] + (keys - queries)
    return np.where(hidden, -np.inf, 0.0).astype(dtype)


def rope_frequencies(size: int, base: float = 10000.0) -> Floats:
    """The angles a position advances by, base^(−2j/size) for j < size/2 (*RoFormer*, 2021, equation 15).

    Raises:
        InputError: when `size` is odd or not positive, or `base` is no positive number.
    """
    if not is_whole(size):
        raise InputError(f"a head of {size!r} components: a size is a positive integer")
    if not (isinstance(base, (int, float)) and 0 < base < inf):
        raise InputError(f"the base {base!r} of RoPE's frequencies: a positive number is needed")
    if size < 2 or size % 2:
        raise InputError(
            f"RoPE turns pairs of components, and a head of {size} has no whole number of pairs",
            hint=f"an even size, as {size + 1 if size > 0 else 2}",
        )
    return np.asarray(base ** (-np.arange(0, size, 2) / size))


def rotations(positions: Any, frequencies: Any, dtype: FloatName = "float64") -> Floats:
    """The matrix t × (2 2 j) of the rotations [[cos, −sin], [sin, cos]] by position times frequency.

    Raises:
        InputError: for positions or frequencies that are no finite numbers, or none at all.

    >>> rotations([0, 1], [np.pi / 2]).round(12) + 0.0
    array([[ 1.,  0.,  0.,  1.], [ 0., -1.,  1.,  0.]])
    """
    _check_dtype(dtype)
    turns = [as_array(n, x) for n, x in (("positions", positions), ("frequencies", frequencies))]
    for name, x in zip(("positions", "frequencies"), turns, strict=True):
        if x.ndim != 1 or not x.size or x.dtype.kind not in "iuf" or not np.isfinite(x).all():
            raise InputError(f"the {name}, {x.dtype} of shape {x.shape}, are no list of finite numbers")
    angles = np.multiply.outer(*(x.astype(np.float64) for x in turns))
    cos, sin = np.cos(angles), np.sin(angles)
    return np.concatenate([cos, -sin, sin, cos], axis=1).astype(dtype)


def convert(record: Record, array: Callable[[Any], Any]) -> Record:
    """A record of weights, a `Rope` or a `Scoring` with `array` applied to every NumPy array in it.

    ``convert(weights, MpOps(50).array)`` takes float weights to 50 digits, exactly.
    """
    if not is_dataclass(record) or isinstance(record, type):
        raise InputError(f"{type(record).__name__} is no record of weights")
    changed = {
        f.name: array(getattr(record, f.name))
        for f in fields(record)
        if isinstance(getattr(record, f.name), np.ndarray)
    }
    return cast(Record, replace(record, **changed))
