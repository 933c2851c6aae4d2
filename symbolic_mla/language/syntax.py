"""The syntax tree of the derivation language: what was written, before anything is known of its shapes.

Every node is frozen and carries its `span`, absolute to the document. Spans take no part in equality or
hashing, so two nodes are equal when they were written alike, wherever they stand. The height of a tree is
at most `MAXIMUM_HEIGHT`, so a recursive walk over it is safe.
"""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction
from typing import Literal, TypeAlias

from symbolic_mla.errors import Span
from symbolic_mla.record import record

MAXIMUM_HEIGHT = 200
"""Brackets and operations nest no deeper than this. A sum counts once, however many terms it has."""

NOWHERE = Span(1, 1, 1, 1)
"""The span of a node that was built rather than read."""

Relation: TypeAlias = Literal["=", "<=", ">=", "<", ">", "!="]
"""`!=` occurs only as the sign of a declared scalar."""

ProductOperator: TypeAlias = Literal["", "*", "@", "⊗", "∘"]
"""How a product was written; `''` is juxtaposition. `·` reads as `*`."""


# --- Expressions ----------------------------------------------------------------------------------------


@record
class Name:
    """A name in NFC: a symbol, or the name that an item declares."""

    text: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Number:
    """An exact number: an integer, or a decimal as a fraction (`1/2` is a `Quotient` of two numbers)."""

    value: int | Fraction
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Text:
    """A quoted pattern, as in `einsum("i j, j k -> i k", A, B)`; `text` is without the quotes."""

    text: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Keyword:
    """`name=value` among the arguments of a call."""

    name: Name
    value: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Call:
    """A builtin, a declared function or a definition with parameters, applied."""

    name: str
    arguments: tuple[Argument, ...]
    keywords: tuple[Keyword, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class ListLiteral:
    """`[A, B]`, only as an argument, and possibly nested: `blocks([[A, B], [C, D]])`."""

    elements: tuple[Expr | ListLiteral, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Transpose:
    """`Aᵀ`, `A'`, `A.T`, `A^T`."""

    operand: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Inverse:
    """`A⁻¹`, `A^-1`, `A^(-1)`: of a matrix or of a scalar."""

    operand: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Power:
    """`A²`, `A^k`, `n^(k + 1)`."""

    base: Expr
    exponent: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Whole:
    """`:` as an index: the whole axis."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Index:
    """`A[h]`, `S[:, j]`: a selection."""

    base: Expr
    indices: tuple[Expr | Whole, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Product:
    """Two factors; all operators stand on one level and associate to the left."""

    operator: ProductOperator
    left: Expr
    right: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Quotient:
    """`numerator / denominator`, on the level of the products: `1/2 B C` is `(1/2)·B·C`."""

    numerator: Expr
    denominator: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Negate:
    """`-A B` is `-(A B)`."""

    operand: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Sum:
    """Two or more terms, left to right; `A - B` is `Sum((A, Negate(B)))`."""

    terms: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Expr: TypeAlias = (
    Name | Number | Call | Transpose | Inverse | Power | Index | Product | Quotient | Negate | Sum
)
Argument: TypeAlias = Expr | Text | ListLiteral


# --- Statements -----------------------------------------------------------------------------------------


@record
class Step:
    """`relation right`, one line of a chain, with its own reason if one was given."""

    relation: Relation
    right: Expr
    by: Name | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Chain:
    """`first = right = right ...`; step i relates the side before it to its own right side."""

    first: Expr
    steps: tuple[Step, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Property:
    """A one-word fact about a subject: `d even`, `A invertible`."""

    subject: Expr
    word: Literal["even", "odd", "invertible", "symmetric"]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Divides:
    """`k divides m`."""

    divisor: Expr
    dividend: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Group:
    """`A, B : m × n`: names that share a shape. One size is a vector, three or more a tensor."""

    names: tuple[Name, ...]
    sizes: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Exists:
    """`exists GROUPS [for all GROUPS] with EQUATIONS`. The witnesses are chosen before `forall`.

    Without `groups` it is `for all GROUPS with EQUATIONS`, a fact that is assumed.
    """

    groups: tuple[Group, ...]
    forall: tuple[Group, ...]
    equations: tuple[Chain, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Iff:
    """`left iff right`."""

    left: Chain | Exists
    right: Chain | Exists
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Statement: TypeAlias = Chain | Exists | Iff
Fact: TypeAlias = Chain | Property | Divides | Exists


# --- Items ----------------------------------------------------------------------------------------------


@record
class DimSymbol:
    """A positive-integer symbol and its lower bound (1 when none is given)."""

    name: Name
    lower: int = 1
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Dims:
    """`dims n >= 1, G`."""

    symbols: tuple[DimSymbol, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class DimDefinition:
    """`dim H = n*G`."""

    name: Name
    value: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Assume:
    """`assume G <= H, d even, k divides m`, or `assume for all X : t × D with A X = B X`."""

    facts: tuple[Fact, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class ScalarSymbol:
    """A real scalar; `sign` is its relation to 0, if one is declared."""

    name: Name
    sign: Relation | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Scalars:
    """`scalar c, a > 0`."""

    symbols: tuple[ScalarSymbol, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class GivenGroup:
    """`U : D × r with Uᵀ U = I(r)`: a group and the hypotheses that follow it."""

    group: Group
    hypotheses: tuple[Fact, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Given:
    """`given ...`: inputs, "for all"."""

    groups: tuple[GivenGroup, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class FunctionSymbol:
    """`f`, or `f(t)`: one function for each position of the dimensions named."""

    name: Name
    positions: tuple[Name, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Functions:
    """`function f, g(t)`."""

    symbols: tuple[FunctionSymbol, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Let:
    """`let NAME = body` or `let NAME(parameters) = body`."""

    name: Name
    parameters: tuple[Name, ...]
    body: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Obtain:
    """`obtain U, S, V from svd(W)`; the name of `source` is an axiom's and may hold hyphens."""

    names: tuple[Name, ...]
    source: Call
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Witness:
    """`U = value` after `take`."""

    name: Name
    value: Expr
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class At:
    """`at X = value, ...`: the equations of the claim at these inputs; `at` alone where it has none."""

    inputs: tuple[Witness, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class Alike:
    """`alike X = value and X = other`: two choices of inputs that one side of an equation cannot tell apart."""

    one: tuple[Witness, ...]
    other: tuple[Witness, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@record
class So:
    """`so A = B or C = D`: one of these follows."""

    alternatives: tuple[Chain, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Move: TypeAlias = At | Alike | So
"""A line of an argument."""


@record
class Claim:
    """`claim ID: statement` (expects *proved*) or `refute ID: statement` (expects *refuted*).

    A reason written behind a step of a chain is that step's `by`. A reason on a line of its own at the end,
    or behind an `exists`, an `iff` or a `take`, is the claim's `by` and serves every step that has none.
    """

    id: Name
    expected: Literal["proved", "refuted"]
    statement: Statement
    by: Name | None = None
    take: tuple[Witness, ...] = ()
    argument: tuple[Move, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Item: TypeAlias = Dims | DimDefinition | Assume | Scalars | Given | Functions | Let | Obtain | Claim
