"""A displayed formula to items: declarations, definitions and claims, in the role that its mark gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symbolic_mla.errors import BudgetError, SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Block
from symbolic_mla.language.parse import ParseEnvironment, check_height
from symbolic_mla.language.tex import declarations as dc
from symbolic_mla.language.tex.atoms import name_at
from symbolic_mla.language.tex.clauses import Clauses
from symbolic_mla.language.tex.cursor import commas, is_command, is_symbol, join, split, unread, whole
from symbolic_mla.language.tex.expressions import RELATIONS
from symbolic_mla.language.tex.matrices import columns_of
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.relations import outside_of, relation_at, relations_of
from symbolic_mla.language.tex.rows import Row, rows_of, split_at_take
from symbolic_mla.language.tex.tokens import Tex, scan_tex


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


class _Formula(Clauses):
    """Reads the statements of one displayed formula, in the role that its mark gives it."""

    def __init__(self, block: Block, env: ParseEnvironment) -> None:
        if block.mark is None:
            raise ValueError("a block without a mark is no formula")
        super().__init__(block.span, Notation.of(env))
        self.mark = block.mark
        self.env = env
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
        tokens, chosen = split_at_take(tokens)
        statement = self.statement(tokens, row.name)
        if statement is None:
            return
        if role in ("given", "assume"):
            self.assume(statement)
            return
        self.claim(statement, row.name, tuple(map(self.witness, commas(chosen))) if chosen else ())

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
        outside = outside_of(tokens)
        relations = list(relations_of(tokens).items())
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

    def witness(self, tokens: Sequence[Tex]) -> s.Witness:
        """`U = value` behind the words `take` or `namely`."""
        bare = [t for t in tokens if t.kind != "gap" and not is_symbol(t, "&")]
        found = next(iter(relations_of(bare).items()), None)
        name = name_at(self.reader(bare[: found[0]])) if found is not None and found[0] else None
        if found is None or found[1][0] not in ("=", ":=") or name is None:
            raise unread("a witness was expected", "write \\text{take } U = ..., V = ...", whole(bare, self.span))
        value = self.expression(bare[found[0] + found[1][1] :])
        return s.Witness(name, value, join(name.span, value.span))

    def claim(self, statement: s.Statement, name: str | None, take: tuple[s.Witness, ...] = ()) -> None:
        by = s.Name(self.mark.by, statement.span) if self.mark.by else None
        refutes = self.mark.role == "refute"
        span = join(statement.span, take[-1].span) if take else statement.span
        claim = s.Claim(
            s.Name("", self.span), "refuted" if refutes else "proved", statement, by, take, span=span
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
        outside = outside_of(tokens)
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
        at = next(iter(relations_of(tokens)), None)
        if at is None:
            return tokens
        word, length = relation_at(tokens, at) or ("", 0)
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
        later = next(iter(relations_of(rest)), len(rest))
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
