"""A displayed formula to items: its rows, relations and quantifiers; declarations, definitions and claims.

Rows that begin with a relation go on with the chain before them; any other row, and what stands behind a comma or
a wide space, is a statement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symbolic_mla.errors import BudgetError, DocumentSyntaxError, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Block
from symbolic_mla.language.parse import ParseEnvironment, check_height
from symbolic_mla.language.tex import declarations as dc
from symbolic_mla.language.tex.atoms import name_at
from symbolic_mla.language.tex.cursor import closing, is_command, is_symbol, join, split, unread, whole
from symbolic_mla.language.tex.expressions import OTHER_RELATIONS, RELATIONS, Reader, words_unread
from symbolic_mla.language.tex.matrices import columns_of
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.tex.sums import entries_of, ordered
from symbolic_mla.language.tex.tokens import Tex, scan_tex

ROWS = frozenset(
    [
        "equation",
        "align",
        "aligned",
        "gather",
        "gathered",
        "multline",
        "eqnarray",
        "split",
        "flalign",
        "alignat",
        "alignedat",
        "displaymath",
        "math",
    ]
)
_JOINS = frozenset(
    {"and", "or equivalently", "i.e.", "so", "thus", "hence", "therefore", "then", "that is", "so that", "e.g."}
)
_LOGIC = re.compile(
    r"\b(if|for|where|when|whenever|unless|iff|only|assum\w*|provided|not|some|exists?|such|s\.t\.|with|or|implies|let)\b",
    re.IGNORECASE,
)
_DEFINES = frozenset({"\\coloneqq", "\\triangleq", "\\coloneq", "\\defeq"})
_OPEN, _CLOSE = ("{", "(", "[", "\\{", "\\left."), ("}", ")", "]", "\\}")
_LABEL = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of one statement, and the name that a \\tag or a \\label gives it."""

    tokens: tuple[Tex, ...]
    name: str | None = None


def read_formula(block: Block, env: ParseEnvironment, faults: list[SymbolicMLAError] | None = None) -> list[s.Item]:
    """The items of a displayed formula; `env` takes in what they declare. With `faults`, the errors of statements that
    are not read go there, and the others are read.

    Raises: DocumentSyntaxError for what is not read, at its place; NameUnknownError for what has two readings;
    UnsupportedError for what the language does not have.
    """
    found: list[SymbolicMLAError] = []
    formula = _Formula(block, env)
    items: list[s.Item] = []
    try:
        tokens = scan_tex(block.text, first_line=block.first_line, offsets=block.offsets)
        items = formula.items(tokens, found)
        for item in items:
            check_height(item)
    except BudgetError:
        raise
    except SymbolicMLAError as error:
        items = []
        found.append(error)
    if found and faults is None:
        raise found[0]
    if faults is not None:
        faults += found
    return items


class _Formula:
    """Reads the statements of one displayed formula, in the role that its mark gives it."""

    def __init__(self, block: Block, env: ParseEnvironment) -> None:
        if block.mark is None:
            raise ValueError("a block without a mark is no formula")
        self.mark = block.mark
        self.span = block.span
        self.env = env
        self.notation = Notation.of(env)
        self.claims: list[tuple[str | None, s.Claim]] = []
        self.shapes: set[int] = set()  # of which claims state a shape, by identity
        self.out: list[s.Item] = []

    def items(self, tokens: Sequence[Tex], faults: list[SymbolicMLAError]) -> list[s.Item]:
        rows = rows_of(tokens)
        if not rows:
            raise unread("an empty formula", "write a relation, such as A B = C", self.span)
        for row in rows:
            try:
                self.row(row)
            except BudgetError:
                raise
            except SymbolicMLAError as error:
                faults.append(error)
                self.env.unread = self.env.unread or self.mark.role not in ("claim", "refute")
        named = {id(claim): name for (_, claim), name in zip(self.claims, self.names(), strict=True)}
        return [replace(i, id=s.Name(named[id(i)], i.id.span)) if isinstance(i, s.Claim) else i for i in self.out]

    def names(self) -> list[str]:
        """Names for the claims: the mark's, of several NAME-1, NAME-2; without a mark a \\tag or \\label goes first.

        A shape that is stated beside is NAME-shape.
        """
        kinds = [claim for _, claim in self.claims if id(claim) not in self.shapes]
        out: list[str] = []
        count = 0
        for name, claim in self.claims:
            if id(claim) in self.shapes:
                subject = claim.statement.first if isinstance(claim.statement, s.Chain) else None
                base = self.mark.name or (subject.text if isinstance(subject, s.Name) else "formula")
                own = f"{base}-shape"
                out.append(own if own not in out else f"{own}-{len(out) + 1}")
                continue
            count += 1
            numbered = self.mark.name if len(kinds) == 1 else f"{self.mark.name}-{count}"
            out.append(name if self.mark.role == "unmarked" and name is not None else numbered)
        return out

    def declare(self, *items: s.Item) -> None:
        """Take in items, so that the next statement knows their names."""
        for item in items:
            check_height(item)
            self.env.declare(item)
            self.out.append(item)
        self.notation = Notation.of(self.env)

    def reader(self, tokens: Sequence[Tex]) -> Reader:
        return Reader(tokens, whole(tokens, self.span), self.notation)

    # ---- what a row is ---------------------------------------------------------------------------------

    def row(self, row: Row) -> None:
        role = self.mark.role
        tokens: Sequence[Tex] = row.tokens
        self.notation.free.clear()
        self.notation.positions.clear()
        if self.for_all_positions(tokens) or (role != "obtain" and self.tailed(row)):
            return
        if role in ("unmarked", "given", "let") and self.membership(tokens, role):
            return
        if role == "obtain":
            self.declare(dc.decomposition(self.reader(tokens)))
            return
        if role in ("unmarked", "given", "let"):
            defined = self.definition(tokens, role)
            if defined is None:
                return
            tokens = defined
        if role == "let":
            raise unread(
                "a formula marked `let` defines a new name", "write `new name = expression`", whole(tokens, self.span)
            )
        statement = self.statement(tokens, row.name)
        if statement is None:
            return
        if role in ("given", "assume"):
            self.assume(statement)
            return
        self.claim(statement, row.name)

    def for_all_positions(self, tokens: Sequence[Tex]) -> bool:
        """Whether a piece is `\\forall i, j` of indices: what is claimed of an index is claimed of every one."""
        words = tokens[0].text.strip(" ,:").lower() if tokens[0].kind == "remark" else ""
        if not (is_command(tokens[0], "forall") or words in ("for all", "for every", "for each", "for any")):
            return False
        letters = [t for t in tokens[1:] if not is_symbol(t, ",")]
        reader = self.reader(tokens)
        return bool(letters) and all(t.kind == "letter" and reader.is_index(t.text) for t in letters)

    def tailed(self, row: Row) -> bool:
        """Read `chain =: name`, which names the last side, and `chain \\in space`, which claims its shape."""
        tokens = row.tokens
        outside = _outside(tokens)
        relations = list(_relations(tokens).items())
        if not relations or any(is_command(t, "exists", "iff", "Leftrightarrow") for t in tokens):
            return False
        last, (word, length) = relations[-1]
        if word == "=:":
            right = self.reader(tokens[last + length :])
            name = name_at(right) if right.next is not None else None
            if name is None or right.next is not None:
                raise unread("`=:` names what stands before it", "write a new name behind it", tokens[last].span)
            if self.notation.known(name.text):
                equals = Tex("symbol", "=", tokens[last].span)
                self.row(replace(row, tokens=(*tokens[:last], equals, *tokens[last + length :])))
                return True
            before = relations[-2] if len(relations) > 1 else (0, ("", 0))
            body = self.expression(tokens[before[0] + before[1][1] : last])
            if len(relations) > 1:
                self.row(replace(row, tokens=tokens[:last]))
            self.declare(dc.defined(name, (), body, self.notation))
            return True
        places = [k for k in range(last, len(tokens)) if is_command(tokens[k], "in") and outside[k]]
        at = places[-1] if places else -1
        if at < 0:
            return False
        space = self.reader(tokens[at + 1 :])
        sizes = dc.space(space)
        self.finish(space)
        self.row(replace(row, tokens=tokens[:at]))
        self.shape(self.expression(tokens[last + length : at]), sizes)
        return True

    def shape(self, expr: s.Expr, space: dc.Space) -> None:
        """Claim the shape of an expression."""
        self.claim(dc.shape_claim(expr, space), None)
        self.shapes.add(id(self.claims[-1][1]))

    def claim(self, statement: s.Statement, name: str | None) -> None:
        by = s.Name(self.mark.by, statement.span) if self.mark.by else None
        expected = self.mark.role if self.mark.role == "refute" else "claim"
        claim = s.Claim(
            s.Name("", self.span), "refuted" if expected == "refute" else "proved", statement, by, span=statement.span
        )
        self.claims.append((name, claim))
        self.out.append(claim)

    def assume(self, statement: s.Statement) -> None:
        if not isinstance(statement, (s.Chain, s.Divides, s.Property)):
            raise unread("a hypothesis is a relation", "an existence may be claimed, not assumed", statement.span)
        self.out.append(s.Assume((statement,), statement.span))

    def membership(self, tokens: Sequence[Tex], role: str) -> bool:
        """Declarations `A, B \\in \\mathbb{R}^{m \\times n}`; false for a statement of another kind.

        Names that are declared already are no declaration: their shape is claimed.
        """
        found = split(tokens, lambda t: is_command(t, "in"))
        outside = _outside(tokens)
        related = any(str(t) in RELATIONS and outside[k] for k, t in enumerate(tokens))
        if len(found) < 2 or related or any(is_command(t, "exists", "forall") for t in tokens):
            return False
        reader = self.reader(tokens)
        spaces = dc.memberships(reader)
        if spaces is None:
            return False
        known = [n for names, _ in spaces for n in names if self.notation.known(n.text)]
        if known and role != "given" and all(self.notation.known(n.text) for names, _ in spaces for n in names):
            for names, space in spaces:
                for name in names:
                    self.shape(name, space)
            return True
        self.declare(*dc.declared(spaces))
        return True

    def definition(self, tokens: Sequence[Tex], role: str) -> Sequence[Tex] | None:
        """Take in a definition; what is left to claim of a chain that begins with one, or None.

        `:=` always defines; `=` does where its left side is a name that nothing declares. After a formula that was not
        read `=` defines nothing: that formula may have declared the name.
        """
        at = next(iter(_relations(tokens)), None)
        if at is None:
            return tokens
        word, length = _relation(tokens, at) or ("", 0)
        if word not in ("=", ":=") or (word == "=" and self.env.unread):
            return tokens
        if word == "=":
            letter = columns_of(self.reader(tokens), tokens[at + length :])
            left = self.reader(tokens[:at])
            base = left.expression() if letter is not None else None
            whole_name = base.text if isinstance(base, s.Name) and left.next is None else ""
            if letter is not None and self.notation.orders.get(whole_name) == 2:
                self.env.columns[letter] = whole_name
                self.notation = Notation.of(self.env)
                return None
        left = self.reader(tokens[:at])
        if left.next is None:
            return tokens
        name = name_at(left)
        new = name is not None and not self.notation.known(name.text)
        parameters = dc.parameters(left) if new and name is not None and is_symbol(left.next, "(") else ()
        if name is None or not new or left.next is not None or parameters is None:
            equals = Tex("symbol", "=", tokens[at].span)  # of a name that has a meaning, `:=` claims no less
            return [*tokens[:at], equals, *tokens[at + length :]]
        rest = tokens[at + length :]
        later = next(iter(_relations(rest)), len(rest))
        body = self.reader(rest[:later])
        for parameter in parameters:
            body.notation.local[parameter.text] = None
        expr = body.expression()
        self.finish(body)
        self.no_entries(expr)
        if name.text in {n.text for n in dc.names_in(expr)}:
            return tokens  # it would define itself: a claim about a name that nothing declares
        self.declare(dc.defined(name, parameters, expr, self.notation))
        if later == len(rest):
            return None
        return [*tokens[:at], *rest[later:]]

    # ---- statements ------------------------------------------------------------------------------------

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
            found = _relation(reader.tokens, reader.at)
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


def _relation(tokens: Sequence[Tex], at: int) -> tuple[str, int] | None:
    """The relation that stands at a place, and how many tokens it is; `:=` for a definition."""
    token = tokens[at]
    text = str(token)
    if is_symbol(token, "=") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], ":"):
        return "=:", 2
    if is_symbol(token, ":") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], "="):
        return ":=", 2
    if text in _DEFINES:
        return ":=", 1
    if is_command(token, "colon") and at + 1 < len(tokens) and is_symbol(tokens[at + 1], "="):
        return ":=", 2
    if text in RELATIONS:
        return RELATIONS[text], 1
    if is_command(token, "overset", "stackrel", "underset", "overbrace"):
        return _labelled(tokens, at)
    if text in OTHER_RELATIONS and text not in ("\\in", "\\mid", "\\exists", "\\forall", "\\iff", "\\colon"):
        return text, 1
    return None


def _relations(tokens: Sequence[Tex]) -> dict[int, tuple[str, int]]:
    """The relations that stand outside of all brackets, by their place."""
    outside = _outside(tokens)
    found = {k: _relation(tokens, k) for k in range(len(tokens)) if outside[k]}
    return {k: relation for k, relation in found.items() if relation is not None}


def _outside(tokens: Sequence[Tex]) -> list[bool]:
    """Which tokens stand outside of all brackets. A command's argument is in braces, so inside."""
    found: list[bool] = []
    depth = 0
    for token in tokens:
        depth -= str(token) in _CLOSE or token.kind == "end"
        found.append(depth == 0)
        depth += str(token) in _OPEN or token.kind == "begin"
    return found


def _labelled(tokens: Sequence[Tex], at: int) -> tuple[str, int] | None:
    """`\\overset{(a)}{=}`: the relation; what stands over it is a remark, but for `def`, which defines."""
    position = at + 1
    found: list[list[Tex]] = []
    for _ in range(2):
        if position >= len(tokens):
            return None
        if is_symbol(tokens[position], "{"):
            end = closing(tokens, position)
            found.append(list(tokens[position + 1 : end]))
            position = end + 1
        else:
            found.append([tokens[position]])
            position += 1
    over, relation = found
    if len(relation) != 1 or str(relation[0]) not in RELATIONS:
        return None
    words = "".join(t.text for t in over if t.kind in ("remark", "letter"))
    if words in ("def", "mathrmdef", "Δ", "!") or any(is_command(t, "Delta", "triangle") for t in over):
        return ":=", position - at
    if any(is_symbol(t, "!", "?") for t in over):
        return str(relation[0]), position - at
    return RELATIONS[str(relation[0])], position - at


# ---- rows ----------------------------------------------------------------------------------------------


def rows_of(tokens: Sequence[Tex]) -> list[Row]:
    """The statements of a formula: its rows, those that begin with a relation joined to the one before."""
    rows: list[list[Tex]] = []
    for row in _lines(tokens):
        bare = [t for cell in split(row, lambda t: is_symbol(t, "&")) for t in cell]
        aligned = bool(row) and is_symbol(row[0], "&")
        pieces = [p for p in _pieces(bare) if p]
        for number, piece in enumerate(pieces):
            first = next((k for k, t in enumerate(piece) if t.kind != "name"), None)
            goes_on = first is not None and number == 0 and bool(rows) and _goes_on(piece, first, aligned)
            if (goes_on or first is None) and rows:
                rows[-1] = [*rows[-1], *piece]
            else:
                rows.append(list(piece))
    out = []
    for row in rows:
        names = [t for t in row if t.kind == "name"]
        rest = tuple(t for t in row if t.kind != "name")
        if rest:
            out.append(Row(rest, _named(names)))
    return out


def _goes_on(piece: Sequence[Tex], first: int, aligned: bool) -> bool:
    """Whether a row goes on with the one before: it begins with a relation or an operator.

    One that begins with a sign and has a relation, `-A = -B`, is a statement, unless it stands behind a `&`.
    """
    token = piece[first]
    if is_symbol(token, "+", "-"):
        return aligned or not _relations(piece)
    operators = ("\\cdot", "\\times", "\\otimes", "\\odot", "\\circ", "\\iff", "\\Leftrightarrow", "/")
    return _relation(piece, first) is not None or str(token) in operators


def _named(names: Sequence[Tex]) -> str | None:
    """`\\label{eq:rank}` as eq-rank, `\\tag{3}` as tag-3."""
    for token in names:
        kind, _, text = token.text.partition(":")
        word = _LABEL.sub("-", text).strip("-")
        if word:
            return f"tag-{word}" if kind == "tag" else word if not word[0].isdigit() else f"eq-{word}"
    return None


def _lines(tokens: Sequence[Tex]) -> Iterator[list[Tex]]:
    """The rows of a formula, in and out of `align` and its like."""
    for line in split(tokens, lambda t: t.kind == "row"):
        start = next((k for k, t in enumerate(line) if t.kind == "begin" and t.text.rstrip("*") in ROWS), None)
        if start is None:
            if line:
                yield line
            continue
        end = closing(line, start)
        before, inside, behind = line[:start], line[start + 1 : end], line[end + 1 :]
        if line[start].text.startswith("alignat") and inside and is_symbol(inside[0], "{"):
            inside = inside[closing(inside, 0) + 1 :]
        inner = list(_lines(inside))
        if inner and before:
            inner[0] = [*before, *inner[0]]
        if inner and behind:
            inner[-1] = [*inner[-1], *behind]
        yield from inner or ([[*before, *behind]] if before or behind else [])


def _pieces(row: Sequence[Tex]) -> Iterator[list[Tex]]:
    """A row as statements: split at wide spaces and commas, without final points and remarks.

    What follows `\\exists` stays together; so does a list of names before `\\in`.
    """
    row = _trimmed(row)
    if any(is_command(t, "exists") for t in row):
        yield row
        return
    current: list[Tex] = []
    for part in split(row, _separates):
        part = _trimmed(part)
        current += part
        if _relations(part) or any(is_command(t, "in", "mid", "iff") for t in part):
            yield current
            current = []
        elif part and current:
            comma = Tex("symbol", ",", part[-1].span)
            current.append(comma)
    if current:
        current = _trimmed(current)
        if current:
            yield current


def _separates(token: Tex) -> bool:
    return token.kind == "gap" or is_symbol(token, ",", ";") or (token.kind == "remark" and _joins(token))


def _joins(token: Tex) -> bool:
    return token.text.lower().strip(" ,:") in _JOINS


def _trimmed(row: Sequence[Tex]) -> list[Tex]:
    """A row without spaces and points at its ends, and without the remark that it ends with.

    Raises: DocumentSyntaxError for a remark that has a condition in it.
    """
    out = list(row)
    while out and (out[0].kind == "gap" or is_symbol(out[0], ",") or (out[0].kind == "remark" and _joins(out[0]))):
        out.pop(0)
    while out:
        last = out[-1]
        if (
            last.kind == "gap"
            or is_symbol(last, ",", ".", ";")
            or is_command(last, "square", "blacksquare", "Box", "qed")
        ):
            out.pop()
        elif last.kind == "remark" and not _follows_script(out):
            if _LOGIC.search(last.text) or "$" in last.text:
                raise DocumentSyntaxError(
                    f"the words `{last.text}` may be a condition, and words are not read",
                    hint="state it in a formula marked `given` or `assume`, or put it into the prose",
                    span=last.span,
                )
            out.pop()
        else:
            break
    return out


def _follows_script(row: Sequence[Tex]) -> bool:
    """Whether the last token is the unbraced argument of a script or a command."""
    return len(row) > 1 and (is_symbol(row[-2], "_", "^") or str(row[-2]) in RELATIONS or row[-2].kind == "command")
