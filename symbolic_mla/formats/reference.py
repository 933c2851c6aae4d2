"""The language reference with what the other packages know: verdicts, axioms, limits. `symbolic-mla reference`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from symbolic_mla.algebra import MAX_POWER
from symbolic_mla.algebra.selection import MAX_BLOCKS
from symbolic_mla.algebra.solve import MAX_READINGS
from symbolic_mla.derivation.citations import AXIOMS
from symbolic_mla.derivation.results import ORDER
from symbolic_mla.diagnostics.codes import CODES
from symbolic_mla.kernel.axis import MAX_RUNS
from symbolic_mla.kernel.network import MAX_NETWORKS as KERNEL_NETWORKS
from symbolic_mla.kernel.scalar import MAX_EXPONENT
from symbolic_mla.kernel.term import MAX_NODES
from symbolic_mla.language.expressions import MAX_STEPS
from symbolic_mla.language.reference import reference
from symbolic_mla.language.scan import MAXIMUM_DIGITS, MAXIMUM_NESTING
from symbolic_mla.language.syntax import MAXIMUM_HEIGHT
from symbolic_mla.language.tex import tokens
from symbolic_mla.language.values import (
    MAX_BITS,
    MAX_DEGREE,
    MAX_DEPTH,
    MAX_LITERAL,
    MAX_MONOMIALS,
    MAX_PARTS,
)
from symbolic_mla.limit import DOCUMENT, MENDING, READING, STEP
from symbolic_mla.prover import decide, difference, matching, numbers, ranks, refute, rewriting

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "proved": "true for all sizes and all values; a certificate replays in the kernel",
        "undecided": "no proof and no counterexample within the limits; it may be true or false",
        "refuted": "false: an instance is shown at which it fails, the smallest that was found",
        "error": "no statement: shapes that do not fit, a name that nothing declares",
    }
)
"""What each verdict says."""

LIMITS: tuple[tuple[str, int], ...] = (
    ("brackets, and operations, inside one another", min(MAXIMUM_NESTING, MAXIMUM_HEIGHT, MAX_DEPTH)),
    ("characters of a number", MAXIMUM_DIGITS),
    ("bits of a numerator or denominator", MAX_BITS),
    ("monomials of one number", MAX_MONOMIALS),
    ("exponent of a matrix or a size", MAX_POWER),
    ("exponent of a number", MAX_EXPONENT),
    ("a literal size", MAX_LITERAL),
    ("factors of an axis", MAX_DEGREE),
    ("summands of an axis, in the index form", MAX_RUNS),
    ("blocks of an axis, to select from", MAX_BLOCKS),
    ("terms of a sum", MAX_PARTS),
    ("tokens of a formula in LaTeX", tokens.MAX_TOKENS),
    ("braces and environments of a formula in LaTeX, inside one another", tokens.MAX_NESTING),
    ("operations of an expression, definitions unfolded", MAX_STEPS),
    ("operations of a term, definitions unfolded", MAX_NODES),
    ("readings of a pattern that are tried", MAX_READINGS),
    ("a literal axis that is taken apart into its entries", difference.MAX_SPLIT),
    ("networks of one side of an equation", KERNEL_NETWORKS),
    ("networks for one statement, over all attempts", decide.MAX_NETWORKS),
    ("steps of matching two networks", matching.MAX_STEPS),
    ("rewritings with hypotheses", rewriting.MAX_REWRITES),
    ("depth of the search for an inequality", numbers.MAX_DEPTH),
    ("inequalities visited in it", numbers.MAX_NODES),
    ("atoms of a network that is cut for a rank", ranks.MAX_CUT_ATOMS),
    ("sizes at which a counterexample is looked for", refute.MAX_SIZES),
    ("entries of all symbols of a counterexample", refute.MAX_ENTRIES),
    ("seconds of processor time to read a document or a certificate", int(READING)),
    ("seconds of processor time to judge a step", int(STEP)),
    ("seconds of processor time to judge a document", int(DOCUMENT)),
    ("seconds of processor time to look for repairs of a document", int(MENDING)),
)
"""The limits of reading and deciding, read from the modules that hold to them."""


def language_reference() -> str:
    """The reference as Markdown: it ships with the package as `language/reference.md`.

    >>> language_reference().split("\\n")[0]
    '# The derivation language'
    """
    return reference(
        {"verdicts": "\n".join(_verdicts()), "axioms": "\n".join(_axioms()), "limits": "\n".join(_limits()),
         "codes": "\n\n".join(_codes())}
    )


def _verdicts() -> Iterator[str]:
    yield "| verdict | meaning |\n|---|---|"
    for verdict in ORDER:
        yield f"| {verdict} | {MEANINGS[verdict]} |"
    yield ""
    yield "A claim has the worst verdict of its steps, in this order. The command exits with 0 if all is as the"
    yield "documents expect, with 1 if some claim is not, with 2 if something could not be read."


def _axioms() -> Iterator[str]:
    for name, source in AXIOMS.items():
        yield f"- `{name}`: {source}"


def _codes() -> Iterator[str]:
    """Every diagnostic: what it means, an example that gives it, and what to do."""
    for code in CODES.values():
        yield f"**{code.code} {code.rule}.** {code.meaning}"
        shown = code.example or code.python
        yield "\n".join(f"    {line}".rstrip() for line in shown.split("\n"))
        yield code.fix


def _limits() -> Iterator[str]:
    yield "| limit | |\n|---|---:|"
    for what, limit in LIMITS:
        yield f"| {what} | {limit:,} |"
