"""symbolic_mla: write a derivation about attention, and know for every shape whether each step is true.

>>> from symbolic_mla import dims, matrices, prove
>>> (p,) = dims("p")
>>> A, B = matrices("A B", (p, p))
>>> prove((A @ B).T, B.T @ A.T).verdict
'proved'
>>> prove(A @ B, B @ A)
Refuted: at p = 2: A = [[1, 0], [0, 0]], B = [[0, 1], [0, 0]]
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symbolic_mla.api import (
        Proved,
        Refuted,
        Undecided,
        check,
        dims,
        einsum,
        eye,
        function,
        interleave,
        matrices,
        minimum,
        prove,
        rank,
        sqrt,
        stack,
        tile,
    )

__all__ = [
    "Proved", "Refuted", "Undecided", "check", "dims", "einsum", "eye", "function", "interleave", "matrices",
    "minimum", "prove", "rank", "sqrt", "stack", "tile",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """The public names, imported when they are first used: the command line starts without them."""
    if name in __all__:
        return getattr(import_module("symbolic_mla.api"), name)
    raise AttributeError(f"module 'symbolic_mla' has no attribute {name!r}")


def load_ipython_extension(shell: object) -> None:
    """`%load_ext symbolic_mla` in IPython or Jupyter: `%%derivation` cells, and formulas for what Python returns."""
    import_module("symbolic_mla.notebook").load(shell)


def unload_ipython_extension(shell: object) -> None:
    """`%unload_ext symbolic_mla`."""
    import_module("symbolic_mla.notebook").unload(shell)
