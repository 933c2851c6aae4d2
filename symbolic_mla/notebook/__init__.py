"""`%load_ext symbolic_mla`: derivations in the cells of a notebook, and formulas for what Python returns.

IPython is imported by whoever loads the extension, and nothing here is imported otherwise.
"""

from symbolic_mla.notebook.magic import load, unload

__all__ = ["load", "unload"]
