"""A script whose statement was changed is seen to say something else, without Coq."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from symbolic_mla.coq.export import walked
from symbolic_mla.coq.index import digest
from symbolic_mla.coq.readback import read_back
from symbolic_mla.errors import InputError
from symbolic_mla.kernel.theorem import Theorem
from tests.coq.test_export import equations, others

ALL = dict([*equations(), *others()])


def changed(script: str) -> Iterator[str]:
    """The script with something else stated: a bound, a side of the theorem, or a term that it speaks of."""
    start = script.rindex("Section Proof_of_")
    bound = re.sub(r"(Hypothesis \w+_low :) \(\d+ <", r"\1 (7 <", script[start:], count=1)
    yield script[:start] + bound
    head, _, theorem = script.rpartition("Theorem ")
    yield f"{head}Theorem " + re.sub(r" :> R\.\nProof", r" + 1%:R :> R.\nProof", theorem)
    yield f"{head}Theorem " + re.sub(r"<= (.*)\)%N\.\nProof", r"<= \1 + 1)%N.\nProof", theorem)
    for m in re.finditer(r"Definition (t\d+) : .*? :=\n", script):
        end = script.index(".\n", m.end())
        plain = not re.search(r"ffun|rk ", theorem + script[m.end() : end])  # a rank may survive a change
        if plain and re.search(rf"\b{m[1]}\b", theorem):
            branch = r"(with \| .*?) => (.*?)( \| | end\))"
            body = re.sub(branch, r"\1 => (\2 + 1%:R)\3", script[m.end() : end], count=1)
            yield script[: m.end()] + body + script[end:]


@pytest.mark.parametrize("name", ALL)
def test_a_changed_statement_is_noticed(name: str) -> None:
    """The script says what the theorem says, and no change of its statement does."""
    theorem: Theorem = ALL[name]
    script, made = walked(theorem, name)
    given = sorted(theorem.hypotheses, key=repr)
    assert read_back(script, made, given, theorem.conclusion) == []
    others_ = [text for text in changed(script) if text != script]
    assert others_
    for text in others_:
        assert read_back(text, made, given, theorem.conclusion) != []
        assert digest(text) != digest(script)


def test_what_no_script_declares_is_refused() -> None:
    """An axiom in a script is an error of reading, and so is a text without a theorem's section."""
    script, made = walked(ALL["roots"], "roots")
    with pytest.raises(InputError, match="declares nothing of this kind"):
        read_back(script.replace("Variables", "Axiom cheat : False.\nVariables"), made, [], ALL["roots"].conclusion)
    with pytest.raises(InputError, match="no section of a proof"):
        digest("Lemma a : 1 = 1.")
