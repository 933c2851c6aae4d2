"""What a campaign has met so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a campaign met: verdicts by kind, evaluations, disagreements in words, and the slowest statement."""

    verdicts: Counter[str] = field(default_factory=Counter)
    evaluations: int = 0
    replayed: int = 0
    refutations: int = 0
    open_without_reason: list[str] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    @property
    def failed(self) -> bool:
        """Whether something was met that must not be."""
        return bool(self.disagreements or self.open_without_reason)

    def add(self, other: Tally) -> None:
        """Take in what another part of the campaign met."""
        self.verdicts.update(other.verdicts)
        self.evaluations += other.evaluations
        self.replayed += other.replayed
        self.refutations += other.refutations
        self.open_without_reason += other.open_without_reason
        self.disagreements += other.disagreements
        self.slowest = max(self.slowest, other.slowest)


def ran_out(reason: str) -> bool:
    """Whether the reason of an *undecided* names the limit that was met. ("Within the budget" names none.)"""
    return any(word in reason for word in ("limit", "more than", "beyond", "ran out", "the budget of"))
