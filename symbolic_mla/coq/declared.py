"""What the section of a script declares, defines and states, as text: a script without its proofs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from symbolic_mla.errors import InputError


@dataclass
class Declared:
    """What the section of a script declares, and its theorem."""

    sizes: dict[str, int]  # lower bounds of the finite types
    variables: dict[str, str]  # the type of everything else, as text
    relations: list[str]  # equations that hold among numbers
    terms: dict[str, str]  # defined terms, in order
    theorem: str
    values: dict[str, str] = field(default_factory=dict)  # of an instance: what each variable is


DECLARATION = re.compile(r"(Variables?|Hypothesis|Definition|Theorem)\s+(.*)", re.DOTALL)


def declared(script: str) -> Declared:
    """The last section of a script without its proofs. Raises InputError for a declaration that it does not know."""
    bare = re.sub(r"\(\*.*?\*\)", " ", script, flags=re.DOTALL)
    found = Declared({}, {}, [], {}, "")
    start = max(bare.rfind("Section Proof_of_"), bare.rfind("Module Instance_"))
    if start < 0:
        raise InputError("no section of a proof, and no instance")
    for m in re.finditer(r"(.+?)\.(?=\s|$)", bare[start:], flags=re.DOTALL):
        sentence = m[1].strip()
        if re.match(r"(Axiom|Parameter|Conjecture|Admitted|Context)", sentence):
            raise InputError(f"a script declares nothing of this kind: {sentence[:60]}")
        if not (d := DECLARATION.match(sentence)):
            continue
        name, _, rest = (part.strip() for part in d[2].partition(":"))
        if d[1] == "Variables":
            found.sizes.update((n, 0) for n in name.strip("(").split())
        elif d[1] == "Hypothesis" and name.endswith("_low"):
            low = re.fullmatch(r"\((\d+) < #\|(\w+)\|\)%N", rest)
            if low is None or low[2] not in found.sizes:
                raise InputError(f"not a lower bound: {rest}")
            found.sizes[low[2]] = int(low[1]) + 1
        elif d[1] == "Hypothesis":
            found.relations.append(f"{rest} :> R")
        elif d[1] == "Variable" and not rest.endswith("Type"):
            found.variables[name] = rest
        elif d[1] == "Definition" and re.fullmatch(r"t\d+", name):
            found.terms[name] = rest.partition(":=")[2]
        elif d[1] == "Definition" and rest.startswith("finType := ord "):
            found.sizes[name] = int(rest.removeprefix("finType := ord "))
        elif d[1] == "Definition" and bare[start:].startswith("Module Instance_"):
            found.variables[name], _, found.values[name] = (part.strip() for part in rest.partition(":="))
        elif d[1] == "Theorem":
            found.theorem = rest
    return found
