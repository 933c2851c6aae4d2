"""What an existence or an equivalence may have been meant to say: sizes of unknowns, sides, relations, witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice

from symbolic_mla.diagnostics.diagnostic import TextEdit
from symbolic_mla.diagnostics.repair.slips import other_relations, slips
from symbolic_mla.diagnostics.repair.texts import Writer
from symbolic_mla.diagnostics.repair.trees import factors, places, product
from symbolic_mla.language import syntax as s
from symbolic_mla.language.scope import Scope
from symbolic_mla.language.unparse import unparse, unparse_size
from symbolic_mla.record import record

MAX_SIZES = 8  # dimensions of a document that are tried as the size of an unknown
NEAR = 4  # the cost of a slip of a side that is tried here: a claim that is judged whole has many sides

MAX_PLACES = 12  # of one size, of which some two may be meant
MAX_ALTERNATIVES = 2_000


@record
class Alternative:
    """A claim as it may have been meant, why, the edits that write it, and how far it is from what was written."""

    cost: int
    why: str
    item: s.Claim
    edits: tuple[TextEdit, ...]


def alternatives(item: s.Claim, scope: Scope, writer: Writer) -> list[Alternative]:
    """What a claim may have been meant to say, the smallest edits first."""
    found = list(islice(_claims(item, scope, writer), MAX_ALTERNATIVES))
    return sorted(found, key=lambda x: x.cost)


def _claims(item: s.Claim, scope: Scope, writer: Writer) -> Iterator[Alternative]:
    statement = item.statement
    for k, witness in enumerate(item.take):
        for slip in slips(witness.value, scope):
            if slip.cost <= NEAR:
                take = (*item.take[:k], replace(witness, value=slip.side), *item.take[k + 1 :])
                edit = writer.replaced(witness.value, slip.side)
                yield Alternative(slip.cost, f"{slip.why}, in the witness for `{witness.name.text}`",
                                  replace(item, take=take), (edit,))  # fmt: skip
    if item.take:
        return  # a failing witness says nothing of the claim itself
    if isinstance(statement, s.Exists):
        for cost, why, exists, edits in _exists(statement, scope, writer):
            yield Alternative(cost, why, replace(item, statement=exists), edits)
    elif isinstance(statement, s.Iff):
        for cost, why, new, edits in _side(statement.left, scope, writer):
            yield Alternative(cost, why, replace(item, statement=replace(statement, left=new)), edits)
        for cost, why, new, edits in _side(statement.right, scope, writer):
            yield Alternative(cost, why, replace(item, statement=replace(statement, right=new)), edits)


def _side(side: s.Chain | s.Exists, scope: Scope, writer: Writer
          ) -> Iterator[tuple[int, str, s.Chain | s.Exists, tuple[TextEdit, ...]]]:  # fmt: skip
    yield from _exists(side, scope, writer) if isinstance(side, s.Exists) else _chain(side, scope, writer)


Found = tuple[int, str, s.Exists, tuple[TextEdit, ...]]


def _exists(exists: s.Exists, scope: Scope, writer: Writer) -> Iterator[Found]:
    yield from _sizes(exists, scope, writer)
    for k, chain in enumerate(exists.equations):
        for n, step in enumerate(chain.steps):
            for slip in slips(step.right, scope):
                if slip.cost > NEAR:
                    break
                steps = (*chain.steps[:n], replace(step, right=slip.side), *chain.steps[n + 1 :])
                equations = (*exists.equations[:k], replace(chain, steps=steps), *exists.equations[k + 1 :])
                edit = writer.replaced(step.right, slip.side)
                yield slip.cost + 1, slip.why, replace(exists, equations=equations), (edit,)


def _sizes(exists: s.Exists, scope: Scope, writer: Writer) -> Iterator[Found]:
    """Another size of the unknowns, wherever it stands among them or, where only some fit, in some of the places."""
    where: dict[s.Expr, list[tuple[int, int]]] = {}
    for k, group in enumerate(exists.groups):
        for axis, size in enumerate(group.sizes):
            where.setdefault(size, []).append((k, axis))
    for old, every in where.items():
        some = [every, *(list(x) for x in combinations(every, 2) if 2 < len(every) <= MAX_PLACES)]
        for cost, new in _other_sizes(old, exists, scope):
            for at in some:
                groups = list(exists.groups)
                edits = []
                for k, axis in at:
                    sizes = groups[k].sizes
                    groups[k] = replace(groups[k], sizes=(*sizes[:axis], new, *sizes[axis + 1 :]))
                    edits.append(writer.size(sizes[axis], new))
                shown = f"`{unparse_size(old)}` for `{unparse_size(new)}`"
                names = [n.text for k in dict.fromkeys(k for k, _ in at) for n in exists.groups[k].names]
                why = f"{shown}: the size of {', '.join(f'`{n}`' for n in names)}"
                yield cost, why, replace(exists, groups=tuple(groups)), tuple(edits)


def _other_sizes(old: s.Expr, exists: s.Exists, scope: Scope) -> Iterator[tuple[int, s.Expr]]:
    """Sizes that may have been meant: twice as much, for two products; another one; two of them together."""
    for times in range(2, len(exists.equations) + 2):
        yield times, product([s.Number(times), *factors(old)], "*")
    names = [x for x in list(scope.dims)[:MAX_SIZES] if s.Name(x) != old]
    for name in names:
        yield 3, s.Name(name)
    for a, b in combinations(names, 2):
        yield 5, s.Sum((s.Name(a), s.Name(b)))


def _chain(chain: s.Chain, scope: Scope, writer: Writer) -> Iterator[tuple[int, str, s.Chain, tuple[TextEdit, ...]]]:
    """A side of an equivalence that is a relation: another relation, another right side, a rank of more than one."""
    if len(chain.steps) != 1:
        return
    (step,) = chain.steps
    for new, why in other_relations(step):
        edit = writer.relation(step, new.relation)
        if edit is not None:
            yield 2, why, replace(chain, steps=(new,)), (edit,)
    for slip in slips(step.right, scope):
        if slip.cost <= NEAR:
            edit = writer.replaced(step.right, slip.side)
            yield slip.cost, slip.why, replace(chain, steps=(replace(step, right=slip.side),)), (edit,)
    for why, side in _stacked(chain.first, scope):
        yield 4, why, replace(chain, first=side), (writer.replaced(chain.first, side),)


def _stacked(side: s.Expr, scope: Scope) -> Iterator[tuple[str, s.Expr]]:
    """`rank(A)` for `rank(stack(A, B))`: a factor that several share."""
    for node, put in places(side):
        if not isinstance(node, s.Call) or node.name != "rank" or len(node.arguments) != 1:
            continue
        (of,) = node.arguments
        if not isinstance(of, s.Name) or of.text not in scope.symbols:
            continue
        width = scope.symbols[of.text].axes[-1]
        for other, atom in scope.symbols.items():
            if other != of.text and len(atom.axes) == 2 and atom.axes[-1] == width:
                names = list(scope.symbols)
                first, second = sorted((of.text, other), key=names.index)
                whole = s.Call("stack", (s.Name(first), s.Name(second)))
                yield f"`{of.text}` for `{unparse(whole)}`", put(replace(node, arguments=(whole,), span=s.NOWHERE))
