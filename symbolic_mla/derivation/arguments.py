"""Written arguments: the lines of a document, followed one by one."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_mla.derivation.results import Argued, StepResult
from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.elaborated import Move
from symbolic_mla.language.unparse import unparse_move
from symbolic_mla.laws.existence import Exists


def argued(shown: tuple[Span, str, str, str], item: s.Claim, statement: Exists, argument: Sequence[Move]) -> StepResult:
    """The verdict of an existence claim against which a document argues: refuted, or undecided with the line at which
    the argument stops."""
    from symbolic_mla.argument import moves as m
    from symbolic_mla.argument.checking import check  # only where somebody argues

    moves: list[m.Move] = []
    for move in argument:
        if move.alternatives:
            moves.append(m.So(move.alternatives))
        elif move.others is not None:
            moves.append(m.Alike(move.inputs, move.others))
        else:
            moves.append(m.At(move.inputs))
    outcome = check(statement, moves)
    lines = tuple(
        (line.span, unparse_move(line), outcome.notes[k] if k < len(outcome.notes) else "")
        for k, line in enumerate(item.argument)
    )
    held = Argued(lines, outcome.refuted)
    if outcome.refuted:
        return StepResult(*shown, "refuted", "an argument: no weights do it", statement, argued=held)
    stopped = min(len(outcome.notes), len(lines) - 1)
    reason = f"the argument does not hold on line {lines[stopped][0].line}: {outcome.reason}"
    return StepResult(*shown, "undecided", reason, statement, argued=held)
