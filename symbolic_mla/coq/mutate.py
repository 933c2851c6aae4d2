"""Scripts that must fail: an exported script with one step changed in what it states or in what proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator


def mutants(script: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the script with it changed; Coq must refuse each.

    Changed are: the right side of each equation that goes through the check (doubled), the boundary that a
    check is used at (one variable fewer), and the direction of a strict part of the final statement.

    >>> [what for what, _ in mutants("Definition s1_1_r := ((At 0 [:: 1]))%N.")]
    ['s1_1_r is doubled']
    """
    for m in re.finditer(r"^Definition (s\d+_\d+_r) := (.*)%N\.$", script, re.MULTILINE):
        doubled = f"Definition {m[1]} := (Ml (Nt 2) {m[2]})%N."
        yield f"{m[1]} is doubled", script[: m.start()] + doubled + script[m.end() :]
    for m in re.finditer(r"\(dec \[:: (\d+)(; \d+)*\]%N \[:: ([^\]]*)\]", script):
        fewer = m[0].replace(f"[:: {m[3]}]", f"[:: {'; '.join(m[3].split('; ')[1:])}]" if "; " in m[3] else "[::]")
        yield f"a variable is missing at {m.start()}", script[: m.start()] + fewer + script[m.end() :]
    for m in re.finditer(r"^(Lemma s\d+ .*): \((.*) <= (.*)\)%N\.$", script, re.MULTILINE):
        swapped = f"{m[1]}: (({m[2]}).+1 <= {m[3]})%N."
        yield f"{m[1].split()[1]} claims one more", script[: m.start()] + swapped + script[m.end() :]
