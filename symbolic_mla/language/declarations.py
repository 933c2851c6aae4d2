"""Declarations: what each item adds to the names, the hypotheses and the facts about dimensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from symbolic_mla.algebra.occurring import terms_of
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import (
    NameUnknownError,
    Span,
    SymbolicMLAError,
    TypeMismatchError,
    UnsupportedError,
)
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.node import names
from symbolic_mla.kernel.scalar import Scalar, Var, scalar
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.builtins import BUILTINS
from symbolic_mla.language.environment import Definition, Environment, Function, Hypothesis, Origin
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.quantified import atoms_of, for_all
from symbolic_mla.language.relations import no_positions, relate, square
from symbolic_mla.language.shapes import locate, quote
from symbolic_mla.language.sizes import part_and_whole
from symbolic_mla.language.unparse import unparse
from symbolic_mla.language.values import Tensor, integer_valued, weighed
from symbolic_mla.laws.notation import identity, matmul, transpose
from symbolic_mla.laws.svd import svd_facts

Declaration = s.Dims | s.DimDefinition | s.Assume | s.Scalars | s.Given | s.Functions | s.Let | s.Obtain

_SVD = "obtain U, S, V from svd(W); the first r: obtain U, S, V from svd(W, r)"
_SIGNS = {None: "real", ">": "positive", ">=": "nonnegative", "<": "positive", "<=": "nonnegative"}


@dataclass(slots=True)
class Declarations:
    """The names of a document so far, what it assumes of them, `k divides m` as pairs (k, m), the truncated singular
    value decompositions, and the diagonal matrices of singular values, whose entries are not negative."""

    env: Environment = field(default_factory=Environment)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    divisibility: list[tuple[Scalar, Scalar]] = field(default_factory=list)
    truncations: list[Truncation] = field(default_factory=list)
    singular: list[Atom] = field(default_factory=list)

    def declare(self, item: Declaration) -> None:
        """Take an item in.

        Raises: SymbolicMLAError with its span; then the names of the item have no meaning, and say so.
        """
        before = self.env.lengths()
        lists: tuple[list[Any], ...] = (self.hypotheses, self.divisibility, self.truncations, self.singular)
        lengths = list(map(len, lists))
        try:
            _HANDLERS[type(item)](self, item)
        except SymbolicMLAError as error:
            locate(error, item.span)
            for met, length in zip(lists, lengths, strict=True):
                del met[length:]
            self.env.back_to(before)
            for name in _declared(item):
                if self.env.what(name.text) is None:
                    self.env.failed[name.text] = item.span
            raise

    def evaluator(self) -> Evaluator:
        return Evaluator(self.env)

    # ---- items -----------------------------------------------------------------------------------------

    def _dims(self, item: s.Dims) -> None:
        for symbol in item.symbols:
            self.env.claim_name(symbol.name)
            self.env.dims[symbol.name.text] = Axis.of(Var(symbol.name.text, "dimension", symbol.lower))

    def _definition(self, item: s.DimDefinition) -> None:
        try:
            axis = self.evaluator().axis(item.value)
        except UnsupportedError as error:
            if isinstance(item.value, s.Quotient | s.Sum) and error.span == item.value.span:
                error.hint = part_and_whole(item.value, item.name.text)
            raise
        self.env.claim_name(item.name)
        self.env.dims[item.name.text] = self.env.defined[item.name.text] = axis

    def _scalars(self, item: s.Scalars) -> None:
        for symbol in item.symbols:
            self.env.claim_name(symbol.name)
            name = symbol.name.text
            if symbol.sign not in _SIGNS:
                raise UnsupportedError(
                    f"the scalar `{name} {symbol.sign} 0`",
                    hint=f"declare `scalar {name} > 0`, and state the claim for -{name} too",
                    span=symbol.span,
                )
            negative = symbol.sign in ("<", "<=")  # c < 0 is -|c|, and |c| has the sign that the kernel knows
            var = Var(f"|{name}|" if negative else name, _SIGNS[symbol.sign])
            self.env.scalars[name] = -scalar(var) if negative else scalar(var)

    def _functions(self, item: s.Functions) -> None:
        for symbol in item.symbols:
            positions = tuple((p.text, self.evaluator().axis(p)) for p in symbol.positions)
            self.env.claim_name(symbol.name)
            self.env.functions[symbol.name.text] = Function(symbol.name.text, positions)

    def _given(self, item: s.Given) -> None:
        for part in item.groups:
            for atom, name in atoms_of(self.env, part.group):
                self.env.claim_name(name)
                self.env.symbols[name.text] = atom
            for fact in part.hypotheses:
                self._fact(fact, "given")

    def _let(self, item: s.Let) -> None:
        for number, parameter in enumerate(item.parameters):
            built_in = parameter.text in BUILTINS or parameter.text in self.env.functions
            if built_in or any(p.text == parameter.text for p in item.parameters[:number]):
                met = "a function" if built_in else "a parameter already"
                raise NameUnknownError(
                    f"the parameter `{parameter.text}` is {met}",
                    hint="choose another name",
                    span=parameter.span,
                )
        env = self.env.copy()
        value = None
        if item.parameters:
            _names_are_known(env, item)
        else:
            value = Evaluator(env).value(item.body)
            if isinstance(value, Tensor):
                try:
                    weighed(value.term)
                except SymbolicMLAError as error:
                    locate(error, item.body.span)
                    raise
        self.env.claim_name(item.name)
        parameters = tuple(p.text for p in item.parameters)
        self.env.lets[item.name.text] = Definition(item.name.text, parameters, item.body, env, item.span, value)

    def _obtain(self, item: s.Obtain) -> None:
        source = item.source
        if source.name != "svd":
            raise UnsupportedError(f"`obtain ... from {source.name}(...)`", hint=_SVD, span=source.span)
        given = len(source.arguments)
        read = [a for a in source.arguments if not isinstance(a, (s.Text, s.ListLiteral))]
        if not 0 < len(read) == given < 3 or source.keywords or len(item.names) != 3:
            raise TypeMismatchError(
                f"`svd` gives three matrices for one, and here {len(item.names)} names meet {given} arguments",
                hint=_SVD,
                span=source.span,
            )
        matrix, *size = read
        w = self.evaluator().term(matrix)
        if w.order != 2:
            raise TypeMismatchError(
                f"the singular value decomposition of {quote(matrix)}",
                hint="it is of a matrix",
                span=matrix.span,
            )
        inner = self.evaluator().axis(size[0]) if size else None
        for name in item.names:
            self.env.claim_name(name)
        k = inner or self._inner_size(item.names[0])
        u, diagonal, v = (
            Atom(name.text, axes)
            for name, axes in zip(item.names, ((w.axes[0], k), (k, k), (w.axes[1], k)), strict=True)
        )
        for atom in (u, diagonal, v):
            self.env.symbols[atom.name] = atom
        self.singular.append(diagonal)
        if inner is not None:
            self._truncated(Truncation(weighed(w.term), u, diagonal, v), matrix, item.span)
            return
        texts = ("{0}ᵀ {0} = I({3})", "{2}ᵀ {2} = I({3})", "{1} = {1} ∘ I({3})", "{4} = {0} {1} {2}ᵀ")
        words = (u.name, diagonal.name, v.name, str(k), unparse(matrix))
        for which, fact in enumerate(svd_facts(weighed(w.term), u, diagonal, v)):
            bound = "{3} <= " + self.env.shapes.shape(w.axes[which - 4 : which - 3])
            text = texts[which] if which < len(texts) else bound
            self._assume(fact, text.format(*words), item.span, "svd", (w.term, u, diagonal, v, which))

    def _truncated(self, found: Truncation, source: s.Expr, span: Span) -> None:
        """The first singular triplets, as many as the size says."""
        matrix = unparse(source) if isinstance(source, s.Name) else f"({unparse(source)})"
        u, s_, v, r = found.u.name, found.s.name, found.v.name, self.env.shapes.shape((found.inner,))
        texts = [f"{u}ᵀ {matrix} = {s_} {v}ᵀ", f"{matrix} {v} = {u} {s_}", f"{s_} = {s_} ∘ I({r})"]
        facts = found.facts()
        whole = facts[-1].right == identity(found.inner)
        texts += [f"{u}ᵀ {u} = I({r})", f"{v}ᵀ {v} = I({r})"] if whole else [
            f"{u}ᵀ {u} {s_} = {s_}", f"{s_} {v}ᵀ {v} = {s_}"]  # fmt: skip
        for fact, text in zip(facts, texts, strict=True):
            self._assume(fact, text, span, "eckart-young")
        self.truncations.append(found)

    def _inner_size(self, name: s.Name) -> Axis:
        """The fresh inner size of a decomposition, `k_U` for the factor U: a dimension from here on."""
        text = f"k_{name.text}"
        while self.env.what(text):
            text += "'" if "'" in text else "_"
        self.env.claim_name(s.Name(text, name.span))
        self.env.dims[text] = Axis.of(Var(text))
        return self.env.dims[text]

    def _assumptions(self, item: s.Assume) -> None:
        for fact in item.facts:
            self._fact(fact, "assume")

    # ---- facts -----------------------------------------------------------------------------------------

    def _assume(self, statement: Statement, text: str, span: Span, origin: Origin,
                arguments: tuple[Term | int, ...] = ()) -> None:  # fmt: skip
        terms = list(terms_of(statement))
        no_positions(terms, "a hypothesis", "state the hypothesis for the whole matrix")
        self.hypotheses.append(Hypothesis(statement, text, span, frozenset(names(*terms)), origin, arguments))

    def _fact(self, fact: s.Fact, origin: Origin) -> None:
        match fact:
            case s.Chain(first, steps):
                evaluator = self.evaluator()
                left = (evaluator.value(first), first)
                for step in steps:
                    right = (evaluator.value(step.right), step.right)
                    try:
                        statement = relate(step.relation, left, right, self.env.shapes)
                        text = f"{unparse(left[1])} {step.relation} {unparse(step.right)}"
                        self._assume(statement, text, fact.span, origin)
                    except SymbolicMLAError as error:
                        locate(error, step.span)
                        raise
                    left = right
            case s.Divides(divisor, dividend):
                self.divisibility.append((self._integer(divisor), self._integer(dividend)))
            case s.Property(subject, "even"):
                self.divisibility.append((scalar(2), self._integer(subject)))
            case s.Property(subject, "odd"):
                self.divisibility.append((scalar(2), self._integer(subject) + 1))
            case s.Property(subject, "symmetric"):
                matrix = square(self.evaluator().value(subject), subject, self.env.shapes, word="symmetric")
                self._assume(Equation(transpose(matrix.term), matrix.term), unparse(fact), fact.span, origin)
            case s.Property(subject, "invertible"):
                self._invertible(fact, subject)
            case s.Exists():
                self._assume(for_all(self.env, fact), unparse(fact), fact.span, origin)

    def _integer(self, expr: s.Expr) -> Scalar:
        number = self.evaluator().number(expr)
        if not integer_valued(number):
            raise TypeMismatchError(
                f"{quote(expr)} is not known to be an integer",
                hint="divisibility is about dimensions",
                span=expr.span,
            )
        return number

    def _invertible(self, fact: s.Property, subject: s.Expr) -> None:
        """A⁻¹ as a symbol, and A A⁻¹ = I, A⁻¹ A = I as hypotheses."""
        atom = self.env.symbols.get(subject.text) if isinstance(subject, s.Name) else None
        if atom is None:
            value = self.evaluator().value(subject)
            raise UnsupportedError(
                f"{quote(subject)} is said to be invertible, and is no declared matrix"
                if isinstance(value, Tensor)
                else f"{quote(subject)} is a number, and needs a sign instead",
                hint="declare each factor: given A : p × p with A invertible",
                span=subject.span,
            )
        square(Tensor(atom), subject, self.env.shapes, word="invertible")
        if atom in self.env.inverses:
            return
        inverse = Atom(f"{atom.name}⁻¹", atom.axes)
        self.env.inverses[atom], self.env.inverses[inverse] = inverse, atom
        eye = identity(atom.axes[0])
        for left, right in ((atom, inverse), (inverse, atom)):
            statement = Equation(matmul(left, right), eye)
            self._assume(statement, f"{left.name} {right.name} = I({eye.axes[0]})", fact.span, "invertible")


def _declared(item: Declaration) -> tuple[s.Name, ...]:
    match item:
        case s.Dims(symbols) | s.Scalars(symbols) | s.Functions(symbols):
            return tuple(symbol.name for symbol in symbols)
        case s.DimDefinition(name) | s.Let(name):
            return (name,)
        case s.Given(groups):
            return tuple(name for part in groups for name in part.group.names)
        case s.Obtain(found):
            return found
    return ()


def _names_are_known(env: Environment, item: s.Let) -> None:
    """Raise for a name in the body of a definition that nothing declares; a lone index is a position."""
    known = {p.text for p in item.parameters}
    todo: list[object] = [item.body]
    while todo:
        node = todo.pop()
        if isinstance(node, tuple):
            todo += node
        elif isinstance(node, s.Name):
            if node.text not in known and node.text not in BUILTINS and env.what(node.text) is None:
                raise env.unknown(node.text, node.span)
        elif isinstance(node, s.Index):
            todo += [node.base, *(i for i in node.indices if not isinstance(i, s.Name))]
        elif isinstance(node, s.Call):
            if node.name not in BUILTINS and env.what(node.name) is None:
                raise env.unknown(node.name, node.span)
            todo += [node.arguments, tuple(k.value for k in node.keywords)]
        elif hasattr(node, "__slots__") and hasattr(node, "span"):
            todo += [getattr(node, name) for name in node.__slots__ if name != "span"]


_HANDLERS: dict[type, Callable[..., None]] = {
    s.Dims: Declarations._dims,
    s.DimDefinition: Declarations._definition,
    s.Scalars: Declarations._scalars,
    s.Functions: Declarations._functions,
    s.Given: Declarations._given,
    s.Let: Declarations._let,
    s.Obtain: Declarations._obtain,
    s.Assume: Declarations._assumptions,
}
