"""Formulas to expressions, by descent: sums, products, factors with their scripts.

The products of LaTeX stand on one level, as those of the text do. Where readers of papers would not agree on the
grouping, `A B \\otimes C` or `1/n d`, brackets are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from symbolic_mla.errors import DocumentSyntaxError, NameUnknownError, Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.parse import BUILTINS, check_height
from symbolic_mla.language.tex import atoms
from symbolic_mla.language.tex import scripts as sc
from symbolic_mla.language.tex.alphabet import spellings_of
from symbolic_mla.language.tex.cursor import Cursor, closing, is_command, is_symbol, join, unread, whole
from symbolic_mla.language.tex.notation import Notation
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.tex.symbols import selection
from symbolic_mla.language.tex.tokens import Tex

MAX_FACTORS = 100
RELATIONS: Mapping[str, s.Relation] = {
    "=": "=", "<": "<", ">": ">", "\\le": "<=", "\\leq": "<=", "\\leqslant": "<=", "\\ge": ">=", "\\geq": ">=",
    "\\geqslant": ">=", "\\lt": "<", "\\gt": ">",
}  # fmt: skip
OPERATORS: Mapping[str, s.ProductOperator] = {
    "\\cdot": "*", "\\times": "*", "*": "*", "\\ast": "*", "\\bullet": "*", "\\otimes": "⊗", "\\odot": "∘",
    "\\circ": "∘", "\\circledast": "∘",
}  # fmt: skip
OTHER_RELATIONS = frozenset(
    [
        "\\ne",
        "\\neq",
        "\\approx",
        "\\equiv",
        "\\sim",
        "\\simeq",
        "\\cong",
        "\\propto",
        "\\in",
        "\\notin",
        "\\subset",
        "\\subseteq",
        "\\to",
        "\\rightarrow",
        "\\longrightarrow",
        "\\mapsto",
        "\\implies",
        "\\Rightarrow",
        "\\Longrightarrow",
        "\\iff",
        "\\Leftrightarrow",
        "\\Longleftrightarrow",
        "\\coloneqq",
        "\\triangleq",
        "\\mid",
        "\\ll",
        "\\gg",
        "\\prec",
        "\\succ",
        "\\preceq",
        "\\succeq",
        "\\lesssim",
        "\\gtrsim",
        "\\doteq",
        "\\coloneq",
        "\\leftarrow",
        "\\gets",
        "\\overset",
        "\\stackrel",
        "\\exists",
        "\\forall",
        "\\colon",
        "\\therefore",
        "\\because",
        "\\land",
        "\\wedge",
        "\\lor",
        "\\vee",
        "\\perp",
        "\\not",
        "\\nmid",
        "\\eqqcolon",
        "\\defeq",
    ]
)
"""Commands that end an expression."""
_ENDS = frozenset("&,;:.=<>)]}")


class Reader(Cursor):
    """Reads expressions from tokens. `bound` are the indices of the sums around; `entries` is true inside of entry
    notation, where every subscript holds labels.
    """

    def __init__(
        self, tokens: Sequence[Tex], span: Span, notation: Notation, bound: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(tokens, span)
        self.notation = notation
        self.bound = bound
        self.entries = False

    def inner(self, tokens: Sequence[Tex], near: Span, bound: frozenset[str] | None = None) -> s.Expr:
        """The one expression that some tokens are. Raises: DocumentSyntaxError."""
        if not tokens:
            raise unread("nothing stands here", "write an expression", near)
        reader = Reader(tokens, whole(tokens, near), self.notation, self.bound if bound is None else bound)
        reader.entries = self.entries and bound is None
        expr = reader.expression()
        if reader.next is not None:
            raise unread(
                f"met `{reader.next}`; an operator or the end was expected",
                HINTS.get(str(reader.next)),
                reader.next.span,
            )
        check_height(expr)
        return expr

    def is_index(self, name: str) -> bool:
        """Whether a letter may be an index: bound by a sum, or a small letter that nothing declares."""
        return name in self.bound or (len(name) == 1 and name.islower() and not self.notation.known(name))

    @staticmethod
    def integer(token: Tex) -> int | Fraction:
        """The value of a number."""
        value = Fraction(token.text)
        return value.numerator if value.denominator == 1 else value

    def is_number(self, expr: s.Expr) -> bool:
        return self.notation.order(expr) == 0

    @property
    def deltas(self) -> bool:
        r"""Whether `\Delta W` is one name: the document has no Δ of its own."""
        return not any(map(self.notation.known, spellings_of("Δ")))

    def is_word(self, run: list[Tex], behind: Tex | None) -> bool:
        """Whether a run of plain letters is one name and not a product.

        Raises: NameUnknownError where it may be either.
        """
        word = "".join(t.text for t in run)
        heads = {name.split("_")[0] for name in self.notation.names()}
        called = word in BUILTINS and (is_symbol(behind, "(") or is_command(behind, "{"))
        if word not in heads and not called:
            return False
        if all(self.notation.known(t.text) or t.text in self.bound for t in run):
            product = " \\cdot ".join(word)
            raise NameUnknownError(
                f"`{word}` may be a name or the product of its letters, which are all declared",
                hint=f"write \\mathrm{{{word}}} for the name, {product} for the product",
                span=join(run[0].span, run[-1].span),
            )
        return True

    # ---- sums and products -----------------------------------------------------------------------------

    def expression(self) -> s.Expr:
        """A sum of terms, as far as it goes."""
        terms = [self.signed()]
        while is_symbol(self.next, "+", "-"):
            terms.append(self.signed())
        if len(terms) == 1:
            return terms[0]
        return s.Sum(tuple(terms), join(terms[0].span, terms[-1].span))

    def signed(self) -> s.Expr:
        token = self.next
        if not is_symbol(token, "+", "-") or token is None:
            return self.term()
        self.take()
        if is_symbol(self.next, "+", "-"):
            raise unread("two signs in a row", "put brackets around the second", self.here())
        term = self.term()
        return s.Negate(term, join(token.span, term.span)) if token.text == "-" else term

    def term(self) -> s.Expr:
        """Factors, from left to right."""
        result = self.factor()
        kinds: set[str] = set()
        divided: s.Expr | None = None
        for _ in range(MAX_FACTORS):
            token = self.next
            if token is None or (self.ends(token) and not self.is_named(token)):
                return result
            operator = OPERATORS.get(str(token))
            slash = is_symbol(token, "/")
            if operator is not None or slash:
                self.take()
            elif token.kind == "number" and not is_symbol(self.peek(1), "_"):
                raise unread(f"the number {token} follows a factor without an operator",
                       f"write \\cdot {token}, or ^{{{token}}} for a power", token.span)  # fmt: skip
            before = self.here()
            right = self.factor()
            span = join(result.span, right.span)
            if slash:
                divided = right
                result = s.Quotient(result, right, span)
                continue
            if operator is None and divided is not None and self.is_number(right):
                raise unread("what stands behind `/` may be divided by or multiplied with",
                       "write \\frac{...}{...}, or brackets around the denominator", before)  # fmt: skip
            divided = None
            scales = self.is_number(result) or self.is_number(right)
            if not (scales and operator in (None, "*")):
                kinds.add(operator if operator in ("⊗", "∘") else "")
            if len(kinds) > 1:
                raise unread(
                    "products of different kinds without brackets", "write (A B) \\otimes C or A (B \\otimes C)", before
                )
            result = s.Product(operator or "", result, right, span)
        raise unread(
            f"a product of more than {MAX_FACTORS} factors", "define a part of it by a formula of its own", self.here()
        )

    def is_named(self, token: Tex) -> bool:
        """Whether the word of a `\\text` is a name: of a builtin, or one that the document declares."""
        heads = {name.split("_")[0] for name in self.notation.names()}
        return token.kind == "remark" and (token.text in BUILTINS or token.text in atoms.ALIASES or token.text in heads)

    @staticmethod
    def ends(token: Tex) -> bool:
        """Whether a token ends a product: a sign, a relation, a comma, a closing bracket."""
        text = str(token)
        if token.kind in ("row", "gap", "remark", "name", "end") or text in OTHER_RELATIONS or text in RELATIONS:
            return True
        if token.kind == "command":
            return token.text in ("}", "rangle", "rvert", "rVert", "rfloor", "rceil", "right.") or token.text in _DOTS
        return token.kind == "symbol" and (token.text in _ENDS or token.text in "+-")

    def factor(self) -> s.Expr:
        """A factor with its scripts."""
        token = self.next
        if token is None:
            raise unread("the formula ends where a factor was expected", "complete it", self.span)
        if str(token) in HINTS and not is_command(token, "mathbb"):
            raise unread(f"`{token}` is not read", HINTS[str(token)], token.span)
        if token.kind == "remark" and not self.is_named(token):
            raise words_unread(token)
        if (self.ends(token) and token.kind != "remark") or str(token) in OPERATORS or is_symbol(token, "/"):
            raise unread(f"met `{token}` where a factor was expected", None, token.span)
        return self.scripted(atoms.atom(self))

    def scripted(self, expr: s.Expr) -> s.Expr:
        """Scripts on what is no symbol: an exponent, a transpose, a selection. A symbol has taken its own."""
        while True:
            if is_symbol(self.next, "{") and is_symbol(self.peek(1), "}") and is_symbol(self.peek(2), "^", "_"):
                self.at += 2
            if not is_symbol(self.next, "^", "_", "'"):
                return expr
            for script in sc.collect(self):
                expr = self.script(expr, script)

    def script(self, expr: s.Expr, script: sc.Script) -> s.Expr:
        span = join(expr.span, script.span)
        if script.kind == "'":
            raise unread("a prime on an expression", "write ^\\top for a transpose", script.span)
        if script.kind == "_":
            found = sc.indices(self, script.tokens)
            if found is None:
                raise unread(
                    "a subscript on an expression that is no index",
                    "indices are small letters that nothing declares: (A B)_{ij}, or (A)_{[0, :]}",
                    script.span,
                )
            return selection(self, expr, found, span)
        rest, marks, operations = sc.superscript(script, self)
        if marks:
            raise unread("a star or a prime on an expression", "write ^\\top for a transpose", script.span)
        if rest:
            power = sc.exponent(self, rest)
            if power is None or operations:
                raise unread("a superscript that is no exponent", "write ^{2}, ^{-1}, ^\\top", script.span)
            operations = [power]
        for operation in operations:
            expr = sc.operate(expr, operation, span)
        return expr

    # ---- bits ------------------------------------------------------------------------------------------

    def bracketed(self, tokens: Sequence[Tex], span: Span) -> s.Expr:
        """An expression in brackets, which has the place of the brackets too."""
        return replace(self.inner(tokens, span), span=span)

    def word_behind(self) -> str | None:
        """The word in braces behind a command such as `\\operatorname`, which is taken; None if there is none."""
        if not is_symbol(self.next, "{"):
            return None
        end = closing(self.tokens, self.at)
        word = sc.word(self.tokens[self.at + 1 : end])
        if word is not None:
            self.at = end + 1
        return word


_DOTS = frozenset({"dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb", "dotsm", "dotsi"})


def words_unread(token: Tex) -> DocumentSyntaxError:
    """The error for words inside a statement."""
    return unread(
        f"the words `{token.text}` are part of a statement, and words are not read",
        "put them into the prose; a condition stands in a formula marked `given` or `assume`",
        token.span,
    )
