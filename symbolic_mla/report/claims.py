"""One claim in a report: its statement, its lines with their verdicts, and what shows each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from symbolic_mla.algebra.certify import certificate
from symbolic_mla.derivation.results import Argued, ClaimResult, DocumentResult, StepResult, Verdict
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language import syntax as s
from symbolic_mla.language.latex import display_latex, latex, statement_latex
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.language.unparse import unparse
from symbolic_mla.language.values import Tensor
from symbolic_mla.report import proof
from symbolic_mla.report.equations import MAX_FORMULA, Pictures, Shown, entries, entry_block, equation, left_over
from symbolic_mla.report.instances import counterexample
from symbolic_mla.report.markdown import block, code, escaped, fenced, inline, message, table
from symbolic_mla.report.symbols import hypothesis_name

MARKS: dict[Verdict, str] = {
    "proved": "proved\u00a0✓",
    "refuted": "refuted\u00a0✗",
    "undecided": "undecided",
    "error": "error",
}
MAX_OPEN = 14  # facts that a report shows without being asked
_RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": r"\lt", ">": r"\gt", "!=": r"\ne"}


@dataclass(frozen=True)
class Certificate:
    """The text that replays the proved steps of a claim, and where it will stand."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Recheck:
    """Another prover, and for each claim that it was given why it has not checked it (None: it has)."""

    by: str = ""
    left_out: Mapping[str, str | None] = field(default_factory=dict)


NOT_RECHECKED = Recheck()


@dataclass
class Context:
    """What the sections of a report share: the result, links to the source, names for terms, drawn pictures."""

    result: DocumentResult
    source_link: str | None
    directory: str
    pictures: Pictures
    known: dict[Term, str]
    letter: str
    recheck: Recheck

    @staticmethod
    def of(result: DocumentResult, source_link: str | None, directory: str,
           recheck: Recheck) -> Context:  # fmt: skip
        names = set(result.scope.environment.names())
        known: dict[Term, str] = {}
        for name, definition in result.scope.lets.items():
            if isinstance(definition.value, Tensor):
                known.setdefault(definition.value.term, name)
        letter = next((c for c in "MNKLZ" if all(not n.startswith(c) for n in names)), "M'")
        return Context(result, source_link, directory, Pictures(names), known, letter, recheck)

    def line(self, number: int) -> str:
        """The number of a line, with a link to it."""
        if self.source_link is None:
            return str(number)
        return f"[{number}]({self.source_link}?plain=1#L{number})"


def make_certificate(document: str, claim: ClaimResult) -> Certificate | None:
    """The certificate of what is proved in a claim, if anything is."""
    if not claim.theorems:
        return None
    return Certificate(f"{document}.{claim.id}.txt", certificate(*claim.theorems))


def heading(claim: ClaimResult) -> str:
    """The heading of a claim, by which others link to it."""
    return f"`{claim.id}`: {claim.verdict}"


def outcome(claim: ClaimResult) -> str:
    """The verdict of a claim, held against what the document expects."""
    if claim.as_expected:
        return f"✅ {claim.verdict}, as expected"
    return f"❌ {claim.verdict}, **expected: {claim.expected}**"


def section(claim: ClaimResult, context: Context, found: Certificate | None) -> list[str]:
    """Everything that a report says about a claim."""
    kind = "The document claims" if claim.expected == "proved" else "The document says that this is false"
    out = [
        f"### {heading(claim)}",
        f"{outcome(claim)}. {kind} (line {context.line(claim.item.span.line)}):",
        block(display_latex(claim.item)),
    ]
    if claim.item.take:
        witnesses = [rf"{name_latex(w.name.text)} &= {latex(w.value)}" for w in claim.item.take]
        out += ["with the witness", entry_block(witnesses)]
    out += _rests(claim, context)
    if context.recheck.left_out.get(claim.id, "") is None:
        out.append(f"Re-checked by {context.recheck.by}.")
    out.append(table(["line", "step", "verdict", "reason"], _steps(claim, context)))
    for step, shown in zip(claim.steps, _sides(claim), strict=True):
        out += _details(step, shown, context, several=len(claim.steps) > 1)
    if found is not None:
        out += _certificate(claim, found, context)
    return out


def _rests(claim: ClaimResult, context: Context) -> list[str]:
    parts = []
    if claim.cites:
        parts.append("cites " + ", ".join(code(c) for c in dict.fromkeys(claim.cites)))
    numbers = hypothesis_numbers(claim, context.result)
    if numbers:
        parts.append("assumes " + ", ".join(map(hypothesis_name, numbers)))
    axioms = axioms_of(claim, context.result)
    if axioms:
        parts.append(f"uses the axiom{'s' if len(axioms) > 1 else ''} " + ", ".join(map(code, axioms)))
    if claim.verdict == "proved":
        return [f"It {'; '.join(parts)}." if parts else "It rests on no hypothesis and no axiom."]
    return [f"What is proved of it {'; '.join(parts)}."] if parts else []


def hypothesis_numbers(claim: ClaimResult, result: DocumentResult) -> list[int]:
    """Which of the document's hypotheses a claim uses."""
    return [k for k, h in enumerate(result.hypotheses) if h.statement in claim.hypotheses]


def axioms_of(claim: ClaimResult, result: DocumentResult) -> list[str]:
    """The axioms of analysis that a claim rests on: by its theorems, or through what it was obtained from."""
    origins = {result.hypotheses[k].origin for k in hypothesis_numbers(claim, result)}
    return sorted({*claim.axioms, *(origins & {"svd", "eckart-young"})})


def _sides(claim: ClaimResult) -> list[Shown]:
    """The two sides of each step as LaTeX, where it has two."""
    chain = _chain(claim)
    if chain is None:
        return [None] * len(claim.steps)
    shown = [latex(chain.first), *(latex(step.right) for step in chain.steps)]
    return list(pairwise(shown))


def _chain(claim: ClaimResult) -> s.Chain | None:
    """The chain that the steps of a claim are the steps of."""
    statement = claim.item.statement
    return statement if isinstance(statement, s.Chain) and len(statement.steps) == len(claim.steps) else None


def step_latex(claim: ClaimResult) -> list[str | None]:
    """The lines of a chain as LaTeX, the first side in front of the first; None where there is no chain."""
    chain = _chain(claim)
    if chain is None:
        return [None] * len(claim.steps)
    lines = [f"{_RELATIONS[step.relation]} {latex(step.right)}" for step in chain.steps]
    return [f"{latex(chain.first)} {lines[0]}", *lines[1:]]


def _steps(claim: ClaimResult, context: Context) -> Iterator[list[str]]:
    for step, text in zip(claim.steps, step_latex(claim), strict=True):
        shown = inline(text) if text is not None else "the whole statement"
        yield [context.line(step.span.line), shown, MARKS[step.verdict], message(step.reason)]


def _details(step: StepResult, shown: Shown, context: Context, several: bool) -> list[str]:
    place = f"line {step.span.line}"
    body: list[str] = []
    if step.error is not None:
        body.append(fenced("text", str(step.error)))
    elif step.theorem is not None:
        body += _proof(step.theorem, place, shown, context)
    elif step.statement is not None:
        body += _not_proved(step, place, shown, context)
    title = {"proved": "why it is true", "refuted": "a counterexample", "undecided": "undecided", "error": "an error"}
    if not body:
        return []
    words = "an argument" if step.argued is not None else title[step.verdict]
    return [f"#### Line {step.span.line}: {words}" if several else f"#### {words.capitalize()}", *body]


def _not_proved(step: StepResult, place: str, shown: Shown, context: Context) -> list[str]:
    out: list[str] = []
    statement = step.statement
    if step.verdict == "undecided":
        out.append(f"Neither a proof nor a counterexample was found: {message(step.reason)}.")
    if step.counterexample is not None and statement is not None:
        out += counterexample(step, statement, step.counterexample)
    if step.argued is not None:
        return [*out, *_argument(step.argued, context)]
    if step.left_over is not None:
        out += left_over(step.left_over, context.pictures)
    elif isinstance(statement, Equation):
        out += equation(None, statement.left, statement.right, place, shown, context.pictures)
    return out


def _argument(argued: Argued, context: Context) -> list[str]:
    rows = [[context.line(span.line), code(text), message(note) if note else "not followed"]
            for span, text, note in argued.lines]  # fmt: skip
    lead = (
        "Suppose that there were such weights. Each line below adds facts about their entries, which are real numbers; "
        "`at` looks at the equations for one choice of the inputs, `alike` at two choices that one side cannot tell "
        "apart (the kernel proves that), and `so` states what follows."
    )
    out = [lead, table(["line", "argument", "what it gives"], rows)]
    if argued.held:
        out.append("Together the facts contradict each other: there are no such weights, whatever sizes are not named.")
    return out


def _proof(theorem: Theorem, place: str, shown: Shown, context: Context) -> list[str]:
    conclusion = theorem.conclusion
    if isinstance(conclusion, Equation):
        out = equation(theorem, conclusion.left, conclusion.right, place, shown, context.pictures)
        if theorem.proof[0] == "equation" and not theorem.proof[3]:
            return out
        lead = "The difference is a combination of these facts, which the kernel adds up:"
        return [*out, *_facts(theorem, place, context, lead)]
    return _facts(theorem, place, context, "The facts that the kernel derives, one after the other:")


def _facts(theorem: Theorem, place: str, context: Context, lead: str) -> list[str]:
    names = proof.Names(context.known, context.letter)
    rows = proof.rows(theorem, names)
    if len(rows) > proof.MAX_FACTS:
        return [f"The proof has {len(rows)} facts, too many to be read here; the certificate holds all of them."]
    if len(rows) == 1:
        left, _, right = rows[0][1].partition(" = ")
        return [f"Worked out, both sides are {inline(left)}." if left == right else
                f"With the definitions put in: {inline(rows[0][1])}."]  # fmt: skip
    facts = table(["", "fact", "why"], [[number, inline(fact), why] for number, fact, why in rows])
    if len(rows) > MAX_OPEN:
        facts = f"<details>\n<summary>{len(rows)} facts</summary>\n\n{facts}\n\n</details>"
    out = [lead, facts]
    lines: list[str] = []
    long: list[str] = []
    for term, name in names.new.items():
        with suppress(SymbolicMLAError):
            found = entries(name, term, context.pictures)
            if sum(map(len, found)) > MAX_FORMULA:
                long.append(f"{inline(name)} ({sum(map(len, found)):,} characters)")
            else:
                lines += found
    if lines:
        out += ["Here, entry by entry,", entry_block(lines)]
    if long:
        out.append(f"Too long to be written out entry by entry: {', '.join(long)}. The certificate has what they are.")
    if theorem.proof[0] == "exists-witness":
        for t in theorem.premises:
            if isinstance(t.conclusion, Equation):
                sides = (names.shown(t.conclusion.left), names.shown(t.conclusion.right))
                out += equation(t, t.conclusion.left, t.conclusion.right, place, sides, context.pictures)
    return out


def _certificate(claim: ClaimResult, found: Certificate, context: Context) -> list[str]:
    what = "" if claim.verdict == "proved" else " of the steps that are proved"
    path = f"{context.directory}/certificates/{found.name}"
    return [
        f"Certificate{what}: [{escaped(found.name)}](certificates/{found.name}), sha256 `{found.digest}`. "
        f"To replay it in a fresh process: `symbolic-mla replay {path}`"
    ]


def short_statement(claim: ClaimResult) -> str:
    """The statement on one line, for a table."""
    statement: s.Statement = claim.item.statement
    if isinstance(statement, s.Chain):
        steps = [f"{_RELATIONS[x.relation]} {latex(x.right)}" for x in statement.steps]
        return " ".join([latex(statement.first), *steps])
    return statement_latex(statement)


def plain_statement(claim: ClaimResult) -> str:
    """The statement as it was written, on one line."""
    return unparse(claim.item.statement)


def statements(claim: ClaimResult) -> list[Statement]:
    """The kernel statements of a claim's steps."""
    return [step.statement for step in claim.steps if step.statement is not None]
