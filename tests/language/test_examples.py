"""The documents of this folder's `examples` mean what a reader takes them to mean."""

from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom
from symbolic_mla.language import syntax as s
from symbolic_mla.language.claims import ElaboratedClaim
from symbolic_mla.language.parse import ParseEnvironment, parse_block
from symbolic_mla.language.scope import Scope
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import matmul

FOUNDING = """
dims n, G, d
dim  H = n*G
dim  D = H*d
dim  r = G*d
given W : r × D
let   T = tile(W, n)
claim tiled-equality:
    T = tile(I(r), n) W
claim rank-bound:
    rank(T) = rank(W)
           <= min(G*d, D)
            = min(r, D)
            = r
claim factorisation:
    exists U : D × r, V : r × D with T = U V
    take U = tile(I(r), n), V = W
claim mirrored:
    exists U : D × r, V : r × D with U V = T
"""


def elaborated(text: str) -> dict[str, ElaboratedClaim]:
    """The claims of a block by their names, after its declarations."""
    scope, claims = Scope(), {}
    for item in parse_block(text, env=ParseEnvironment()):
        if isinstance(item, s.Claim):
            claims[item.id.text] = scope.claim(item)
        else:
            scope.declare(item)
    return claims


def test_the_founding_claims_are_kernel_statements() -> None:
    """Definitions are substituted: T is n*G*d × n*G*d, and every relation of a chain is a statement."""
    claims = elaborated(FOUNDING)
    (step,) = claims["tiled-equality"].steps
    assert isinstance(step.statement, Equation)
    assert [str(a) for a in step.statement.left.axes] == ["n*G*d", "n*G*d"]
    relations = [x.statement.relation for x in claims["rank-bound"].steps if isinstance(x.statement, Compare)]
    assert relations == ["=", "<=", "=", "="]
    assert not claims["tiled-equality"].errors + claims["rank-bound"].errors


def test_existence_has_its_product_of_unknowns_on_the_right() -> None:
    """Whichever side `U V` was written on, the kernel gets A = U V, and the witnesses in order."""
    claims = elaborated(FOUNDING)
    for name in ("factorisation", "mirrored"):
        existence = claims[name].existence
        assert existence is not None and isinstance(existence.statement, Exists)
        u, v = existence.statement.unknowns
        assert existence.statement.equations[0].right == matmul(u, v)
    witnesses = claims["factorisation"].existence.witnesses  # type: ignore[union-attr]
    assert witnesses is not None and isinstance(witnesses[1], Atom) and witnesses[1].name == "W"
