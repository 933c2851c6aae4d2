"""Numbers: the attention that is proved, run in NumPy, mpmath, balls and exact rationals."""

from symbolic_mla.numeric.ball_ops import BallOps
from symbolic_mla.numeric.bounds import Residual, exact_residual, residual, singular_value_errors, spectral
from symbolic_mla.numeric.cluster import dask_executor
from symbolic_mla.numeric.exact_ops import ExactOps, UninterpretedFunction
from symbolic_mla.numeric.inputs import causal_mask, convert, rope_frequencies, rotations
from symbolic_mla.numeric.mp_ops import MpOps
from symbolic_mla.numeric.numpy_ops import NumpyOps
from symbolic_mla.numeric.precise_svd import PreciseSVD, precise_svd
from symbolic_mla.numeric.rounding_ops import Rounded, RoundingOps
from symbolic_mla.numeric.svd import (
    Factorisation,
    JointFactorisation,
    factorise,
    factorise_jointly,
    identity_factorisation,
    latent_weights,
    untile,
)
from symbolic_mla.numeric.sweep import run_sweep
from symbolic_mla.numeric.sweep_result import SweepResult
from symbolic_mla.numeric.truncation import group_errors, output_change

__all__ = [
    "BallOps",
    "ExactOps",
    "Factorisation",
    "JointFactorisation",
    "MpOps",
    "NumpyOps",
    "PreciseSVD",
    "Residual",
    "Rounded",
    "RoundingOps",
    "SweepResult",
    "UninterpretedFunction",
    "causal_mask",
    "convert",
    "dask_executor",
    "exact_residual",
    "factorise",
    "factorise_jointly",
    "group_errors",
    "identity_factorisation",
    "latent_weights",
    "output_change",
    "precise_svd",
    "residual",
    "rope_frequencies",
    "rotations",
    "run_sweep",
    "singular_value_errors",
    "spectral",
    "untile",
]
