"""What a person sees after each save: which document, saved when, what is different, and what needs mending."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from symbolic_mla.commands.showing import SIGN, claim_lines
from symbolic_mla.derivation.results import ClaimResult
from symbolic_mla.diagnostics.of_document import of_fatal
from symbolic_mla.watch.session import Change


def show_change(console: Console, change: Change) -> None:
    """Print a change."""
    console.rule(_title(change), align="left", style="dim")
    for line in _lines(change):
        console.print(Text.from_ansi(line), soft_wrap=True)
    console.print(_summary(change))


def _title(change: Change) -> Text:
    title = Text(change.path, style="bold")
    if change.saved is not None:
        fraction = f"{change.saved % 1:.3f}"[1:]
        at = time.strftime("%H:%M:%S", time.localtime(change.saved)) + fraction
        title.append(f"  saved {at}, judged in {1000 * change.seconds:.0f} ms", style="not bold dim")
    return title


def _lines(change: Change) -> Iterator[str]:
    result = change.result
    if change.gone:
        yield "  the file is gone; it is checked again as soon as it is back"
        return
    moved = {c.id for c in change.changed}
    for claim in result.claims:
        was = (change.before or {}).get(claim.id)
        if claim.id in moved or not claim.as_expected:
            lines = claim_lines(claim, result)  # the verdict is printed before a repair is looked for
            yield next(lines) + (f" (it was {was})" if was and claim.id in moved else "")
            if not claim.as_expected:
                yield from lines
    for name in change.dropped:
        yield f"  - {name}: no longer there"
    for block in result.error_blocks:
        if not block.as_expected:
            met = block.met.kind if block.met else "none"
            yield f"  ✗ line {block.block.span.line}: an error of kind {block.block.expected_error} expected, met {met}"
    for warning in (*result.warnings, *result.notes):
        yield f"  note: {warning}"
    for diagnostic in of_fatal(result):
        yield from diagnostic.lines


def _summary(change: Change) -> Text:
    result = change.result
    text = Text("  ")
    if result.fatal is not None:
        reached = f"; of what was read {_count(result.claims)}" if result.claims else ""
        unread = "no verdict" if change.gone else f"not all of it could be read{reached}"
        return text.append(unread, style="bold magenta")
    wrong = [c for c in result.claims if not c.as_expected]
    if wrong:
        text.append(f"{len(wrong)} of {len(result.claims)} claims not as expected", style="bold red")
        text.append(": " + ", ".join(c.id for c in wrong[:6]) + (", ..." if len(wrong) > 6 else ""))
    else:
        text.append(f"{_count(result.claims)}, all as expected", style="bold green")
    if change.before is not None:
        moved, dropped = len(change.changed), len(change.dropped)
        said = [f"{moved} changed"] * bool(moved) + [f"{dropped} dropped"] * bool(dropped)
        text.append(f"; since the save before: {', '.join(said) or 'no verdict changed'}", style="dim")
    return text


def _count(claims: list[ClaimResult]) -> str:
    verdicts = [c.verdict for c in claims]
    return ", ".join(f"{verdicts.count(v)} {v}" for v in SIGN if v in verdicts) or "no claim"
