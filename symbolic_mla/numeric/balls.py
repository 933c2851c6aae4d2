"""Tensors of balls: object arrays of Arb's real balls that remember themselves as a matrix of Arb."""

from __future__ import annotations

from threading import RLock
from typing import Any

import flint
import numpy as np

_LOCK = RLock()  # the precision of python-flint is one for all threads


class working_precision:
    """A context in which python-flint computes with so many bits, in one thread at a time.

    >>> before = flint.ctx.prec
    >>> with working_precision(100):
    ...     flint.ctx.prec
    100
    >>> flint.ctx.prec == before
    True
    """

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        _LOCK.acquire()
        self.before = flint.ctx.prec
        flint.ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        flint.ctx.prec = self.before
        _LOCK.release()


class Balls(np.ndarray[Any, np.dtype[Any]]):
    """An object array of balls. It can't be written to, so its matrix is made once, however often it is multiplied.

    >>> x = balls([flint.arb(1), flint.arb(2)], (1, 2))
    >>> x.matrix() * x.matrix(turned=True)
    [5.00000000000000]
    >>> x[0, 0] = flint.arb(3)
    Traceback (most recent call last):
    ValueError: assignment destination is read-only
    """

    _matrix: Any = None
    _turned: Any = None

    def matrix(self, turned: bool = False) -> Any:
        """A tensor of two axes as `flint.arb_mat`, or its transpose; nothing is rounded. It is not to be written to."""
        if self._matrix is None or self.flags.writeable:
            rows, columns = self.shape
            self._matrix, self._turned = flint.arb_mat(rows, columns, self.ravel().tolist()), None
        if turned and self._turned is None:
            self._turned = self._matrix.transpose()
        return self._turned if turned else self._matrix


def balls(entries: list[Any], shape: tuple[int, ...], matrix: Any = None) -> Balls:
    """A tensor of these balls; `matrix` is the same as an `arb_mat`, where that is already there."""
    owner = np.fromiter(entries, dtype=object, count=len(entries))
    owner.flags.writeable = False  # and no view of it can be made writeable
    out = owner.reshape(shape).view(Balls)
    out._matrix = matrix
    return out
