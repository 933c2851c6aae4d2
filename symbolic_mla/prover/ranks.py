"""Facts about ranks, each a theorem: sizes, cuts of the network, factors with and without inverses, sums.

rank N <= rank X needs N = L X R as matrices, and every such equation is proved before it is used: an atom of a
network is not a factor of it (A∘B contains A, and may have larger rank).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product as choices
from typing import Any

from symbolic_mla.algebra.occurring import subterms
from symbolic_mla.errors import BudgetError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.kernel.axis import Axis, Index, NeedSplit, product
from symbolic_mla.kernel.network import IndexForm, Label, Network, free_edges, index_form
from symbolic_mla.kernel.node import Substitution, names
from symbolic_mla.kernel.scalar import Number, Scalar, is_zero, positive, scalar
from symbolic_mla.kernel.statement import Compare, Equation
from symbolic_mla.kernel.term import Atom, Block, Einsum, Stack, Sum, Term, put
from symbolic_mla.kernel.theorem import Theorem, derive
from symbolic_mla.laws.notation import identity, kron, matmul, transpose
from symbolic_mla.laws.rank import rank
from symbolic_mla.prover.difference import difference
from symbolic_mla.prover.effort import remembered
from symbolic_mla.prover.equations import prove_equation
from symbolic_mla.prover.matching import Matcher
from symbolic_mla.prover.readback import coordinates, edge_index, network_term
from symbolic_mla.prover.rewriting import Rule, occurrences, rules_of

MAX_CUT_ATOMS = 8
MAX_REST = 4  # terms that are left of a difference of two matrices
HOLE = "□"

Networks = list[tuple[tuple[Index, ...], list[Network]]]


def upper_bounds(t: Term) -> Iterator[Theorem]:
    """rank t <= a dimension, by the cuts of its network."""
    for left, right in _cuts(t):
        found = _equation(t, matmul(left, right))
        if found is not None:
            # rank t = rank(L R) <= rank R <= the size of the cut
            yield _chain(_rank_equal(found), derive("rank-factor", left, right, 1), derive("rank-size", right, 0))


def known(t: Term, facts: Sequence[Theorem]) -> Iterator[Theorem]:
    """What a term says of its rank as it is written: its sizes, identity, Gram matrix, Kronecker product, sum, stack,
    product."""
    for side in (0, 1):
        yield derive("rank-size", t, side)
    if t == identity(t.axes[0]):
        yield derive("rank-identity", t.axes[0])
    if isinstance(t, Sum):
        yield derive("rank-sum", t)
        if len(t.parts) == 1 and positive(t.parts[0][0] * scalar(t.parts[0][0])):
            yield from _scaled(t)
        for k, (c, part) in enumerate(t.parts):
            if c == 1 and part == identity(t.axes[0]) and len(t.parts) > 1:
                rest = tuple((-1 * b, x) for b, x in put(t.parts, k))
                yield from complementary(t, rest[0][1] if rest[0][0] == 1 == len(rest) else Sum(rest, t.axes), facts)
    if isinstance(t, Stack):
        yield from _stacked(t)
    yield from _full(t)
    if not isinstance(t, Einsum) or len(t.operands) != 2:
        return
    a, b = t.children()
    if len(a.axes) != 2 or len(b.axes) != 2:
        return
    if t.axes == (a.axes[0] * b.axes[0], a.axes[1] * b.axes[1]) and t == kron(a, b):
        yield derive("rank-kron", a, b)
    if a.axes[1] != b.axes[0]:
        return
    if a == transpose(b):
        yield derive("rank-gram", b)
    if b == transpose(a):  # A A^T is the Gram matrix of A^T
        gram = derive("rank-gram", b)
        same = _equation(t, matmul(transpose(b), b))
        if same is not None:
            yield _chain(_rank_equal(same), gram)
    if t == matmul(a, b):
        yield derive("rank-sylvester", a, b)
        for side in (0, 1):
            yield derive("rank-factor", a, b, side)
        for left, right in ((a.children(), (b,)), ((a,), b.children())):
            three = (*left, *right)
            if len(three) == 3 and all(len(x.axes) == 2 for x in three):
                yield from _frobenius(t, *three)


def compare_ranks(t: Term, x: Term, facts: Sequence[Theorem]) -> Iterator[Theorem]:
    """rank t <= rank x and rank x <= rank t, where t = L x R, or x = L t R, is found."""
    if t == x:
        return
    same = _equation(t, x, facts) if t.axes == x.axes else None
    if same is not None:
        yield _rank_equal(same)
        return
    if t.axes == x.axes[::-1] and (flipped := _equation(t, transpose(x), facts)) is not None:
        yield _chain(_rank_equal(flipped), rank_of_transpose(x))
        return
    found = list(_by_factors(t, x, facts))
    yield from found
    if not found:
        turned = transpose(x)
        for bound in _by_factors(t, turned, facts):
            back = rank_of_transpose(x)
            above = comparison(bound).left == rank(t)
            swap = derive("arithmetic", rank(x), "=", rank(turned), ((-1, back),))
            yield _chain(bound, back) if above else _chain(swap, bound)


def _by_factors(t: Term, x: Term, facts: Sequence[Theorem]) -> Iterator[Theorem]:
    for left, right in _around(t, x):
        found = _equation(t, matmul(matmul(left, x), right), facts)
        if found is not None:  # rank t = rank(L x R) <= rank(L x) <= rank x
            yield _chain(_rank_equal(found), derive("rank-factor", matmul(left, x), right, 0),
                         derive("rank-factor", left, x, 1))  # fmt: skip
        for l_inverse, r_inverse in choices(_inverses(left, facts), _inverses(transpose(right), facts)):
            inner, outer = matmul(l_inverse, t), transpose(r_inverse)
            back = _equation(x, matmul(inner, outer), facts)
            if back is not None:  # rank x = rank(L' t R') <= rank(L' t) <= rank t
                yield _chain(_rank_equal(back), derive("rank-factor", inner, outer, 0),
                             derive("rank-factor", l_inverse, t, 1))  # fmt: skip
                break


def parted(t: Term, x: Term) -> Iterator[Theorem]:
    """rank t <= rank x + the ranks of what t - x comes to, where something cancels: t = x + (t - x), as in
    rank W <= rank(W + B A) + rank(B A)."""
    if t.axes != x.axes or t == x:
        return
    whole, taken = _parts(t), _parts(x)
    common = next((part for part in taken if part in whole), None)
    with suppress(BudgetError, DomainError):
        if common is None:  # nothing cancels as it is written; but it may when it is multiplied out
            if max(len(whole), len(taken)) > 1 or not {Sum, Einsum}.isdisjoint((type(t), type(x))):
                yield from _parted_networks(t, x)
            return
        times = scalar(whole[common]) / scalar(taken[common])
        rest = {p: scalar(whole.get(p, 0)) - times * scalar(taken.get(p, 0)) for p in {**whole, **taken}}
        yield from _parted(t, times, x, [(c, p) for p, c in rest.items() if not is_zero(c)])


def _parts(t: Term, times: Number = 1) -> dict[Term, Number]:
    """The summands of a term, sums inside sums taken apart, with their coefficients."""
    found: dict[Term, Number] = {}
    for c, part in t.parts if isinstance(t, Sum) else ((1, t),):
        inside = {part: scalar(c)} if not isinstance(part, Sum) else _parts(part, c)
        for p, b in inside.items():
            found[p] = scalar(found.get(p, 0)) + scalar(times) * scalar(b)
    return found


def _parted(t: Term, times: Number, x: Term, rest: Sequence[tuple[Number, Term]]) -> Iterator[Theorem]:
    total = Sum(((times, x), *rest), t.axes)
    found = _equation(t, total)
    if found is not None:
        yield _chain(_rank_equal(found), derive("rank-sum", total))


def _parted_networks(t: Term, x: Term) -> Iterator[Theorem]:
    """The same for products of sums: what is left of t - x has fewer terms than t and x together."""
    left, whole, taken = difference(t, x), _forms(t), _forms(x)
    if whole is None or taken is None or not left.cells:
        return
    if len(left.networks()) < sum(len(networks) for cells, _ in (whole, taken) for _, networks in cells):
        with suppress(UnsupportedError):
            rest = [network_term(left.form, n, t.axes, cell) for cell, n in left.like_terms()]
            yield from _parted(t, 1, x, [(1, part) for part in rest[:MAX_REST]])


def complementary(a: Term, b: Term, facts: Sequence[Theorem]) -> Iterator[Theorem]:
    """rank A + rank B <= p where A B = 0 through p, and p <= rank A + rank B where A + B = I(p): of two projections
    that complement each other both hold."""
    for x, y in ((a, b), (b, a)):
        if x.axes[1] == y.axes[0]:
            nothing = Sum((), (x.axes[0], y.axes[1]))
            found = _equation(matmul(x, y), nothing, facts)
            if found is not None:
                uses = (derive("rank-sylvester", x, y), _rank_equal(found), derive("rank-sum", nothing))
                yield derive("arithmetic", rank(x) + rank(y), "<=", x.axes[1].size(), tuple((1, t) for t in uses))
                break
    if a.axes == b.axes and a.axes[0] == a.axes[1]:
        total = Sum(((1, a), (1, b)), a.axes)
        found = _equation(identity(a.axes[0]), total, facts)
        if found is not None:
            whole = derive("rank-identity", a.axes[0])
            back = derive("arithmetic", comparison(whole).right, "=", comparison(whole).left, ((-1, whole),))
            yield _chain(back, _rank_equal(found), derive("rank-sum", total))


def rank_of_transpose(x: Term) -> Theorem:
    """rank(x^T) = rank x, from rank(A^T A) = rank A on both."""

    def up(a: Term) -> Theorem:  # rank a = rank(a^T a) <= rank(a^T)
        gram = derive("rank-gram", a)
        factor = derive("rank-factor", transpose(a), a, 0)
        same = comparison(gram)
        return _chain(derive("arithmetic", same.right, "=", same.left, ((-1, gram),)), factor)

    turned = transpose(x)
    twice = _equation(transpose(turned), x)
    if twice is None:
        raise UnsupportedError("a double transpose")
    return derive("antisymmetry", _chain(up(turned), _rank_equal(twice)), up(x))


# ---- pieces ------------------------------------------------------------------------------------------


def _equation(left: Term, right: Term, facts: Sequence[Theorem] = ()) -> Theorem | None:
    """The equation as a theorem, if it can be proved."""
    return _proved(left, right, tuple(facts))


@remembered
def _proved(left: Term, right: Term, facts: tuple[Theorem, ...]) -> Theorem | None:
    try:
        found = prove_equation(left, right, facts, states=8, together=False)
    except ShapeError:
        return None
    return found if isinstance(found, Theorem) else None


def _rank_equal(t: Theorem) -> Theorem:
    return derive("rank-equal", t)


def _chain(*steps: Theorem) -> Theorem:
    """a <= b, b <= c, ... to a <= c."""
    facts = list(map(comparison, steps))
    relation = "=" if all(f.relation == "=" for f in facts) else "<="
    return derive("arithmetic", facts[0].left, relation, facts[-1].right, tuple((1, t) for t in steps))


def comparison(t: Theorem) -> Compare:
    """What a theorem about numbers says."""
    if not isinstance(t.conclusion, Compare):
        raise UnsupportedError("a theorem about numbers was expected")
    return t.conclusion


def _scaled(t: Sum) -> Iterator[Theorem]:
    """rank(c A) = rank A for c that is never 0."""
    ((c, a),) = t.parts
    for whole, part, factor in ((t, a, c), (a, t, 1 / scalar(c))):
        eye = identity(a.axes[0])
        times = Sum(((factor, eye),), eye.axes)
        found = _equation(whole, matmul(times, part))
        if found is not None:
            yield _chain(_rank_equal(found), derive("rank-factor", times, part, 1))


def _stacked(t: Stack) -> Iterator[Theorem]:
    """rank of a stack <= the sum of the ranks of its parts."""
    parts = []
    for k, part in enumerate(t.parts):
        zeros = [Sum((), (*p.axes[: t.axis], p.axes[t.axis], *p.axes[t.axis + 1 :])) for p in t.parts]
        parts.append(Stack(tuple(part if j == k else z for j, z in enumerate(zeros)), t.axis))
    total = Sum(tuple((1, p) for p in parts), t.axes)
    found = _equation(t, total)
    if found is None:
        return
    chain = _chain(_rank_equal(found), derive("rank-sum", total))
    bounds = []
    for piece, part in zip(parts, t.parts, strict=True):
        bound = next((b for b in compare_ranks(piece, part, ()) if comparison(b).left == rank(piece)), None)
        if bound is None:
            return
        bounds.append(bound)
    right = sum((rank(p) for p in t.parts), start=scalar(0))
    yield derive("arithmetic", comparison(chain).left, "<=", right, ((1, chain), *((1, b) for b in bounds)))


def _full(t: Term) -> Iterator[Theorem]:
    """From below, for what is made of identities and ones: size <= rank t where a multiple of the transpose inverts it,
    as a tiled identity; 1 <= rank t where all entries add up to a positive number."""
    found = _forms(t)
    if found is None or any(n.atoms or n.boxes for _, networks in found[0] for n in networks):
        return
    for x in (t, transpose(t)):
        eye = identity(x.axes[1])
        for inverse in _inverses(x, ()):
            same = _equation(eye, matmul(inverse, x))
            if same is not None:  # size = rank I = rank(x' x) <= rank x
                whole = derive("rank-identity", x.axes[1])
                size = derive("arithmetic", comparison(whole).right, "=", comparison(whole).left, ((-1, whole),))
                back = () if x is t else (rank_of_transpose(t),)
                yield _chain(size, _rank_equal(same), derive("rank-factor", inverse, x, 1), *back)
                break
    one = Axis.of(1)
    row, column = (Einsum((), ((0,), (1,)), axes) for axes in ((one, t.axes[0]), (t.axes[1], one)))
    total = difference(matmul(matmul(row, t), column), Sum((), (one, one))).networks()
    if len(total) == 1 and positive(total[0].coef):
        inner = matmul(Sum(((1 / scalar(total[0].coef), row),), row.axes), t)
        same = _equation(identity(one), matmul(inner, column))
        if same is not None:  # 1 = rank I(1) = rank(y t x) <= rank(y t) <= rank t
            whole = derive("rank-identity", one)
            size = derive("arithmetic", comparison(whole).right, "=", comparison(whole).left, ((-1, whole),))
            yield _chain(size, _rank_equal(same), derive("rank-factor", inner, column, 0),
                         derive("rank-factor", inner.children()[0], t, 1))  # fmt: skip


def _frobenius(t: Term, a: Term, b: Term, c: Term) -> Iterator[Theorem]:
    """rank(AB) + rank(BC) <= rank B + rank(ABC), for a product of three however it is bracketed."""
    try:
        fact = derive("rank-frobenius", a, b, c)
    except ShapeError:
        return
    yield fact
    found = _equation(matmul(matmul(a, b), c), t)
    if found is not None and matmul(matmul(a, b), c) != t:
        yield _rank_equal(found)


@remembered
def _forms(t: Term, split: frozenset[int] = frozenset()) -> tuple[Networks, IndexForm] | None:
    try:
        return index_form([(1, t)], split, Matcher())
    except NeedSplit as need:
        return None if need.size in split or need.size > 64 else _forms(t, split | {need.size})
    except BudgetError:
        return None


Node = tuple[Label, tuple[int, ...]]


def _half(form: IndexForm, n: Network, atoms: Sequence[Node], axes: Sequence[Axis], cell: Sequence[Index]) -> Term:
    """Some atoms of a network as a term of these axes; an edge that stands in two of them becomes a delta."""
    same = {e: root for root, e in n.eqs}
    taken: dict[int, int] = {}
    deltas = []
    names_ = []
    for e in (e for i in cell for e in coordinates(i)):
        root = same.get(e, e)
        if root in taken:
            names_.append(form.fresh(form.sorts[root]))
            deltas.append((root, names_[-1]))
        else:
            taken[root] = e
            names_.append(root)
    order = iter(names_)
    used = {e for _, coords in atoms for e in coords}
    inner = tuple(e for e in n.inner if e in used and e not in taken)
    half = Network(1, tuple(deltas), inner, tuple(atoms), ())
    return network_term(form, half, axes, [_renamed(i, order) for i in cell])


def _renamed(i: Index, order: Iterator[int]) -> Index:
    copy = next(order) if i.copy >= 0 else i.copy
    heads = tuple(next(order) for _ in i.heads)
    return Index(i.run, copy, heads, _renamed(i.tail, order) if i.tail else None)


def _merge(t: Term, at: int, count: int) -> Term:
    """Group `count` axes from `at` on into one."""
    pattern = tuple((k,) for k in range(len(t.axes)))
    return Einsum(((t, pattern),), (*pattern[:at], tuple(range(at, at + count)), *pattern[at + count :]), t.axes)


def _cuts(t: Term) -> Iterator[tuple[Term, Term]]:
    """t = L R through each cut of its network between rows and columns."""
    found = _forms(t)
    if found is None or len(found[0]) != 1 or len(found[0][0][1]) != 1:
        return
    ((cell, (n,)),), form = found
    if len(n.atoms) > MAX_CUT_ATOMS or n.boxes or any(isinstance(form.sorts[e], int) for e in n.inner):
        return
    same = {e: root for root, e in n.eqs}
    rows, columns = ({same.get(e, e) for e in coordinates(i)} for i in cell)
    seen: set[Scalar] = set()
    for side in choices((True, False), repeat=len(n.atoms)):
        left, right = ([a for a, here in zip(n.atoms, side, strict=True) if here == want] for want in (True, False))
        crossing = rows.union(*(coords for _, coords in left)) & columns.union(*(coords for _, coords in right))
        middle = sorted(e for e in crossing if e >= 0)
        sorts, inside = [Axis.of(form.sorts[e]) for e in middle], [edge_index(form.sorts[e], e) for e in middle]
        size = product(sorts).size()
        if size in seen:
            continue
        seen.add(size)
        with suppress(UnsupportedError):
            first = _half(form, n, left, (t.axes[0], *sorts), (cell[0], *inside))
            second = _half(form, n, right, (*sorts, t.axes[1]), (*inside, cell[1]))
            first = Sum(((n.coef, first),), first.axes)
            yield _merge(first, 1, len(middle)), _merge(second, 0, len(middle))


def _around(t: Term, x: Term) -> Iterator[tuple[Term, Term]]:
    """L and R such that t may be L x R: from x inside t as it is written, else from x's network in that of t."""
    hole = Atom(HOLE, x.axes)
    parts = {p: Block(hole, x.axis, tuple(q.axes[x.axis] for q in x.parts), k)
             for k, p in enumerate(x.parts)} if isinstance(x, Stack) else {}  # fmt: skip
    for images in ({x: hole}, parts):
        context = _replace(t, images)
        if HOLE in names(context):
            yield from _through(context, hole)
            return
    found = _forms(t)
    if found is None:
        return
    cells, form = found
    for rule in _readings(x, hole):
        if rule.lead.atoms and rule.lead.atoms[0][0][0] == hole:
            continue
        for cell, networks in cells:
            for n in networks:
                for rest, coords in occurrences(n, rule):
                    atoms = (*rest, (rule.label, coords))
                    used = free_edges(Network(1, n.eqs, (), tuple(rest), n.boxes)) | set(coords)
                    m = n._replace(atoms=atoms, inner=tuple(e for e in n.inner if e in used))
                    yield from _split_at(form, m, hole, t.axes, cell)


@remembered
def _readings(x: Term, hole: Atom) -> list[Rule]:
    """x as the lead of a rule that puts the hole in its place."""
    return rules_of(derive("assume", Equation(x, hole)))


def _replace(t: Term, images: Mapping[Term, Term]) -> Term:
    """t with every subterm that has an image replaced by it."""

    class _Swap(Substitution):
        def __call__(self, v: Any) -> Any:
            return images[v] if isinstance(v, Term) and v in images else super().__call__(v)

    found: Term = _Swap()(t)
    return found


def _through(context: Term, hole: Atom) -> Iterator[tuple[Term, Term]]:
    found = _forms(context)
    if found is None:
        return
    cells, form = found
    pieces: list[tuple[Term, Term]] = []
    for cell, networks in cells:
        for n in networks:
            if any(label[0] == hole for label, _ in n.atoms):
                pieces += list(_split_at(form, n, hole, context.axes, cell))[:1]
    if not pieces:
        return
    yield from pieces[:1]
    if len(pieces) > 1:
        lefts, rights = [p[0] for p in pieces], [p[1] for p in pieces]
        if all(r == rights[0] for r in rights):
            yield Sum(tuple((1, p) for p in lefts), lefts[0].axes), rights[0]
        elif all(p == lefts[0] for p in lefts):
            yield lefts[0], Sum(tuple((1, r) for r in rights), rights[0].axes)
        else:  # row cells times column cells: each distinct left and right once
            some_left, some_right = list(dict.fromkeys(lefts)), list(dict.fromkeys(rights))
            yield (Sum(tuple((1, p) for p in some_left), lefts[0].axes),
                   Sum(tuple((1, r) for r in some_right), rights[0].axes))  # fmt: skip


def _split_at(form: IndexForm, n: Network, hole: Atom, axes: Sequence[Axis],
              cell: tuple[Index, ...]) -> Iterator[tuple[Term, Term]]:  # fmt: skip
    """The rest of a network around the hole, as L (rows by the hole's rows) and R (the hole's columns by columns)."""
    at = next((k for k, (label, _) in enumerate(n.atoms) if label[0] == hole), None)
    if at is None or n.boxes:
        return
    label, coords = n.atoms[at]
    rows, columns = _hole_indices(hole.axes, list(label[1:]), list(coords))
    same = {e: root for root, e in n.eqs}
    reach = {same.get(e, e) for i in (cell[0], rows) for e in coordinates(i)}
    stop = {same.get(e, e) for i in (cell[1], columns) for e in coordinates(i)} - reach
    rest = [a for k, a in enumerate(n.atoms) if k != at]
    left: list[Node] = []
    while more := [a for a in rest if a not in left and not reach.isdisjoint(a[1])]:
        left += more
        reach |= {e for _, edges in more for e in edges if e >= 0} - stop
    right = [a for a in rest if a not in left]
    with suppress(UnsupportedError):
        first = _half(form, n, left, (axes[0], hole.axes[0]), (cell[0], rows))
        second = _half(form, n, right, (hole.axes[1], axes[1]), (columns, cell[1]))
        yield Sum(((n.coef, first),), first.axes), second


def _hole_indices(axes: Sequence[Axis], path: list[object], coords: list[int]) -> list[Index]:
    """The indices of the hole's axes from its label and coordinates: the inverse of `network.flatten`."""

    def one(axis: Axis) -> Index:
        which, copy, run = 0, -1, axis.runs[0]
        if len(axis.runs) > 1 or run.count > 1 or run.tail:
            which = int(path.pop(0))  # type: ignore[call-overload]
            run = axis.runs[which]
            copy = coords.pop(0) if run.count > 1 else -1
        heads = tuple(coords.pop(0) for _ in run.heads)
        return Index(which, copy, heads, one(run.tail) if run.tail else None)

    return [one(a) for a in axes]


def _inverses(left: Term, facts: Sequence[Theorem]) -> Iterator[Term]:
    """Candidates for a left inverse of L: (1/c) L^T where L^T L may be c I, and symbols that a hypothesis inverts."""
    size = left.axes[1]
    gram = difference(matmul(transpose(left), left), Sum((), (size, size)))
    for c in dict.fromkeys([*(n.coef for n in gram.networks() if not n.atoms and not n.boxes and positive(n.coef)), 1]):
        yield Sum(((1 / scalar(c), transpose(left)),), (size, left.axes[0]))
    for f in facts:
        if isinstance(f.conclusion, Equation) and f.conclusion.right in map(identity, f.conclusion.right.axes[:1]):
            for t in subterms(f.conclusion.left):
                if isinstance(t, Atom) and len(t.axes) == 2:
                    yield from (c for c in (t, transpose(t)) if c.axes == (size, left.axes[0]))
