"""Numbers: the attention that is proved, run in NumPy, mpmath, balls and exact rationals."""

from symbolic_mla.numeric.ball_ops import BallOps
from symbolic_mla.numeric.exact_ops import ExactOps, UninterpretedFunction
from symbolic_mla.numeric.inputs import causal_mask, convert, rope_frequencies, rotations
from symbolic_mla.numeric.mp_ops import MpOps
from symbolic_mla.numeric.numpy_ops import NumpyOps
from symbolic_mla.numeric.rounding_ops import Rounded, RoundingOps

__all__ = [
    "BallOps",
    "ExactOps",
    "MpOps",
    "NumpyOps",
    "Rounded",
    "RoundingOps",
    "UninterpretedFunction",
    "causal_mask",
    "convert",
    "rope_frequencies",
    "rotations",
]
