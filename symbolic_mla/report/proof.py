"""The proof of a statement about ranks, existence or an equivalence: the facts that the kernel derived, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symbolic_mla.algebra import hadamard, tile
from symbolic_mla.errors import SymbolicMLAError, UnsupportedError
from symbolic_mla.kernel.scalar import is_zero, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Atom, Einsum, Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.language.latex_names import name_latex
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, kron, matmul, transpose
from symbolic_mla.prover.sides import both_sides
from symbolic_mla.report.formula import symbol_latex
from symbolic_mla.report.numbers import factor_latex, number_latex

MAX_FACTS = 40
MAX_LENGTH = 160  # characters of LaTeX; a longer term gets a name of its own
_ATOM, _TERM, _SUM = 2, 1, 0

WORDS: Mapping[str, str] = {
    "assume": "a hypothesis",
    "equation": "both sides have the same index form",
    "cut": "a hypothesis is put in",
    "congruence": "equals replaced by equals",
    "instance": "an instance",
    "arithmetic": "arithmetic of numbers whose signs are known",
    "antisymmetry": "two bounds that face each other",
    "entry": "equal tensors without axes are equal numbers",
    "zero-squares": "squares of real numbers add up to 0 only where each is 0",
    "extreme-bound": "min ≤ each ≤ max",
    "extreme-intro": "a bound on each is a bound on min or max",
    "rank-size": "a rank is at most each size",
    "rank-equal": "equal matrices have equal rank",
    "rank-factor": "the rank of a product is at most that of each factor",
    "rank-sum": "rank is subadditive",
    "rank-identity": "the identity has full rank",
    "rank-zero": "only the zero matrix has rank 0",
    "rank-kron": "the rank of a Kronecker product is the product of the ranks",
    "rank-gram": "rank(Aᵀ A) = rank A over the reals",
    "rank-sylvester": "Sylvester's inequality",
    "rank-frobenius": "Frobenius' inequality",
    "exists-witness": "the witness satisfies every equation",
    "forall-use": "what holds for all values holds for these",
    "everywhere": "tensors that are equal at every position are equal",
    "exists-rank": "a matrix of rank at most m factors through m rows",
    "rank-of-exists": "a factorisation through m rows bounds the rank by m",
    "iff": "each side follows from the other",
    "iff-use": "an equivalence that was proved",
    "softmax-rows": "the weights of a row add up to 1",
    "softmax-injective": "rows of scores with equal weights differ by a constant",
    "svd": "singular value decomposition, an axiom",
}
"""Each rule of the kernel in a few words."""


class Names:
    """Names for the terms that a proof speaks of: products and sums of what the document names, else M₁, M₂, ..."""

    def __init__(self, known: Mapping[Term, str], letter: str) -> None:
        self.known = known
        self.letter = letter
        self.new: dict[Term, str] = {}
        self._shown: dict[Term, tuple[str, int]] = {}

    def shown(self, term: Term) -> str:
        """A term as LaTeX."""
        return self._show(term)[0]

    def _inside(self, term: Term, level: int) -> str:
        text, own = self._show(term)
        return text if own >= level else rf"\left({text}\right)"

    def _show(self, term: Term) -> tuple[str, int]:
        """The LaTeX of a term, and how tightly its outermost operation binds."""
        if term not in self._shown:
            found = self._structure(term)
            if found is None or len(found[0]) > MAX_LENGTH:
                self.new[term] = f"{self.letter}_{{{len(self.new) + 1}}}"
                found = self.new[term], _ATOM
            self._shown[term] = found
        return self._shown[term]

    def _structure(self, term: Term) -> tuple[str, int] | None:
        if term in self.known:
            return name_latex(self.known[term]), _ATOM
        if isinstance(term, Atom):
            return symbol_latex(term.name).removeprefix("(").removesuffix(")"), _ATOM
        if isinstance(term, Sum):
            return self._sum(term)
        if isinstance(term, Stack) and len(term.axes) == 2:
            between = r" \\ " if term.axis == 0 else " & "
            return rf"\begin{{bmatrix}} {between.join(map(self.shown, term.parts))} \end{{bmatrix}}", _ATOM
        if len(term.axes) != 2 or not isinstance(term, Einsum):
            return None
        parts = term.children()
        if _is_identity(term):
            return f"I_{{{number_latex(term.axes[0].size())}}}", _ATOM
        if len(parts) == 1 and len(parts[0].axes) == 2 and term == transpose(parts[0]):
            return rf"{self._inside(parts[0], _ATOM)}^{{\top}}", _TERM
        if len(parts) == 1 and len(parts[0].axes) == 2:
            copies = [axis for axis in term.labels if term == tile(parts[0], axis)]
            if copies:
                return rf"\mathrm{{tile}}({self.shown(parts[0])}, {number_latex(copies[0].size())})", _ATOM
        if len(parts) == 2 and all(len(p.axes) == 2 for p in parts):
            a, b = parts
            if a.axes[1] == b.axes[0] and term == matmul(a, b):
                return rf"{self._inside(a, _TERM)}\,{self._inside(b, _TERM)}", _TERM
            if a.axes == b.axes and term == hadamard(a, b):
                return rf"{self._inside(a, _TERM)} \circ {self._inside(b, _ATOM)}", _TERM
            if term == kron(a, b):
                return rf"{self._inside(a, _TERM)} \otimes {self._inside(b, _ATOM)}", _TERM
        return None

    def _sum(self, term: Sum) -> tuple[str, int]:
        if not term.parts:
            return "0", _ATOM
        if len(term.parts) == 1 and is_zero(scalar(term.parts[0][0]) - 1):
            return self._show(term.parts[0][1])
        text = ""
        for c, part in term.parts:
            one = factor_latex(c) + self._inside(part, _TERM)
            text += one if not text else f" - {one[1:]}" if one.startswith("-") else f" + {one}"
        return text, _SUM if len(term.parts) > 1 or text.startswith("-") else _TERM


def _is_identity(term: Term) -> bool:
    """Whether a term is an identity matrix in index form."""
    if term.axes[0] != term.axes[1]:
        return False
    try:
        return all(c.agrees for c in both_sides(term, identity(term.axes[0])).classes)
    except SymbolicMLAError:
        return False


def statement_latex(s: Statement, names: Names) -> str:
    """A statement of the kernel as LaTeX."""
    if isinstance(s, Equation):
        return f"{names.shown(s.left)} = {names.shown(s.right)}"
    if isinstance(s, Compare):
        relation = r"\le" if s.relation == "<=" else "="
        return f"{number_latex(s.left, names.shown)} {relation} {number_latex(s.right, names.shown)}"
    if isinstance(s, Iff):
        return rf"\left({statement_latex(s.left, names)}\right) \iff \left({statement_latex(s.right, names)}\right)"
    if not isinstance(s, Exists):
        raise UnsupportedError(f"no formula for a statement of the kind {type(s).__name__}")
    inner = rf"\;\forall\, {_symbols(s.inner)}" if s.inner else ""
    equations = r",\; ".join(statement_latex(e, names) for e in s.equations)
    unknowns = rf"\exists\, {_symbols(s.unknowns)}" if s.unknowns else ""
    return rf"{unknowns}{inner}:\; {equations}".removeprefix(r"\;")


def _symbols(atoms: Sequence[Atom]) -> str:
    return ", ".join(name_latex(a.name) for a in atoms)


def facts(theorem: Theorem) -> list[Theorem]:
    """Every theorem that a theorem rests on, each statement once, before what rests on it; it comes last."""
    found: dict[Statement, Theorem] = {}

    def visit(t: Theorem) -> None:
        if t.conclusion in found:
            return
        for premise in t.premises:
            visit(premise)
        found.setdefault(t.conclusion, t)

    visit(theorem)
    return list(found.values())


def rows(theorem: Theorem, names: Names) -> list[tuple[str, str, str]]:
    """The proof as lines: number, statement as LaTeX, and why in words."""
    lines = facts(theorem)
    number = {t.conclusion: str(k + 1) for k, t in enumerate(lines)}
    out = []
    for t in lines:
        used = list(dict.fromkeys(number[p.conclusion] for p in t.premises))
        why = WORDS.get(t.proof[0], t.proof[0])
        if t.proof[0] == "assume" and t.conclusion not in theorem.hypotheses:
            why = "assumed, for one direction of the equivalence"
        out.append(
            (
                number[t.conclusion],
                statement_latex(t.conclusion, names),
                why + (f" (from {', '.join(used)})" if used else ""),
            )
        )
    return out


def equations(theorem: Theorem) -> list[Theorem]:
    """The equations that a proof checks by index form, itself included."""
    return [t for t in facts(theorem) if t.proof[0] == "equation"]
