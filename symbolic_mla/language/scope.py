"""The scope of a document: declarations in, kernel statements out."""

from __future__ import annotations

from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Scalar
from symbolic_mla.kernel.term import Atom, Term
from symbolic_mla.language import syntax as s
from symbolic_mla.language.claims import ElaboratedClaim, elaborate_claim
from symbolic_mla.language.declarations import Declaration, Declarations
from symbolic_mla.language.environment import Definition, Environment, Function, Hypothesis
from symbolic_mla.language.expressions import Evaluator
from symbolic_mla.language.shapes import locate
from symbolic_mla.language.values import Value, weighed


class Scope:
    """What a document has declared so far, and the meaning of expressions and claims in it.

    >>> from symbolic_mla.language.parse import parse_block
    >>> scope = Scope()
    >>> *items, claim = parse_block("dims n, p\\ngiven A : p × p\\nclaim a: tile(A, n) = tile(I(p), n) A")
    >>> for item in items:
    ...     scope.declare(item)
    >>> scope.claim(claim).steps[0].statement.left.axes
    (n*p, p)
    """

    def __init__(self) -> None:
        self._declarations = Declarations()

    def copy(self) -> Scope:
        """A scope whose further declarations leave this one as it is."""
        other = Scope()
        mine = self._declarations
        other._declarations = Declarations(mine.env.copy(), list(mine.hypotheses), list(mine.divisibility),
                                           list(mine.truncations), list(mine.singular))  # fmt: skip
        return other

    def declare(self, item: Declaration) -> None:
        """Take in a declaration, for all that follows.

        Raises: SymbolicMLAError with the span of the guilty part. The names of the item then have no meaning.
        """
        self._declarations.declare(item)

    def claim(self, item: s.Claim) -> ElaboratedClaim:
        """The claim as statements of the kernel; errors stay inside, at their steps."""
        return elaborate_claim(self.environment, item)

    # ---- expressions -----------------------------------------------------------------------------------

    def axis(self, expr: s.Expr) -> Axis:
        """The axis that a size means. Raises: SymbolicMLAError with its span."""
        return Evaluator(self.environment).axis(expr)

    def number(self, expr: s.Expr) -> Scalar:
        """The number that an expression means. Raises: SymbolicMLAError with its span."""
        return Evaluator(self.environment).number(expr)

    def value(self, expr: s.Expr) -> Value:
        """The number or the tensor that an expression means. Raises: SymbolicMLAError with its span."""
        return Evaluator(self.environment).value(expr)

    def term(self, expr: s.Expr) -> Term:
        """The tensor that an expression means; a number becomes one of no axes.

        Raises: SymbolicMLAError with its span; BudgetError for one that is too large to work with.
        """
        term = Evaluator(self.environment).term(expr).term
        try:
            return weighed(term)
        except SymbolicMLAError as error:
            locate(error, expr.span)
            raise

    # ---- what is declared ------------------------------------------------------------------------------

    @property
    def environment(self) -> Environment:
        """All names with their meanings."""
        return self._declarations.env

    @property
    def dims(self) -> dict[str, Axis]:
        """Dimensions and their definitions, as axes."""
        return self.environment.dims

    @property
    def scalars(self) -> dict[str, Scalar]:
        """Real scalars."""
        return self.environment.scalars

    @property
    def symbols(self) -> dict[str, Atom]:
        """Given and obtained tensors."""
        return self.environment.symbols

    @property
    def functions(self) -> dict[str, Function]:
        """Declared functions of the last axis."""
        return self.environment.functions

    @property
    def lets(self) -> dict[str, Definition]:
        """Definitions, with and without parameters."""
        return self.environment.lets

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """What the document assumes, in the order in which it says so."""
        return self._declarations.hypotheses

    @property
    def divisibility(self) -> list[tuple[Scalar, Scalar]]:
        """(k, m) for each `k divides m`; they restrict the instances that refute or satisfy."""
        return self._declarations.divisibility

    @property
    def truncations(self) -> list[Truncation]:
        """The truncated singular value decompositions that were obtained."""
        return self._declarations.truncations

    @property
    def singular(self) -> list[Atom]:
        """The matrices of singular values that were obtained: in an instance their entries are not negative."""
        return self._declarations.singular
