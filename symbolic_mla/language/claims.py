"""Claims to statements of the kernel: chains, existence, equivalence. An error stays at the part that has it."""

from __future__ import annotations

from symbolic_mla.errors import NameUnknownError, SymbolicMLAError, UnsupportedError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.chains import chain_steps
from symbolic_mla.language.elaborated import ElaboratedClaim, ElaboratedStep, Equivalence, Existence
from symbolic_mla.language.environment import Environment
from symbolic_mla.language.existence import existence
from symbolic_mla.language.relations import one_size_each
from symbolic_mla.language.shapes import locate
from symbolic_mla.laws.equivalence import Iff

__all__ = ["ElaboratedClaim", "ElaboratedStep", "Equivalence", "Existence", "elaborate_claim"]


def elaborate_claim(env: Environment, item: s.Claim) -> ElaboratedClaim:
    """The claim as statements of the kernel. An error of a part is kept at that part, and never raised."""
    by = item.by.text if item.by else None
    common = (item.id.text, item.expected, item.span, by)
    if isinstance(item.statement, s.Chain):
        return ElaboratedClaim(*common, steps=chain_steps(env, item.statement, by))
    if isinstance(item.statement, s.Exists):
        return ElaboratedClaim(*common, existence=existence(env, item.statement, item.take, item.argument))
    return ElaboratedClaim(*common, iff=_iff(env, item.statement, item.take, by))


def _iff(env: Environment, item: s.Iff, take: tuple[s.Witness, ...], by: str | None) -> Equivalence:
    sides: list[ElaboratedStep | Existence | None] = []
    error: SymbolicMLAError | None = None
    used: set[str] = set()
    for side in (item.left, item.right):
        if isinstance(side, s.Exists):
            own = {name.text for group in side.groups for name in group.names}
            chosen = tuple(w for w in take if w.name.text in own)
            used |= own
            sides.append(existence(env, side, chosen))
        elif len(side.steps) == 1:
            sides.append(chain_steps(env, side, by)[0])
        else:
            sides.append(None)
            error = error or UnsupportedError(
                "a chain of more than one relation as a side of `iff`",
                hint="state one relation on each side, or one claim for each",
                span=side.span,
            )
    error = next((x.error for x in sides if x is not None and x.error is not None), error)
    stray = next((w for w in take if w.name.text not in used), None)
    if error is None and stray is not None:
        error = NameUnknownError(
            f"`take` for `{stray.name.text}`, which is no unknown of this claim",
            hint="remove it",
            span=stray.span,
        )
    left, right = sides
    statement = None
    if error is None and left is not None and right is not None and left.statement and right.statement:
        statement = Iff(left.statement, right.statement)
        try:
            one_size_each(statement)
        except SymbolicMLAError as met:
            locate(met, item.span)
            statement, error = None, met
    return Equivalence(item.span, statement, left, right, error)
