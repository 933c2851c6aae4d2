"""The two engines side by side: what was proved or refuted, against the surface evaluator at an instance.

A verdict None is no opinion (a form that this evaluator does not read, enclosures that overlap, a budget): it
agrees with everything. Only a definite contradiction is a `Disagreement`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from symbolic_mla.crosscheck.functions import listed_table, random_table
from symbolic_mla.crosscheck.numbers import Number
from symbolic_mla.crosscheck.scope import FunctionTable
from symbolic_mla.crosscheck.surface import Instance, World
from symbolic_mla.errors import CertificateError, Span, SymbolicMLAError
from symbolic_mla.language import syntax as s

Rows = Mapping[str, Mapping[tuple[tuple[int, ...], tuple[Number, ...]], Sequence[Number]]]


class Disagreement(CertificateError):
    """The two evaluators contradict each other: neither verdict is shown. A fault of this program."""

    code = "D190"


@dataclass(frozen=True, slots=True)
class Failure:
    """A proved step that fails at an instance: which step, and at which sizes."""

    step: int
    sizes: Mapping[str, int]


def surface_verdict(
    items: Sequence[s.Item],
    claim: s.Claim,
    sizes: Mapping[str, int],
    tensors: Mapping[str, object],
    scalars: Mapping[str, Number] | None = None,
    functions: FunctionTable | Rows | None = None,
    positions: Mapping[str, int] | None = None,
) -> list[bool | None]:
    """Whether each step of a claim holds at an instance: True, False or None (no opinion).

    `items` are the declarations up to the claim. `tensors` maps names to nested lists, to flat sequences in
    row-major order, or to objects with a `shape` and flat `entries`, of integers and fractions. `functions` is
    `(name, positions, row) -> row`, or the rows that were met, by name. `positions` gives the value of each free
    index (`A[h]`), counted from 0. A chain has one verdict for each of its steps; an `exists` and an `iff` have
    one. Names that get no value are passed over: a step that needs one is None. False for an `exists` with `take`
    speaks of its witnesses; call it without `take` to ask by rank.

    Raises: InputError for sizes or entries that do not fit the declarations.

    >>> from symbolic_mla.language.parse import parse_block
    >>> *items, claim = parse_block("dims m\\ngiven P, Q : m × m\\nclaim c: P Q = Q P = P Q")
    >>> surface_verdict(items, claim, {"m": 2}, {"P": [[0, 1], [0, 0]], "Q": (0, 0, 1, 0)})
    [False, False]
    """
    at = _instance(items, sizes, tensors, scalars, functions, positions)
    return _verdicts(at, claim)


def admissible(
    items: Sequence[s.Item],
    sizes: Mapping[str, int],
    tensors: Mapping[str, object],
    scalars: Mapping[str, Number] | None = None,
    functions: FunctionTable | Rows | None = None,
    positions: Mapping[str, int] | None = None,
) -> bool | None:
    """Whether an instance satisfies all that the document assumes. Arguments and errors as `surface_verdict`."""
    try:
        return _instance(items, sizes, tensors, scalars, functions, positions).hypotheses()
    except RecursionError:
        return None
    except SymbolicMLAError as error:
        if error.kind == "input":
            raise
        return None


def confirm_counterexample(
    items: Sequence[s.Item],
    claim: s.Claim,
    step: int,
    sizes: Mapping[str, int],
    tensors: Mapping[str, object],
    scalars: Mapping[str, Number] | None = None,
    functions: FunctionTable | Rows | None = None,
    positions: Mapping[str, int] | None = None,
) -> bool | None:
    """True when a step fails at an instance that satisfies the hypotheses; None when this is not settled here.

    The witnesses of an `exists` are left out: what is refuted is that there are any.

    Raises: Disagreement when the step holds there or a hypothesis fails; InputError as `surface_verdict`.
    """
    arguments = (sizes, tensors, scalars, functions, positions)
    allowed = admissible(items, *arguments)
    if allowed is False:
        raise _disagreement(f"the counterexample to `{claim.id.text}` breaks a hypothesis", sizes, claim.span)
    verdict = surface_verdict(items, replace(claim, take=()), *arguments)[step]
    if verdict is True:
        raise _disagreement(f"`{claim.id.text}` holds at its counterexample", sizes, _span(claim, step))
    return True if verdict is False and allowed else None


def random_instances(
    items: Sequence[s.Item], seed: int, count: int = 3, most: int = 3, any_softmax: bool = False
) -> Iterator[Instance]:
    """Instances with random sizes, matrices, scalars, functions and positions that satisfy the hypotheses.

    The first is as small as the bounds allow, in every second no size is 1 if `most` and the assumptions allow.
    Fewer come when none are found, or one would be too large. `any_softmax` makes softmax an arbitrary function.
    """
    world = World(items)
    for number in range(count):
        rng = Random(f"{seed}|{number}")
        sizes = world.sizes(rng, 1 if number == 0 else most, least=1 + number % 2) or world.sizes(rng, most)
        if sizes is None:
            continue
        try:
            yield world.instance(sizes, rng, functions=random_table(rng.randrange(2**30), any_softmax=any_softmax))
        except (SymbolicMLAError, RecursionError):
            continue


class Samples:
    """Random instances of a document, made once (to satisfy its hypotheses takes most of the time) and asked about one
    claim after the other. Arguments as `random_instances`."""

    def __init__(
        self, items: Sequence[s.Item], seed: int, count: int = 3, most: int = 3, any_softmax: bool = False
    ) -> None:
        self.seed = seed
        self.instances = list(random_instances(items, seed, count, most, any_softmax))

    def failures(self, claim: s.Claim) -> tuple[list[Failure], int]:
        """The steps that fail at the instances, and how many definite verdicts there were."""
        found: list[Failure] = []
        definite = 0
        for number, at in enumerate(self.instances):
            at.reseed(Random(f"{self.seed}|{number}|{claim.id.text}"))  # so that no claim depends on another
            sizes = {name: at.size(name) for name in at.world.dims}
            verdicts = _verdicts(at, claim)
            if False in verdicts and _breaks(at, claim):
                continue  # what is drawn satisfies the hypotheses of `given`, and those of `assume` by chance
            for step, verdict in enumerate(verdicts):
                definite += verdict is not None
                if verdict is False:
                    found.append(Failure(step, sizes))
        return found, definite

    def confirm(self, claim: s.Claim, steps: Sequence[int]) -> int:
        """Compare proved steps with the instances; the number of definite verdicts, all of them true or about other
        steps. 0 means that nothing was compared.

        Raises: Disagreement when a proved step fails somewhere.
        """
        found, definite = self.failures(claim)
        for failure in found:
            if failure.step in steps:
                where = _span(claim, failure.step)
                raise _disagreement(f"`{claim.id.text}` is proved, and fails", failure.sizes, where)
        return definite


def failures(
    items: Sequence[s.Item],
    claim: s.Claim,
    seed: int,
    count: int = 3,
    most: int = 3,
    any_softmax: bool = False,
) -> tuple[list[Failure], int]:
    """`Samples.failures` for one claim by itself."""
    return Samples(items, seed, count, most, any_softmax).failures(claim)


def confirm_proved(
    items: Sequence[s.Item],
    claim: s.Claim,
    steps: Sequence[int],
    seed: int,
    count: int = 3,
    most: int = 3,
    any_softmax: bool = False,
) -> int:
    """`Samples.confirm` for one claim by itself. `any_softmax` is for proofs that use no law of softmax."""
    return Samples(items, seed, count, most, any_softmax).confirm(claim, steps)


def _instance(
    items: Sequence[s.Item],
    sizes: Mapping[str, int],
    tensors: Mapping[str, object],
    scalars: Mapping[str, Number] | None,
    functions: FunctionTable | Rows | None,
    positions: Mapping[str, int] | None,
) -> Instance:
    table = functions if callable(functions) else listed_table(functions or {})
    return World(items).instance(sizes, tensors=tensors, scalars=scalars, functions=table, positions=positions)


def _verdicts(at: Instance, claim: s.Claim) -> list[bool | None]:
    try:
        return [verdict for verdict, _ in at.steps(claim)]
    except RecursionError:
        return [None] * (len(claim.statement.steps) if isinstance(claim.statement, s.Chain) else 1)


def _breaks(at: Instance, claim: s.Claim) -> bool:
    """Whether an instance is seen to break what is assumed before a claim."""
    try:
        return at.hypotheses(before=claim.span.line) is False
    except (SymbolicMLAError, RecursionError):
        return False


def _span(claim: s.Claim, step: int) -> Span:
    chain = claim.statement
    return chain.steps[step].span if isinstance(chain, s.Chain) else claim.span


def _disagreement(what: str, sizes: Mapping[str, int], span: Span) -> Disagreement:
    where = ", ".join(f"{name}={size}" for name, size in sorted(sizes.items()))
    return Disagreement(
        f"two evaluators disagree: {what} at {where}",
        hint="this is a fault of symbolic_mla, not of the document: please report it",
        span=span,
    )
