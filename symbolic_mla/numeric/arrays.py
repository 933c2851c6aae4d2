"""What the numeric side takes: arrays of one dtype, without NaN, infinity or empty axes."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from symbolic_mla.errors import InputError, ShapeError

FloatName = Literal["float32", "float64"]
FLOATS: tuple[str, ...] = get_args(FloatName)
Floats = NDArray[Any]


def as_array(name: str, x: object) -> NDArray[Any]:
    """`x` as an array; raises InputError for rows of different lengths."""
    try:
        return np.asarray(x)
    except ValueError as error:
        raise InputError(f"{name} is no array of numbers: {error}") from error


def is_whole(x: object) -> bool:
    """Whether `x` is an integer, of Python or of NumPy; True and False are none."""
    return isinstance(x, (int, np.integer)) and not isinstance(x, bool)


def all_finite(x: Floats) -> bool:
    """Whether no entry is NaN or infinite.

    A sum of squares is one pass at the speed of memory; only when it overflows are the entries looked at.
    """
    if x.flags.forc or x.size < 4096:
        flat = x.ravel(order="K")
        with np.errstate(all="ignore"):
            if np.isfinite(np.vdot(flat, flat)):
                return True
    return bool(np.isfinite(x).all())


def matrix(name: str, x: object, *, dtype: FloatName | None = None) -> Floats:
    """`x` as a non-empty matrix of finite float32 or float64 numbers.

    Integers are taken as float64 when that is exact.

    Raises:
        InputError: for another dtype, or an entry that is not finite.
        ShapeError: when `x` is no matrix or has an empty axis.

    >>> matrix("W", [[1, float("nan")]])
    Traceback (most recent call last):
    symbolic_mla.errors.InputError: W, of shape (1, 2), is NaN or infinite at (0, 1) (1 in all)
    """
    array = as_array(name, x)
    if array.dtype.kind in "iu" and (array.size == 0 or np.abs(array.astype(object)).max() <= 2**53):
        array = array.astype(np.float64)
    if array.dtype.name not in FLOATS:
        raise InputError(
            f"{name}, of shape {array.shape}, is {array.dtype}, and not float32 or float64",
            hint=f"{name}.astype('float32') says that this is meant",
        )
    if array.ndim != 2 or 0 in array.shape:
        raise ShapeError(f"{name} has shape {array.shape}, and a non-empty matrix is needed")
    if not all_finite(array):
        bad = np.argwhere(~np.isfinite(array))
        first = tuple(int(i) for i in bad[0])
        raise InputError(f"{name}, of shape {array.shape}, is NaN or infinite at {first} ({len(bad)} in all)")
    return array if dtype is None else array.astype(dtype, copy=False)
