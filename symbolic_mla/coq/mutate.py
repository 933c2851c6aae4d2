"""Scripts that must fail: an exported script with one step changed in what it states or in what proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice


def mutants(script: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the script with it changed; Coq must refuse each.

    Changed are, in this order: the left side of each equation that goes through the check, as the check reads it; each
    step that states an inequality; the theorem that a script ends with.

    >>> [what for what, _ in mutants("Lemma s1_1_check : x.\\nDefinition s1_1_l := (At 0 [:: 1])%N.\\n")]
    ['s1_1_l is one more']
    """
    for m in re.finditer(r"^Definition (s\d+(?:_\d+)*_l) := (.*)%N\.$", script, re.MULTILINE):
        more = f"Definition {m[1]} := (Ad (Nt 1) {m[2]})%N."
        yield f"{m[1]} is one more", script[: m.start()] + more + script[m.end() :]
    for m in re.finditer(r"^(Lemma s\d+ .*?): \((.*) <= (.*)\)%N\.$", script, re.MULTILINE):
        swapped = f"{m[1]}: (({m[3]}).+1 <= {m[2]})%N."
        yield f"{m[1].split()[1]} is turned around", script[: m.start()] + swapped + script[m.end() :]
    for m in re.finditer(r"^Theorem (\w+) :\n  (.*?)\.\nProof", script, re.MULTILINE | re.DOTALL):
        yield f"{m[1]} states something else", script[: m.start(2)] + _other(m[2]) + script[m.end(2) :]


def _other(text: str) -> str:
    """Another statement in the place of one, which its proof is not of."""
    given, arrow, conclusion = text.rpartition(" ->\n  ")
    if "~ (" in conclusion:
        at = conclusion.rindex("~ (")
        other = conclusion[:at] + conclusion[at + 2 :]
    elif conclusion.endswith(" :> R") and not conclusion.startswith("exists"):
        other = f"{conclusion.removesuffix(' :> R')} + 1 :> R"
    elif m := re.fullmatch(r"\((.*) <= (.*)\)%N", conclusion):
        other = f"(({m[1]}).+1 <= {m[2]})%N"
    else:
        other = f"~ ({conclusion})"
    return given + arrow + other


def changed(scripts: Mapping[str, str], count: int) -> dict[str, tuple[str, str]]:
    """Up to `count` changed scripts for each, by the name of the script and the number of the change; and the name
    of the theorem that must not exist when Coq has read them."""
    found = {}
    for name, script in scripts.items():
        theorem = f"Instance_{name}.{name}" if f"Module Instance_{name}." in script else name
        for k, (_, text) in enumerate(islice(mutants(script), count)):
            found[f"{name}__{k}"] = (text, theorem)
    return found
