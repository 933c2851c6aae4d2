"""What the other engines say of a document: the surface evaluator on random instances, SymPy at explicit sizes,
and the kernel again from the certificate's text. A contradiction is an error that names both engines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from symbolic_mla.algebra.occurring import terms_of, variables
from symbolic_mla.crosscheck.agree import Samples
from symbolic_mla.crosscheck.arguments import confirm_argument
from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult, StepResult
from symbolic_mla.errors import CertificateError, SymbolicMLAError
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.language.syntax import Item
from symbolic_mla.laws import replay
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.report.claims import make_certificate
from symbolic_mla.report.markdown import block, code, table

INSTANCES = 3  # of each claim, for the surface evaluator
EXPLICIT = ((1, 2), (2, 1), (2, 2))  # sizes for SymPy: of the copies n, and of all else


@dataclass(frozen=True)
class Opinion:
    """What the engines say of one claim, in words; `problem` where one contradicts the verdict."""

    claim: str
    replayed: str
    surface: str
    explicit: str
    problem: str | None = None

    @property
    def agreeing(self) -> str:
        """The engines that have an opinion, and so agree, for a table."""
        named = (("replay", self.replayed), ("text", self.surface), ("SymPy", self.explicit))
        return ", ".join(name for name, said in named if said and said not in ("no opinion", "an argument")) or "–"


def opinions(result: DocumentResult) -> list[Opinion]:
    """One line for each claim of a document that is proved, or refuted by an argument."""
    items = [p for p in result.parts if not isinstance(p, ClaimResult | ErrorBlockResult)]
    judged = [c for c in result.claims if c.theorems or _argued(c)]
    lawless = not any(a.startswith(("softmax", "normalize")) for c in judged for a in c.axioms)  # of named functions
    samples = Samples(items, seed=0, count=INSTANCES, any_softmax=lawless) if judged else None
    made: dict[Any, Any] = {}  # a claim's certificate holds those of the claims that it cites
    return [
        _about_argument(result, c, items) if _argued(c) else _opinion(result, c, samples, made)
        for c in judged
        if samples is not None
    ]


def _argued(claim: ClaimResult) -> bool:
    return any(step.argued is not None and step.argued.held for step in claim.steps)


def _about_argument(result: DocumentResult, claim: ClaimResult, items: Sequence[Item]) -> Opinion:
    try:
        count = confirm_argument(items, claim.item, seed=0, count=INSTANCES)
    except SymbolicMLAError as error:
        return Opinion(claim.id, "", "", "", f"{result.path}: {claim.id}: {error.message}")
    return Opinion(claim.id, "an argument", f"{count} random weights fail" if count else "no opinion", "no opinion")


def _opinion(result: DocumentResult, claim: ClaimResult, samples: Samples, made: dict[Any, Any]) -> Opinion:
    try:
        return Opinion(claim.id, _replayed(claim, made), _surface(claim, samples), _explicit(result, claim))
    except SymbolicMLAError as error:
        return Opinion(claim.id, "", "", "", f"{result.path}: {claim.id}: {error.message}")


def _replayed(claim: ClaimResult, made: dict[Any, Any]) -> str:
    """The certificate's text gives the same theorems again; `made` are the nodes that were made from such texts."""
    found = make_certificate("", claim)
    again = replay(found.text, made) if found else ()
    for old, new in zip(claim.theorems, again, strict=True):
        if (old.conclusion, old.hypotheses, old.axioms) != (new.conclusion, new.hypotheses, new.axioms):
            raise CertificateError("the certificate gives another theorem than the document")
    return f"{len(again)} theorem{'s' if len(again) != 1 else ''}"


def _surface(claim: ClaimResult, samples: Samples) -> str:
    steps = [k for k, s in enumerate(claim.steps) if s.verdict == "proved"]
    count = samples.confirm(claim.item, steps)
    return f"{count} agreements" if count else "no opinion"


def _explicit(result: DocumentResult, claim: ClaimResult) -> str:
    from symbolic_mla.exact.crosscheck import Agrees, crosscheck

    agreed = 0
    hypotheses = [h.statement for h in result.scope.hypotheses]
    for step in claim.steps:
        if step.verdict != "proved" or step.statement is None or isinstance(step.statement, Iff):
            continue
        for sizes in small_sizes(step.statement, hypotheses):
            try:
                found = crosscheck(step.statement, [sizes], hypotheses=_used(step, hypotheses))
            except SymbolicMLAError as error:
                if error.kind == "disagreement":
                    raise
                continue
            found.require()
            agreed += sum(isinstance(r, Agrees) for r in found.results)
    return f"{agreed} agreements" if agreed else "no opinion"


def _used(step: StepResult, hypotheses: Sequence[Statement]) -> list[Statement]:
    return [h for h in hypotheses if step.theorem is not None and h in step.theorem.hypotheses]


def small_sizes(s: Statement, hypotheses: Sequence[Statement]) -> Iterator[dict[str, object]]:
    """A few small sizes for the dimensions of a statement; a named scalar is 2."""
    found = variables(*(t for x in (s, *hypotheses) for t in terms_of(x)))
    for x in (s, *hypotheses):
        if isinstance(x, Compare):
            found |= {g for side in (x.left, x.right) for g in side.generators() if isinstance(g, Var)}
    for copies, others in EXPLICIT:
        yield {v.name: max(v.low, copies if v.name == "n" else others) if v.sign == "dimension" else 2 for v in found}


def engines_section(found: Sequence[Opinion]) -> str:
    """The agreement of the engines as a table."""
    rows = [(code(o.claim), o.replayed, o.surface, o.explicit) for o in found]
    return (
        "Each claim that is proved, or refuted by an argument, was also put to engines that share no code with the\n"
        "index form. They agree at random or small sizes: evidence beside the proof. A contradiction would\n"
        "have failed the run.\n\n"
        + table(("claim", "certificate replayed", "surface evaluator, random instances", "SymPy, explicit sizes"), rows)
    )


def instance_section(result: DocumentResult) -> str | None:
    """The first equation, of those without hypotheses, that SymPy can print at n = G = 2 and sizes of 1 for the rest,
    as block matrices."""
    from symbolic_mla.exact.show import instance_latex

    for claim in result.claims:
        for step in claim.steps:
            s = step.statement
            if step.theorem is None or step.theorem.hypotheses or not isinstance(s, Equation):
                continue  # (under a hypothesis the two sides are written differently)
            names = variables(s.left, s.right)
            sizes: dict[str, object] = {
                v.name: max(v.low, 2 if v.name in ("n", "G") else 1) if v.sign == "dimension" else 2 for v in names
            }
            try:
                latex = instance_latex(s, sizes)
            except SymbolicMLAError:
                continue
            if len(latex) < 4000:
                at = ", ".join(f"{k} = {sizes[k]}" for k in sorted(sizes))
                return f"{code(claim.id)} at {at}, a symbol in every entry:\n\n{block(latex)}"
    return None
