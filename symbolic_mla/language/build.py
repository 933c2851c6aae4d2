"""What the parser does on each reduction of a statement or an item. Iterative, like the parser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from symbolic_mla.errors import DocumentSyntaxError, Span, SpellingError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.build_expressions import (
    BuildExpressions,
    join,
    name_of,
    names_of,
    number_of,
    place_of,
)
from symbolic_mla.language.tokens import Token
from symbolic_mla.language.unparse import unparse


class Build(BuildExpressions):
    """One method for each rule or alias of the grammar."""

    # --- Statements

    def step(self, relation: Token, right: s.Expr, reason: Token | None = None) -> s.Step:
        by = name_of(reason) if reason is not None else None
        return s.Step(cast(s.Relation, str(relation)), right, by, join(relation, reason or right))

    def chain(self, first: s.Expr, *steps: s.Step) -> s.Chain:
        for step in steps:
            if step.relation == "!=":
                raise DocumentSyntaxError(
                    "`≠` is not a relation of statements",
                    hint="write `refute NAME: A = B` to claim that an equation fails",
                    span=step.span,
                )
        return s.Chain(first, steps, join(first, steps[-1]))

    def property(self, subject: s.Expr, word: Token) -> s.Property:
        return s.Property(subject, cast(Any, str(word)), join(subject, word))

    def divides(self, divisor: s.Expr, dividend: s.Expr) -> s.Divides:
        return s.Divides(divisor, dividend, join(divisor, dividend))

    def group(self, *parts: Any) -> s.Group:
        names = names_of(parts)
        sizes = tuple(parts[len(names) :])
        for size in sizes:
            _no_bare_juxtaposition(size)
        return s.Group(names, sizes, join(parts[0], parts[-1]))

    def groups(self, *groups: s.Group) -> tuple[s.Group, ...]:
        return groups

    def equations(self, *equations: s.Chain) -> tuple[s.Chain, ...]:
        return equations

    def exists(self, word: Token, groups: tuple[s.Group, ...], *rest: Any) -> s.Exists:
        forall = rest[0] if len(rest) == 3 else ()
        return s.Exists(groups, forall, rest[-1], join(word, rest[-1][-1]))

    def for_all(self, groups: tuple[s.Group, ...], _: Token, equations: tuple[s.Chain, ...]) -> s.Exists:
        _no_reasons(equations)
        return s.Exists((), groups, equations, join(groups[0], equations[-1]))

    def bracketed_clause(self, opening: Token, inner: s.Exists, closing: Token) -> s.Exists:
        return replace(inner, span=join(opening, closing))

    def iff(self, left: s.Chain | s.Exists, right: s.Chain | s.Exists) -> s.Iff:
        return s.Iff(left, right, join(left, right))

    # --- Items

    def expression(self, expression: s.Expr) -> s.Expr:
        return expression

    def item(self, *items: Any) -> list[s.Item]:
        return items[0] if isinstance(items[0], list) else [items[0]]

    def dim_symbol(self, name: Token) -> s.DimSymbol:
        return s.DimSymbol(name_of(name), 1, place_of(name))

    def dim_bound(self, name: Token, relation: Token, bound: Token) -> s.DimSymbol:
        lower = number_of(bound).value
        if relation not in (">=", ">") or not isinstance(lower, int):
            raise DocumentSyntaxError(
                f"`{name} {relation} {bound}` is not a lower bound",
                hint=f"write `{name} >= {lower if isinstance(lower, int) else 1}` with an integer; "
                "other facts stand in `assume`",
                span=join(name, bound),
            )
        return s.DimSymbol(name_of(name), max(1, lower + (relation == ">")), join(name, bound))

    def dim_definition(self, name: Token, _: Token, value: s.Expr) -> s.DimDefinition:
        return s.DimDefinition(name_of(name), value, join(name, value))

    def dims(self, word: Token, *entries: s.DimSymbol | s.DimDefinition) -> list[s.Item]:
        """Symbols and definitions may be mixed; runs of symbols stay together, in the order written."""
        items: list[s.Item] = []
        run: list[s.DimSymbol] = []
        for entry in entries:
            if isinstance(entry, s.DimSymbol):
                run.append(entry)
                continue
            if run:
                items.append(s.Dims(tuple(run), join(word, run[-1])))
                run = []
            items.append(entry)
        if run:
            items.append(s.Dims(tuple(run), join(word, run[-1])))
        return items

    def assume(self, word: Token, *facts: s.Fact) -> s.Assume:
        _no_reasons(facts)
        return s.Assume(facts, join(word, facts[-1]))

    def scalar_entry(
        self, name: Token, relation: Token | None = None, bound: Token | None = None
    ) -> s.ScalarSymbol:
        if relation is None or bound is None:
            return s.ScalarSymbol(name_of(name), None, place_of(name))
        if number_of(bound).value != 0:
            above = str(relation) in (">", ">=") and number_of(bound).value > 0
            raise DocumentSyntaxError(
                f"a scalar is declared with its sign, not with the bound {bound}",
                hint=f"write `scalar {name}{' > 0' if above else ''}` and, on a line of its own, "
                     f"`assume {name} {relation[0]}= {bound}`",
                span=join(name, bound),
            )
        return s.ScalarSymbol(name_of(name), cast(s.Relation, str(relation)), join(name, bound))

    def scalars(self, word: Token, *symbols: s.ScalarSymbol) -> s.Scalars:
        return s.Scalars(symbols, join(word, symbols[-1]))

    def given_part(self, *parts: Any) -> tuple[Any, ...]:
        return parts

    def given(self, word: Token, *parts: tuple[Any, ...]) -> s.Given:
        groups: list[s.GivenGroup] = []
        open_list = False
        for part in parts:
            fact = part[-1]
            if isinstance(part[0], s.Group):
                open_list = len(part) > 1
                facts = (fact,) if open_list else ()
                groups.append(s.GivenGroup(part[0], facts, join(part[0], part[-1])))
            elif open_list:
                last = groups[-1]
                groups[-1] = s.GivenGroup(last.group, (*last.hypotheses, fact), join(last, fact))
            elif groups and isinstance(fact, s.Property):
                behind, met = groups[-1].span, place_of(fact)
                raise SpellingError(
                    f"`{fact.word}` is a fact, and stands behind `with`",
                    hint=f"write `given A : m × m with A {fact.word}`",
                    span=Span(behind.end_line, behind.end_column, met.end_line, met.end_column),
                    spelling=f" with {unparse(fact)}",
                )
            else:
                raise DocumentSyntaxError(
                    "`given` declares names with a shape",
                    hint="write `given A : m × n`; a fact stands behind `with`, a definition in `let`, "
                    "a number in `scalar`",
                    span=place_of(part[0]),
                )
        for group in groups:
            _no_reasons(group.hypotheses)
        return s.Given(tuple(groups), join(word, groups[-1]))

    def function_entry(self, name: Token, *rest: Token) -> s.FunctionSymbol:
        return s.FunctionSymbol(name_of(name), names_of(rest), join(name, rest[-1] if rest else name))

    def functions(self, word: Token, *symbols: s.FunctionSymbol) -> s.Functions:
        return s.Functions(symbols, join(word, symbols[-1]))

    def let_plain(self, word: Token, name: Token, _: Token, body: s.Expr) -> s.Let:
        return s.Let(name_of(name), (), body, join(word, body))

    def let_parameters(self, word: Token, name: Token, *rest: Any) -> s.Let:
        return s.Let(name_of(name), names_of(rest[:-1]), rest[-1], join(word, rest[-1]))

    def obtain(self, word: Token, *rest: Any) -> s.Obtain:
        source, opening, arguments, closing = rest[-4:]
        return s.Obtain(
            names_of(rest[:-4]), self.call(source, opening, arguments, closing), join(word, closing)
        )

    def witness(self, name: Token, _: Token, value: s.Expr) -> s.Witness:
        return s.Witness(name_of(name), value, join(name, value))

    def take(self, *witnesses: s.Witness) -> tuple[s.Witness, ...]:
        return witnesses

    def reason(self, _: Token, name: Token) -> s.Name:
        return name_of(name)

    def inputs(self, *inputs: s.Witness) -> tuple[s.Witness, ...]:
        return inputs

    def at(self, *inputs: s.Witness) -> s.At:
        return s.At(inputs, join(inputs[0], inputs[-1]))

    def alike(self, one: tuple[s.Witness, ...], other: tuple[s.Witness, ...]) -> s.Alike:
        return s.Alike(one, other, join(one[0], other[-1]))

    def so(self, *alternatives: s.Chain) -> s.So:
        _no_reasons(alternatives)
        return s.So(alternatives, join(alternatives[0], alternatives[-1]))

    def moves(self, *moves: s.Move) -> list[s.Move]:
        return list(moves)

    def tail(self, *parts: Any) -> tuple[Any, ...]:
        return parts

    def claim(self, word: Token, name: Token, statement: s.Statement, tail: tuple[Any, ...]) -> s.Claim:
        by = next((part for part in tail if isinstance(part, s.Name)), None)
        take: tuple[s.Witness, ...] = next((part for part in tail if isinstance(part, tuple)), ())
        argument: tuple[s.Move, ...] = tuple(next((part for part in tail if isinstance(part, list)), ()))
        statement, late = _lift_reason(statement)
        if late is not None and by is not None:
            raise DocumentSyntaxError("two reasons for one claim", hint="keep one `by`", span=late.span)
        if take and isinstance(statement, s.Chain):
            raise DocumentSyntaxError(
                "`take` gives witnesses, and this claim has no `exists`",
                hint="write `exists U : D × r with ...`, or use `let`",
                span=join(take[0], take[-1]),
            )
        expected: Literal["proved", "refuted"] = "proved" if word == "claim" else "refuted"
        if argument and (expected == "proved" or not isinstance(statement, s.Exists)):
            raise DocumentSyntaxError(
                "an argument shows that nothing does what an `exists` asks for",
                hint="write `refute NAME: exists ...` in front of `at`, `alike` and `so`",
                span=join(argument[0], argument[-1]),
            )
        end = max(
            (part.span for part in (statement, by, late, *take, *argument) if part is not None),
            key=lambda span: (span.end_line, span.end_column),
        )
        span = Span(word.line, word.column, end.end_line, end.end_column)
        return s.Claim(name_of(name), expected, statement, by or late, take, argument, span)


_UNITARY_WORDS = frozenset({"orthonormal", "orthogonal", "unitary", "isometric"})
_UNITARY = "orthonormal columns are a hypothesis: `given U : m × r with Uᵀ U = I(r)`"


def _no_bare_juxtaposition(size: s.Expr) -> None:
    """`A : m n` is a forgotten `×` more often than a vector of size m n, so it has to be spelt out."""
    while isinstance(size, s.Product) and place_of(size.left).column == place_of(size).column:
        if size.operator == "" and not isinstance(size.left, s.Number):
            raise DocumentSyntaxError(
                "two sizes without `×` or `*` between them",
                hint=_UNITARY if isinstance(size.right, s.Name) and size.right.text in _UNITARY_WORDS else
                "write `m × n` for a matrix, `m*n` for one axis",
                span=size.span,
            )  # fmt: skip
        size = size.left


def _no_reasons(facts: tuple[s.Fact, ...]) -> None:
    for fact in facts:
        for step in fact.steps if isinstance(fact, s.Chain) else ():
            if step.by is not None:
                raise DocumentSyntaxError(
                    "`by` gives the reason of a claim; a hypothesis has none",
                    hint="remove it, or state a `claim`",
                    span=step.by.span,
                )


def _lift_reason(statement: s.Statement) -> tuple[s.Statement, s.Name | None]:
    """Behind an `exists` or an `iff` a reason serves the whole claim, not the last equation."""
    if isinstance(statement, s.Chain):
        return statement, None
    if isinstance(statement, s.Iff):
        right, by = (
            _strip_chain(statement.right)
            if isinstance(statement.right, s.Chain)
            else _strip_exists(statement.right)
        )
        return replace(statement, right=right), by
    return _strip_exists(statement)


def _strip_exists(statement: s.Exists) -> tuple[s.Exists, s.Name | None]:
    last, by = _strip_chain(statement.equations[-1])
    return replace(statement, equations=(*statement.equations[:-1], last)), by


def _strip_chain(chain: s.Chain) -> tuple[s.Chain, s.Name | None]:
    last = chain.steps[-1]
    return replace(chain, steps=(*chain.steps[:-1], replace(last, by=None))), last.by
