"""Look for the smallest instance at which a statement fails: sizes first, then few non-zero entries, then small ones.

Every value is exact (a named function is enclosed in intervals, and only disjoint enclosures refute), so a
counterexample needs no trust in the search. To find none says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, islice, product
from random import Random

from symbolic_mla.algebra.occurring import subterms, terms_of, variables
from symbolic_mla.analysis.truncation import Truncation
from symbolic_mla.errors import BudgetError, DomainError, ShapeError, UnsupportedError
from symbolic_mla.instance.evaluate import Function, Instance, Tensor
from symbolic_mla.instance.functions import ENCLOSED, NAMED, Polynomial, Table
from symbolic_mla.instance.judge import holds
from symbolic_mla.instance.truncation import is_best, truncated
from symbolic_mla.instance.values import enclosure, inverse, plain
from symbolic_mla.kernel.scalar import Generator, Number, Scalar, Var, scalar
from symbolic_mla.kernel.statement import Compare, Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom, Pick, Term
from symbolic_mla.laws.equivalence import Iff
from symbolic_mla.laws.existence import Exists
from symbolic_mla.laws.notation import identity, matmul
from symbolic_mla.laws.order import Extreme
from symbolic_mla.record import record

MAX_SIZES = 200
GLANCE = 4  # sizes that a glance looks at
MAX_EXTRA = 10  # sizes go this far above their lower bounds, in sum
MAX_ENTRIES = 600  # of all symbols together
TRIALS = 3
TRIALS_WITH_RANKS = 30
TRIALS_WITH_HYPOTHESES = 60
WIDE_FROM = 10  # from this trial on, every other one has scalars of all magnitudes
WIDE: tuple[Number, ...] = (Fraction(1, 2), 0, 10, Fraction(1, 10), 1000, Fraction(1, 1000), 10**6, Fraction(1, 10**6))
IDENTITY_LIKE = -1  # the number of a trial in which nothing is drawn: each tensor is like an identity
MAX_SMALL = 2_000  # instances with few non-zero entries
MAX_PLACES = 50_000  # choices of places for them, with those at which nothing can fail
MAX_WORK = 60_000  # entries evaluated


@record
class Counterexample:
    """An instance at which a statement fails. `smallest`: no smaller sizes, and no fewer non-zero entries of
    0 and ±1 at these sizes, do."""

    sizes: Mapping[str, int]
    scalars: Mapping[str, Number]
    tensors: Mapping[str, Tensor]
    positions: Mapping[str, int]
    functions: Mapping[str, Mapping[tuple[tuple[int, ...], tuple[Number, ...]], tuple[int, ...]]]
    smallest: bool = False

    def __str__(self) -> str:
        sizes = ", ".join(f"{k} = {v}" for k, v in {**self.sizes, **self.scalars, **self.positions}.items())
        symbols = ", ".join(f"{k} = {t}" for k, t in self.tensors.items())
        return f"at {sizes}: {symbols}" if sizes and symbols else f"at {sizes or symbols}"


@dataclass
class Problem:
    """A statement, what is assumed, and what both speak of."""

    statement: Statement
    hypotheses: Sequence[Statement] = ()
    divides: Sequence[tuple[Scalar, Scalar]] = ()
    nonzero: frozenset[str] = frozenset()  # symbols without which the statement holds: where one is 0, nothing fails
    truncations: Sequence[Truncation] = ()
    singular: Sequence[Atom] = ()  # of singular values: no entry is negative
    budget: int = MAX_WORK
    dims: list[Var] = field(init=False)
    scalars: list[Var] = field(init=False)
    atoms: list[Atom] = field(init=False)
    picks: list[Pick] = field(init=False)
    functions: list[str] = field(init=False)

    def __post_init__(self) -> None:
        everything = [self.statement, *self.hypotheses]
        spoken = {t for s in everything for t in subterms(*_parts(s))}
        self.truncations = [t for t in self.truncations if not spoken.isdisjoint((t.u, t.s, t.v))]
        self.singular = [a for a in self.singular if a in spoken]
        hidden = {a for s in everything if isinstance(s, Exists) for a in (*s.unknowns, *s.inner)}
        found = [t for s in everything for t in subterms(*_parts(s))]
        numbers = {g for s in everything for g in _numbers(s)}
        numbers |= {g for pair in self.divides for n in pair for g in n.generators()}
        names = variables(*found) | {g for g in numbers if isinstance(g, Var)}
        ordered = sorted(names, key=lambda v: v.name)
        self.dims = [v for v in ordered if v.sign == "dimension"]
        self.scalars = [v for v in ordered if v.sign != "dimension"]
        self.atoms = sorted({t for t in found if isinstance(t, Atom) and t not in hidden}, key=lambda a: a.name)
        self.picks = list({t.index: t for t in found if isinstance(t, Pick)}.values())
        self.functions = sorted({t.function for t in found if isinstance(t, Apply)})
        used = [v.name for v in names] + [t.name for t in {t for t in found if isinstance(t, Atom)}] + self.functions
        used += [index for index, _ in {(t.index, t.size()) for t in found if isinstance(t, Pick)}]
        if len(set(used)) < len(used):
            twice = next(n for n in used if used.count(n) > 1)
            raise ShapeError(f"the name {twice} stands for two things: of two shapes, or of two kinds")
        self.named = [f for f in self.functions if f in NAMED]
        self.ruled = any(isinstance(t, Apply) for s in self.hypotheses for t in subterms(*_parts(s)))
        self.ranks = not isinstance(self.statement, Equation)

    def sizes(self) -> Iterator[dict[str, int]]:
        """Sizes that the hypotheses allow, the least sum first."""
        for extra in range(MAX_EXTRA + 1):
            for split in _compositions(extra, len(self.dims)):
                sizes: dict[str, Number] = {v.name: v.low + e for v, e in zip(self.dims, split, strict=True)}
                if self.allowed(Instance(sizes)):
                    yield sizes  # type: ignore[misc]
            if not self.dims:
                return

    def allowed(self, at: Instance) -> bool:
        """Whether the sizes are such as the hypotheses about sizes admit."""
        for k, m in self.divides:
            if not isinstance(plain(scalar(at.number(m)) / at.number(k)), int):
                return False
        return all(holds(s, at) is not False for s in self.hypotheses if _about_sizes(s))

    # ---- instances ---------------------------------------------------------------------------------

    def instance(self, sizes: Mapping[str, int], rng: Random, trial: int, *, wide: bool = False) -> Instance | None:
        """An instance of these sizes that satisfies the hypotheses, or None. `wide`: with scalars of all magnitudes."""
        if sum(_volume(Instance(dict(sizes)).shape(a.axes)) for a in self.atoms) > MAX_ENTRIES:
            return None
        spread = 2 if trial < 2 else 5
        numbers: dict[str, Number] = dict(sizes)
        for v in self.scalars:
            numbers[v.name] = rng.randint(1, 3) if v.sign != "real" else rng.choice((-2, -1, 1, 2, 3))
        if wide and trial >= WIDE_FROM and trial % 2 == 0:  # near 0 and far from it, where comparisons of numbers fail
            own = Random(trial)
            for v in self.scalars:
                size = own.choice(WIDE[: 1 + (trial - WIDE_FROM) // 2])
                may = [x for x in (size, -1 * size) if has_sign(x, v.sign)]
                numbers[v.name] = own.choice(may) if may else numbers[v.name]
        at = self._blank(numbers, trial, rng)
        equations = [h for h in self.hypotheses if isinstance(h, Equation)]
        tied = {t for h in equations for t in subterms(h.left, h.right) if isinstance(t, Atom)}
        for a in self.atoms:
            shape = at.shape(a.axes)
            draw = _structured if a in tied or (self.ranks and trial % 2) else _random
            at.tensors[a.name] = _identity_like(shape) if trial == IDENTITY_LIKE else draw(shape, rng, spread)
        for a in self.singular:
            drawn = at.tensors[a.name]
            at.tensors[a.name] = Tensor(drawn.shape, tuple(abs(x) for x in drawn.entries))
        for h in equations:
            self._invert(h, at)
        for h in reversed(equations):  # a symbol that a hypothesis defines gets its value
            for side, other in ((h.left, h.right), (h.right, h.left)):
                if isinstance(side, Atom) and side not in subterms(other):
                    at.tensors[side.name] = at.value(other)
                    break
        for t in self.truncations:
            found = truncated(at.value(t.whole), at.tensors[t.u.name].shape[1])
            if found is None:
                return None
            at.tensors.update(zip((t.u.name, t.s.name, t.v.name), found, strict=True))
        return at if self.admits(at) else None

    def _invert(self, h: Equation, at: Instance) -> None:
        """For A B = I, B gets the inverse of A, if it has one."""
        sides = h.left.children()
        if len(sides) != 2 or len(h.right.axes) != 2 or h.right != identity(h.right.axes[0]):
            return
        a, b = sides
        if isinstance(a, Atom) and isinstance(b, Atom) and a.axes == b.axes and h.left == matmul(a, b):
            found = inverse(at.tensors[a.name].rows())
            if found is not None:
                at.tensors[b.name] = Tensor(at.tensors[a.name].shape, tuple(x for row in found for x in row))

    def _blank(self, numbers: dict[str, Number], trial: int, rng: Random) -> Instance:
        positions = {p.index: rng.randrange(int(numbers[p.size().name])) for p in self.picks}  # type: ignore[arg-type]
        functions: dict[str, Function] = {f: Table(f, trial) for f in self.functions if f not in NAMED}
        return Instance(numbers, {}, positions, functions)

    def admits(self, at: Instance) -> bool:
        """Whether every hypothesis is seen to hold, every truncation to be one, no singular value to be negative."""
        if not all(isinstance(x, int | Fraction) and x >= 0 for a in self.singular for x in at.tensors[a.name].entries):
            return False
        return all(holds(h, at) is True for h in self.hypotheses) and all(
            is_best(at.value(t.whole), *(at.tensors[a.name] for a in (t.u, t.s, t.v))) for t in self.truncations
        )

    def fails(self, at: Instance) -> bool:
        """Whether the statement is seen to fail."""
        self.budget -= 10 + sum(len(t.entries) for t in at.tensors.values())
        if self.budget < 0:
            raise BudgetError("the search for a counterexample ran out of its budget")
        if not self.named:
            before = at.work
            failed = holds(self.statement, at) is False
            self.budget -= (at.work - before) // 20
            return failed
        if self.ruled:  # a hypothesis on a function speaks of the exact tables, not of what is enclosed here
            return False
        functions: dict[str, Function] = {f: Polynomial(f, 1) for f in self.functions}
        functions.update((f, ENCLOSED[f]) for f in self.named)
        tensors = {k: Tensor(t.shape, tuple(map(enclosure, t.entries))) for k, t in at.tensors.items()}
        enclosed = Instance(at.numbers, tensors, at.positions, functions, enclosure)
        failed = holds(self.statement, enclosed) is False
        self.budget -= enclosed.work // 2  # an interval takes ten times as long as a number
        return failed


def find_counterexample(problem: Problem) -> Counterexample | None:
    """The smallest counterexample that the search meets, or None. Raises nothing: a search that ran out found none."""
    try:
        for sizes in islice(problem.sizes(), MAX_SIZES):
            found = _at_sizes(problem, sizes)
            if found is not None:
                return _smaller(problem, found)
    except (BudgetError, DomainError, UnsupportedError):  # the last: a symbol is said to be softmax of something
        return None
    return None


def glance(problem: Problem) -> bool:
    """Whether one of the first few instances refutes the statement; False says nothing."""
    for sizes in islice(problem.sizes(), GLANCE):
        rng = Random(0)
        for trial in range(2):
            at = problem.instance(sizes, rng, trial)
            if at is not None and problem.fails(at):
                return True
    return False


def _at_sizes(problem: Problem, sizes: Mapping[str, int]) -> Instance | None:
    rng = Random(0)
    trials = TRIALS_WITH_HYPOTHESES if problem.hypotheses else TRIALS_WITH_RANKS if problem.ranks else TRIALS
    if not (problem.atoms or problem.scalars or problem.functions or problem.picks):
        trials = 1  # nothing to draw
    for trial in range(trials):
        problem.budget -= 5 * (1 + len(problem.hypotheses))
        at = problem.instance(sizes, rng, trial, wide=True)
        if at is not None and problem.fails(at):
            return at
        if problem.budget < 0:
            raise BudgetError("the search for a counterexample ran out of its budget")
    return None


# ---- smaller entries ---------------------------------------------------------------------------------


def _smaller(problem: Problem, found: Instance) -> Counterexample:
    problem.budget = max(problem.budget, MAX_WORK // 2)
    found, near = _nearer(problem, found)
    few = _greedy(problem, found)
    plain_ones, _ = few_entries(problem, few, _nonzero(few), signs=(1,), limit=MAX_SMALL // 4)
    few = plain_ones or few  # often signs are not needed, and then the search for fewer entries begins lower
    small, complete = few_entries(problem, few, _nonzero(few))
    at = small or few
    problem.budget = MAX_WORK
    tables = {k: f for k, f in at.functions.items() if isinstance(f, Table)}
    for t in tables.values():
        t.rows.clear()
    problem.fails(at)
    used = {k: dict(t.rows) for k, t in tables.items()}
    dims = {v.name for v in problem.dims}
    return Counterexample(
        {k: int(v) for k, v in at.numbers.items() if k in dims},  # type: ignore[arg-type]
        {k: v for k, v in at.numbers.items() if k not in dims},
        dict(at.tensors), dict(at.positions), used, complete and near,
    )  # fmt: skip


def _with(at: Instance, entries: Sequence[Number], names: Sequence[str]) -> Instance:
    """The instance with its tensors' entries, in order of the names, replaced."""
    start = 0
    tensors = {}
    for name in names:
        shape = at.tensors[name].shape
        length = len(at.tensors[name].entries)
        tensors[name] = Tensor(shape, tuple(entries[start : start + length]))
        start += length
    return at.like(tensors)


def _nonzero(at: Instance) -> int:
    return sum(x != 0 for t in at.tensors.values() for x in t.entries)


def few_entries(
    problem: Problem, found: Instance, most: int, *, signs: tuple[int, ...] = (1, -1), limit: int = MAX_SMALL
) -> tuple[Instance | None, bool]:
    """The first counterexample at the same sizes with at most so many non-zero entries, each one of `signs`; and
    whether every instance with fewer was tried."""
    names = sorted(found.tensors)
    total = sum(len(found.tensors[k].entries) for k in names)
    owner = [name for name in names for _ in found.tensors[name].entries]
    needed = problem.nonzero.intersection(names)
    tried = chosen = 0
    numbers = dict(found.numbers)
    numbers.update((v.name, 1 if v.sign != "real" else -1) for v in problem.scalars)
    for base in ([found] if numbers == found.numbers else [Instance(numbers, found.tensors, found.positions,
                                                                   found.functions), found]):  # fmt: skip
        for count in range(min(total, most) + 1):
            for places in combinations(range(total), count):
                chosen += 1
                if chosen > MAX_PLACES:
                    return None, False
                if not needed.issubset(owner[k] for k in places):
                    continue
                for chosen_signs in product(signs, repeat=count):
                    tried += 1
                    if tried > limit:
                        return None, False
                    entries: list[Number] = [0] * total
                    for place, sign in zip(places, chosen_signs, strict=True):
                        entries[place] = sign
                    at = _with(base, entries, names)
                    try:
                        if problem.admits(at) and problem.fails(at):
                            return at, True
                    except BudgetError:
                        return None, False  # what was not tried may be smaller
    return None, True


def _fails(problem: Problem, at: Instance) -> bool:
    try:
        return problem.fails(at)
    except BudgetError:
        return False


def _nearer(problem: Problem, found: Instance) -> tuple[Instance, bool]:
    """Scalars that are far from 1 made the first of 1, -1, 2, ... with which the statement still fails; and whether
    none is far now."""
    small = [x for k in range(1, 4) for x in (k, -k)]
    far = [v for v in problem.scalars if found.numbers[v.name] not in small]
    for v in far:
        for new in (*small, *(x for size in WIDE for x in (size, -1 * size))):
            if new == found.numbers[v.name]:
                break
            numbers = {**found.numbers, v.name: new}
            at = Instance(numbers, found.tensors, found.positions, found.functions)
            if has_sign(new, v.sign) and problem.admits(at) and _fails(problem, at):
                found = at
                break
    return found, all(found.numbers[v.name] in small for v in far)


def _greedy(problem: Problem, found: Instance) -> Instance:
    """Entries made 0, 1 or -1 one at a time, as long as the statement still fails."""
    names = sorted(found.tensors)
    entries = [x for k in names for x in found.tensors[k].entries]
    for place, old in enumerate(entries):
        for new in (0, 1, -1):
            if old == new:
                break
            trial = [*entries[:place], new, *entries[place + 1 :]]
            at = _with(found, trial, names)
            if problem.admits(at) and _fails(problem, at):
                entries = trial
                break
    return _with(found, entries, names)


# ---- drawing -----------------------------------------------------------------------------------------


def has_sign(x: Number, sign: str) -> bool:
    """Whether a number may be the value of a scalar of this sign."""
    return sign == "real" or x > 0 or (x == 0 and sign == "nonnegative")  # type: ignore[operator]


def _random(shape: Sequence[int], rng: Random, spread: int) -> Tensor:
    return Tensor(tuple(shape), tuple(rng.randint(-spread, spread) for _ in range(_volume(shape))))


def _structured(shape: Sequence[int], rng: Random, spread: int) -> Tensor:
    """Matrices that often satisfy hypotheses: identities, permutations, rotations, projections, symmetric ones."""
    kind = rng.randrange(14)
    if len(shape) != 2 or kind > 8:
        return _random(shape, rng, 1 if kind > 9 else spread)
    rows, columns = shape
    order = list(range(max(shape)))
    if kind in (1, 2):
        rng.shuffle(order)
    signs = [rng.choice((1, -1)) if kind == 2 else 1 for _ in order]
    grid: list[list[Number]] = [[signs[i] if order[i] == j else 0 for j in range(columns)] for i in range(rows)]
    if kind == 3 and rows >= 2 and columns >= 2:
        grid[0][:2], grid[1][:2] = [Fraction(3, 5), Fraction(-4, 5)], [Fraction(4, 5), Fraction(3, 5)]
    elif kind == 4:
        grid = [[rng.randint(-spread, spread) if i == j else 0 for j in range(columns)] for i in range(rows)]
    elif kind == 5:
        drawn = [[rng.randint(-spread, spread) for _ in order] for _ in order]
        grid = [[drawn[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]
    elif kind == 6:
        grid = [[Fraction(1, rows) for _ in range(columns)] for _ in range(rows)]
    elif kind == 7:
        down, across = ([rng.randint(-1, 1) for _ in order] for _ in range(2))
        grid = [[down[i] * across[j] for j in range(columns)] for i in range(rows)]
    elif kind == 8:
        grid = [[0 for _ in range(columns)] for _ in range(rows)]
    return Tensor((rows, columns), tuple(plain(x) for row in grid for x in row))


def _identity_like(shape: Sequence[int]) -> Tensor:
    """Ones on the diagonal of the last two axes, at each position of the others; a vector begins with a one."""
    rows, columns = ([1, 1, *shape])[-2:] if len(shape) != 1 else (1, shape[0])
    grid = [int(i == j) for i in range(rows) for j in range(columns)]
    return Tensor(tuple(shape), tuple(grid * (_volume(shape) // max(1, len(grid)))))


def _volume(shape: Sequence[int]) -> int:
    total = 1
    for s in shape:
        total *= s
    return total


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 0:
        yield ()
    elif parts == 1:
        yield (total,)
    else:
        for first in range(total, -1, -1):
            for rest in _compositions(total - first, parts - 1):
                yield (first, *rest)


def _parts(s: Statement) -> list[Term]:
    return list(terms_of(s))


def _numbers(s: Statement) -> set[Generator]:
    """What the numbers of a statement are made of, those inside min and max and on both sides of `iff` included."""
    if isinstance(s, Iff):
        return _numbers(s.left) | _numbers(s.right)
    found: set[Generator] = set()
    todo = [s.left, s.right] if isinstance(s, Compare) else []
    while todo:
        new = todo.pop().generators()
        found |= new
        todo += [x for g in new if isinstance(g, Extreme) for x in g.of]
    return found


def _about_sizes(s: Statement) -> bool:
    return isinstance(s, Compare) and all(isinstance(g, Var) and g.sign == "dimension" for g in _numbers(s))
