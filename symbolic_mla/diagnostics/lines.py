"""A judged step as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from symbolic_mla.derivation.results import Argued, ClaimResult, DocumentResult, StepResult
from symbolic_mla.diagnostics.instances import counterexample_lines

SIGN = {"proved": "✓", "refuted": "✗", "undecided": "?", "error": "!"}


def step_line(step: StepResult) -> str:
    """A step in one line: its verdict, its line, both sides, and why it is true."""
    shown = f"{step.left} {step.relation} {step.right}".strip()
    why = f"   [{step.reason}]" if step.verdict == "proved" else ""
    return f"{SIGN[step.verdict]} line {step.span.line}: {shown}{why}"


def step_lines(step: StepResult, claim: ClaimResult, result: DocumentResult) -> Iterator[str]:
    """The lines that a person reads about one step of a claim, as the terminal indents them."""
    yield f"      {step_line(step)}"
    if step.verdict not in ("proved", claim.expected):
        from symbolic_mla.diagnostics.of_step import of_step  # what looks for repairs is imported where one is needed

        for line in of_step(step, claim, result).lines:
            yield f"        {line}"
    elif step.counterexample is not None:
        for line in counterexample_lines(step, step.counterexample):
            yield f"        {line}"
    if step.argued is not None:
        for line in argument_lines(step.argued):
            yield f"        {line}"


def argument_lines(argued: Argued) -> Iterator[str]:
    """The lines of a written argument, and what each gives.

    >>> from symbolic_mla.errors import Span
    >>> argument_lines(Argued(((Span(3, 1, 3, 5), "at X = I(m)", "2 = 3"),), True)).__next__()
    'line 3: at X = I(m): 2 = 3'
    """
    for span, text, note in argued.lines:
        yield f"line {span.line}: {text}: {note or 'not followed'}"
    if argued.held:
        yield "these contradict each other: there are no such weights, whatever sizes are not named"
