"""Terms and theorems of the kernel as text, in the words of the language where it has some."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Generator, Number, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Block, Einsum, Labels, Pick, Stack, Sum, Term
from symbolic_mla.kernel.theorem import Theorem
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.order import Entry, Extreme
from symbolic_mla.laws.rank import Rank


def term_text(t: Term) -> str:
    """A term as one line of text.

    >>> from symbolic_mla.kernel.scalar import Var
    >>> p = Axis.of(Var("p"))
    >>> term_text(transpose(matmul(Atom("A", (p, p)), Atom("B", (p, p)))))
    '(A B)ᵀ'
    """
    return _text(t)[0]


_SUM, _PRODUCT, _FACTOR = 0, 1, 2


def _text(t: Term) -> tuple[str, int]:
    if isinstance(t, Atom):
        return t.name, _FACTOR
    if isinstance(t, Sum):
        return _sum(t)
    if isinstance(t, Einsum):
        return _einsum(t)
    if isinstance(t, Stack):
        word = {(2, 0): "stack", (2, 1): "hstack"}.get((len(t.axes), t.axis), f"stack[axis {t.axis}]")
        return f"{word}({', '.join(map(term_text, t.parts))})", _FACTOR
    if isinstance(t, Block):
        place = ", ".join([":"] * t.axis + [str(t.which)])
        return f"{_inside(t.term, _FACTOR)}[{place}]", _FACTOR
    if isinstance(t, Pick):
        return f"{_inside(t.term, _FACTOR)}[{', '.join([':'] * t.axis + [t.index])}]", _FACTOR
    if isinstance(t, Apply):
        return f"{t.function}({term_text(t.term)})", _FACTOR
    return repr(t), _FACTOR


def _inside(t: Term, level: int) -> str:
    text, own = _text(t)
    return text if own >= level else f"({text})"


def _sum(t: Sum) -> tuple[str, int]:
    if not t.parts:
        return f"zeros({', '.join(map(str, t.axes))})", _FACTOR
    text = ""
    for c, part in t.parts:
        c = scalar(c)
        negative = len(c.terms) == 1 and next(iter(c.terms.values())) < 0
        size = -c if negative else c
        factor = "" if size == scalar(1) else f"({size}) " if len(size.terms) > 1 else f"{size} "
        text += ((" - " if text else "-") if negative else (" + " if text else "")) + factor + _inside(part, _PRODUCT)
    return text, _SUM if len(t.parts) > 1 or text.startswith("-") else _PRODUCT


def _einsum(t: Einsum) -> tuple[str, int]:
    children = t.children()
    if not children and not t.output:
        return "1", _FACTOR
    if len(t.axes) == 2 and t == identity(t.axes[0]):
        return f"I({t.axes[0]})", _FACTOR
    if len(children) == 1 and len(children[0].axes) == 2 and t == transpose(children[0]):
        return f"{_inside(children[0], _FACTOR)}ᵀ", _FACTOR
    if len(children) == 2 and all(len(c.axes) == 2 for c in children) and children[0].axes[1] == children[1].axes[0] \
            and t == matmul(*children):  # fmt: skip
        return f"{_inside(children[0], _PRODUCT)} {_inside(children[1], _FACTOR)}", _PRODUCT
    if len(children) == 1 and t.operands[0][1] == ((0,), (0,)) and not t.output:
        return f"tr({term_text(children[0])})", _FACTOR
    return _pattern(t), _FACTOR


def _pattern(t: Einsum) -> str:
    names = label_names(t.labels)

    def side(pattern: Sequence[Labels]) -> str:
        return " ".join(names[g[0]] if len(g) == 1 else f"({' '.join(names[k] for k in g)})" for g in pattern)

    left = ", ".join(side(pattern) for _, pattern in t.operands)
    used = {k for _, pattern in t.operands for g in pattern for k in g}
    sizes = [f"{names[k]}={axis}" for k, axis in enumerate(t.labels) if k not in used]
    quoted = f'"{left} -> {side(t.output)}"'.replace('" ->', '"->')
    return f"einsum({', '.join([quoted, *map(term_text, t.children()), *sizes])})"


def label_names(axes: Sequence[Axis]) -> list[str]:
    """A name for each label: that of its dimension where it is one symbol, numbered where that is taken."""
    taken: set[str] = set()
    out = []
    for axis in axes:
        run = axis.runs[0]
        plain = len(axis.runs) == 1 and run.count == 1 and len(run.heads) == 1 and run.tail is None
        base = run.heads[0].name.lower() if plain else "i"
        name = next(n for n in chain([base], (f"{base}{k}" for k in count(1))) if n not in taken)
        taken.add(name)
        out.append(name)
    return out


def number_text(n: Number) -> str:
    """A number of a statement as text, its ranks and extremes in words."""
    s = scalar(n)
    if not s.terms:
        return "0"
    parts = []
    for m, c in sorted(s.terms.items(), key=lambda t: [(g.key, -e) for g, e in t[0]]):
        factors = [_generator(g) if e == 1 else f"{_generator(g)}^{e}" for g, e in m]
        lead = [] if abs(c) == 1 and factors else [str(abs(c))]
        parts.append(("-" if c < 0 else "+", " ".join(lead + factors)))
    text = "".join(f" {sign} {part}" for sign, part in parts)
    return text[3:] if text.startswith(" + ") else f"-{text[3:]}"


def _generator(g: Generator) -> str:
    if isinstance(g, Rank):
        return f"rank({term_text(g.term)})"
    if isinstance(g, Entry):
        return term_text(g.term)
    if isinstance(g, Extreme):
        return f"{g.kind}({', '.join(map(number_text, g.of))})"
    return g.key


def statement_text(s: Statement) -> str:
    """A statement as one line of text."""
    if isinstance(s, Equation):
        return f"{term_text(s.left)} = {term_text(s.right)}"
    if isinstance(s, Compare):
        return f"{number_text(s.left)} {s.relation} {number_text(s.right)}"
    if isinstance(s, Iff):
        return f"({statement_text(s.left)}) iff ({statement_text(s.right)})"
    if isinstance(s, Exists):
        inner = f" for all {', '.join(map(_declared, s.inner))}" if s.inner else ""
        equations = ", ".join(map(statement_text, s.equations))
        unknowns = f"exists {', '.join(map(_declared, s.unknowns))}" if s.unknowns else ""
        return f"{unknowns}{inner} with {equations}".lstrip()
    return repr(s)


def _declared(a: Atom) -> str:
    return f"{a.name} : {' × '.join(map(str, a.axes)) or 'a number'}"


def theorem_text(theorem: Theorem) -> str:
    """A theorem for people: what it speaks of, what it assumes, what it says, and the axioms that it used."""
    statements = [*sorted(theorem.hypotheses, key=statement_text), theorem.conclusion]
    terms = [t for s in statements for t in terms_of(s)]
    hidden = {a for s in statements if isinstance(s, Exists) for a in (*s.unknowns, *s.inner)}
    atoms = sorted({t for t in subterms(*terms) if isinstance(t, Atom) and t not in hidden}, key=lambda a: a.name)
    found = variables(*terms) | {v for s in statements for v in _own_variables(s)}
    dims = sorted((v for v in found if v.sign == "dimension"), key=lambda v: v.name)
    scalars = sorted((v for v in found if v.sign != "dimension"), key=lambda v: v.name)
    lines = []
    if dims:
        lines.append("for all dims " + ", ".join(v.name if v.low == 1 else f"{v.name} >= {v.low}" for v in dims))
    if scalars:
        lines.append("for all scalars " + ", ".join(f"{v.name} ({v.sign})" for v in scalars))
    if atoms:
        lines.append("for all " + ", ".join(map(_declared, atoms)))
    functions = sorted({t.function for t in subterms(*terms) if isinstance(t, Apply)})
    if functions:
        lines.append("for every function " + ", ".join(functions))
    lines += [f"if {statement_text(h)}" for h in statements[:-1]]
    lines.append(f"theorem: {statement_text(theorem.conclusion)}")
    if theorem.axioms:
        lines.append(f"resting on: {', '.join(sorted(theorem.axioms))}")
    return "\n".join(lines)


def _own_variables(s: Statement) -> list[Var]:
    if isinstance(s, Compare):
        return [g for side in (s.left, s.right) for g in side.generators() if isinstance(g, Var)]
    if isinstance(s, Iff):
        return [*_own_variables(s.left), *_own_variables(s.right)]
    return []

