"""One statement of a formula: a chain of relations, an existence, an equivalence, equations between entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.tex import declarations as dc
from symbolic_mla.language.tex.cursor import closing, is_command, is_symbol, join, split, unread, whole
from symbolic_mla.language.tex.expressions import RELATIONS, Reader, words_unread
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.tex.relations import relation_at
from symbolic_mla.language.tex.sums import entries_of, ordered
from symbolic_mla.language.tex.tokens import Tex


class Clauses:
    """Reads statements in a notation; `span` is the place of a formula that has no tokens of its own."""

    def __init__(self, span: Span, notation: Notation) -> None:
        self.span = span
        self.notation = notation

    def reader(self, tokens: Sequence[Tex]) -> Reader:
        return Reader(tokens, whole(tokens, self.span), self.notation)


    def statement(self, tokens: Sequence[Tex], name: str | None) -> s.Statement | None:
        sides = split(tokens, lambda t: is_command(t, "iff", "Leftrightarrow", "Longleftrightarrow"))
        if len(sides) > 2:
            raise unread("two \\iff in one statement", "state them as two formulas", whole(sides[-1], self.span))
        if len(sides) == 2:
            left, right = (self.clause(side) for side in sides)
            return s.Iff(left, right, join(left.span, right.span))
        divides = split(tokens, lambda t: is_command(t, "mid"))
        if len(divides) == 2 and not any(str(t) in RELATIONS or is_symbol(t, "[") for t in tokens):
            first, second = (self.expression(side) for side in divides)
            return s.Divides(first, second, join(first.span, second.span))  # type: ignore[return-value]
        return self.clause(tokens)

    def clause(self, tokens: Sequence[Tex]) -> s.Chain | s.Exists:
        if tokens and is_symbol(tokens[0], "(") and closing(tokens, 0) == len(tokens) - 1:
            inner = [t for t in tokens[1:-1] if t.kind != "gap"]
            if inner and is_command(inner[0], "exists"):
                return replace(self.exists(tokens[1:-1]), span=whole(tokens, self.span))
        if any(is_command(t, "exists") for t in tokens):
            return self.exists(tokens)
        return self.chain(tokens)

    def chain(self, tokens: Sequence[Tex]) -> s.Chain:
        reader = self.reader(tokens)
        first = reader.expression()
        steps: list[s.Step] = []
        while reader.next is not None:
            found = relation_at(reader.tokens, reader.at)
            if found is None:
                break
            word, length = found
            start = reader.tokens[reader.at]
            if word not in RELATIONS.values():
                hint = HINTS.get(word)
                if word in (":=", "=:"):
                    hint = "a definition has a new name on one side; mark it `let`, or write ="
                raise unread(f"`{start}` is not read as a relation", hint, start.span)
            reader.at += length
            right = reader.expression()
            steps.append(s.Step(word, right, None, join(start.span, right.span)))  # type: ignore[arg-type]
        if is_command(reader.next, "in") and not steps:
            before, reader.at = reader.at, reader.at + 1
            sizes = dc.space(reader)
            if isinstance(sizes, tuple) and reader.next is None:
                return dc.shape_claim(first, sizes)
            reader.at = before
        self.finish(reader)
        if not steps:
            raise unread("a formula without a relation states nothing",
                   "write =, \\le, ...; a mark `commentary` leaves it out",
                   whole(tokens, self.span))  # fmt: skip
        return self.of_entries(reader, s.Chain(first, tuple(steps), join(first.span, steps[-1].span)))

    def of_entries(self, reader: Reader, chain: s.Chain) -> s.Chain:
        """A chain between entries `A_{ij}` says for all i and j what a chain between matrices says."""
        free, self.notation.free = self.notation.free, set()
        positions, self.notation.positions = self.notation.positions, set()
        if not free:
            return chain
        if free & positions:
            raise unread("one index in square brackets and without", "write all selections in one way", chain.span)
        if any(step.relation != "=" for step in chain.steps):
            raise unread("an inequality between entries", "inequalities are between numbers", chain.span)
        order = ordered(chain.first, free) or sorted(free)
        if set(order) != free:
            hint = "write the sum out, or whole matrices"
            raise unread("the first side has not all indices of the others", hint, chain.span)
        sides: list[s.Expr] = []
        rows: set[bool] = set()
        for side in (chain.first, *(step.right for step in chain.steps)):
            if side == s.Number(0):
                sides.append(side)
                continue
            found, is_row = entries_of(reader, side, order)
            sides.append(found)
            rows.add(is_row)
        if len(rows) > 1:
            raise unread("a row on one side and a column on the other", "transpose one of them", chain.span)
        steps = tuple(replace(step, right=side) for step, side in zip(chain.steps, sides[1:], strict=True))
        return s.Chain(sides[0], steps, chain.span)

    def exists(self, tokens: Sequence[Tex]) -> s.Exists:
        """`\\exists U \\in ..., V \\in ...: \\forall X \\in ...: equations`."""
        tokens = [t for t in tokens if t.kind != "gap"]
        reader = self.reader(tokens)
        start = reader.here()
        if not is_command(reader.next, "exists"):
            raise unread("`\\exists` does not begin its statement", "write \\exists U \\in ...: W = U V", start)
        reader.take()
        groups = dc.groups(reader)
        forall: tuple[s.Group, ...] = ()
        local = {n.text: len(g.sizes) for g in groups for n in g.names}
        dc.such_that(reader)
        if is_command(reader.next, "forall"):
            reader.take()
            forall = dc.groups(reader)
            local |= {n.text: len(g.sizes) for g in forall for n in g.names}
            dc.such_that(reader)
        rest = reader.tokens[reader.at :]
        outer = dict(self.notation.local)
        self.notation.local = {**outer, **local}
        try:
            equations = tuple(self.chain(part) for part in split(rest, lambda t: is_symbol(t, ",")) if part)
        finally:
            self.notation.local = outer
        if not equations:
            raise unread("`\\exists` without an equation", "write \\exists U \\in ...: W = U V", start)
        return s.Exists(groups, forall, equations, join(start, equations[-1].span))

    def expression(self, tokens: Sequence[Tex]) -> s.Expr:
        reader = self.reader(tokens)
        expr = reader.expression()
        self.finish(reader)
        self.no_entries(expr)
        return expr

    def no_entries(self, expr: s.Expr) -> None:
        """Raise for an index that no sum binds, outside of an equation between entries."""
        if self.notation.free:
            raise unread("an entry outside of an equation between entries", "write it for whole matrices", expr.span)

    def finish(self, reader: Reader) -> None:
        """Raise for what stands behind a statement."""
        token = reader.next
        if token is None:
            return
        if token.kind == "remark":
            raise words_unread(token)
        hint = HINTS.get(str(token))
        if is_command(token, "in"):
            hint = "a shape stands by itself, in a statement of its own, or behind \\exists"
        raise unread(f"met `{token}`; an operator, a relation or the end was expected", hint, token.span)
