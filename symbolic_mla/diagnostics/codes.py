"""The registry of codes: what each means, an example that gives it, and what to do about it.

A code never changes its meaning, and one that is given up is not used again. D0.. are verdicts and documents, D1..
errors. An error carries its code as `code`; every class of error has its entry here, which a test sees to.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.record import record


@record
class Code:
    """A code with its short name, and its page in the reference.

    `example` is a derivation block (or a document, if it holds a fence) whose first finding has this code. Where no
    document can give it, `example` is empty, `python` is a session that ends in it, and `fix` says where it comes from.
    """

    code: str
    rule: str
    meaning: str
    example: str
    fix: str
    python: str = ""


_ALL = (
    Code("D001", "refuted", "A step of a claim is false: there is a counterexample, which is shown.",
         "dims m\ngiven P, Q : m × m\nclaim square: (P + Q)² = P² + 2 P Q + Q²",
         "Mend the line. A repair is printed where one of the usual slips is it: `= P² + P Q + Q P + Q²`."),
    Code("D002", "undecided", "A step was neither proved nor refuted within the budget. It may be true or false.",
         "dims m\ngiven P : m × m\nclaim rows: softmax(P) ones(m, 1) = ones(m, 1)",
         "Put a step in between, give a witness with `take`, cite with `by`, or add what is assumed."),
    Code("D003", "not-refuted", "A claim that the document calls false was proved.",
         "dims m\ngiven P, Q : m × m\nrefute sums: P + Q = Q + P",
         "Write `claim` in place of `refute`, or state what you believe to be false."),
    Code("D004", "no-error", "A block that expects an error of one kind met another, or none.",
         "```derivation error shape\ndims m\ngiven P : m × m\nclaim a: P P = P²\n```",
         "Name the kind that is met, or remove `error KIND` from the fence."),
    Code("D005", "vacuous", "The hypotheses were not seen to be satisfiable: what is proved from them may say nothing.",
         "dims m\ngiven A : m × m with A = A + I(m)\nclaim a: A = A",
         "Look for the hypothesis that contradicts the others, and weaken it."),
    Code("D006", "nothing-to-check", "Nothing was checked in a document.",
         "dims m\ngiven A : m × m",
         "Write a claim into a fence that begins with ```` ```derivation ````."),
    Code("D100", "error", "An error of no particular kind.",
         "", "No document gives it: every error that a person can cause has a kind of its own. It is that of an error "
         "that other code derives, without a code, from ours.",
         python=">>> from symbolic_mla.errors import SymbolicMLAError\n>>> class Ours(SymbolicMLAError):\n"
                "...     \"An error of a program that builds on this package.\"\n>>> raise Ours(\"the moon is full\")"),
    Code("D101", "shape", "Two axes that must agree have different sizes.",
         "dims m, k\ngiven A : m × k\nclaim a: A A = A",
         "Transpose or reorder the factors: a product needs as many columns on the left as rows on the right."),
    Code("D102", "axis-order",
         "Two axes have equal size and a different order of factors: tile order against interleaved order.",
         "dims n, G, d\ngiven W : G*d × n*G*d\nclaim a: tile(W, n) = interleave(W, n, groups=G)",
         "Say how the two relate: `reorder(\"(g n d) c -> (n g d) c\", ...)`."),
    Code("D103", "name", "A name that nothing declares, or one that is declared twice.",
         "dims m\ngiven A : m × m\nclaim a: A + B = B + A",
         "Declare it before the claim: `given B : m × m`, `dims n`, `scalar c`, `function f`."),
    Code("D104", "syntax", "Text that the grammar does not read.",
         "dims m\ngiven A : m × m\nclaim a: A (A = A",
         "The message says what could stand there; `symbolic-mla reference` has the grammar."),
    Code("D105", "domain",
         "An operation outside its domain: a division by what may be zero, a root of what may be negative.",
         "scalar c\nclaim a: c/c = 1",
         "Declare the sign: `scalar c > 0`, or `c != 0` for a division."),
    Code("D106", "type", "A matrix where a number was expected, or the reverse.",
         "dims m\ngiven A : m × m\nclaim a: A <= A",
         "Take `tr(A)` or `rank(A)` for a number, `c * I(m)` for a matrix."),
    Code("D107", "unsupported", "A form that the language does not have; the message names the nearest one.",
         "dims m\ngiven A, B, C : m × m\nclaim a: A = B = C iff B = A",
         "Use the form that the message names."),
    Code("D108", "budget", "The stated budget ran out before the text was understood. Never a verdict.",
         "dims m\ngiven A : m × m\nclaim a: A^(10^6) = A",
         "Name a part with `given`, or state it for a smaller size; the reference lists the limits."),
    Code("D109", "certificate", "A certificate that the kernel refuses.",
         "", "It is `symbolic-mla replay` that says so, of a file that was cut short or edited: make it again.",
         python=">>> from symbolic_mla.laws import replay\n>>> replay(\"a certificate\")"),
    Code("D110", "input", "A value given to the numeric, exact or command-line side that it cannot take.",
         "", "It is said of files and options, as of a document that is not UTF-8: the message has what was expected.",
         python=">>> from symbolic_mla.language.documents import decode\n>>> decode(b\"dims m \\xff\")"),
    Code("D111", "spelling", "A spelling of another notation, which is recognised; ours is in the message.",
         "dims m\ngiven A : m × m\nclaim a: A == A",
         "Write it as the message says."),
    Code("D112", "citation", "A reason that cannot be used: no proved claim of this name stands before it.",
         "dims m\ngiven A : m × m\nclaim a: A = A by lemma",
         "Cite a claim that stands before this one and is proved, or an axiom."),
    Code("D190", "contradiction", "The two evaluators contradict each other: neither verdict is shown.",
         "", "No document should give it. It is a fault of this program: report it, please, with the document. The "
         "example asks the second evaluator to confirm that 1 is no size.",
         python=">>> from symbolic_mla.crosscheck.agree import confirm_counterexample\n"
                ">>> from symbolic_mla.language.parse import parse_block\n"
                ">>> *declared, claim = parse_block(\"dims m\\nclaim a: m >= 1\")\n"
                ">>> confirm_counterexample(declared, claim, 0, {\"m\": 1}, {})"),
)  # fmt: skip

CODES: Mapping[str, Code] = MappingProxyType({c.code: c for c in _ALL})
"""Every code with its meaning, in order."""

RULES: Mapping[str, Code] = MappingProxyType({c.rule: c for c in _ALL})
"""The same by short name."""


def code_of(error: SymbolicMLAError) -> Code:
    """The entry of an error.

    >>> from symbolic_mla.errors import ShapeError
    >>> code_of(ShapeError("4 and 5")).rule
    'shape'
    """
    return CODES.get(error.code, CODES["D100"])
