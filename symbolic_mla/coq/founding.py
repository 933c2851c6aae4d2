"""The founding theorem over MathComp's own matrices, derived in Coq from the scripts of what the documents prove.

`theories/Founding.v` speaks of `'M_(m, n)`, `*m`, `rank` and `col_mx` alone, so that a reader of its statements
needs to trust no definition of ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_mla.coq.script import HEADER
from symbolic_mla.coq.verify import PRINTED, THEORIES

NAME = "founding_over_mathcomp"
NEEDED = ("gqa_is_mla_rank_bound_keys_1", "gqa_is_mla_factorisation_keys", "joint_latent_the_exact_condition")
THEOREMS = ("stacked_rank", "stacked_factors", "joint_latent")


def founding(scripts: Mapping[str, str]) -> str | None:
    """The script, or None where a script that it needs is not there."""
    if any(name not in scripts for name in NEEDED):
        return None
    modules = "".join(
        f"Module Proved_{name}.\n{PRINTED.sub('', scripts[name].removeprefix(HEADER))}End Proved_{name}.\n"
        f"Import Proved_{name}.\n"
        for name in NEEDED
    )  # fmt: skip
    printed = "".join(f"Print Assumptions {name}.\n" for name in THEOREMS)
    return f"{HEADER}{modules}Import Num.Theory.\n{(THEORIES / 'Founding.v').read_text(encoding='utf-8')}{printed}"
