"""Identities of a ring with a transpose, to egglog and to knuckledragger (over Z3), where they are installed.

Both get the laws of the ring as rules or axioms, and a limit: egglog ROUNDS of all rules, Z3 two seconds for each goal.
Neither knows sizes; a trace, a stack or a function would need more laws than there are identities here.
"""

from __future__ import annotations

import contextlib
import io
import logging
import statistics
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import product
from typing import Any

from benchmarks.identities import DECLARED
from benchmarks.timing import Row, seconds, shown
from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document

ROUNDS = 8
TIMEOUT = 2000  # milliseconds

Goal = tuple[str, Callable[..., tuple[Any, Any]], bool]


def _cube(a: Any, b: Any) -> Any:
    terms = [x * y * z for x, y, z in product((a, b), repeat=3)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


GOALS: list[Goal] = [
    ("(A B)ᵀ = Bᵀ Aᵀ", lambda t, a, b, c, d: (t(a * b), t(b) * t(a)), True),
    ("(A B C)ᵀ = Cᵀ Bᵀ Aᵀ", lambda t, a, b, c, d: (t(a * b * c), t(c) * t(b) * t(a)), True),
    ("(A + B)ᵀ = Bᵀ + Aᵀ", lambda t, a, b, c, d: (t(a + b), t(b) + t(a)), True),
    ("A (B + C) = A C + A B", lambda t, a, b, c, d: (a * (b + c), a * c + a * b), True),
    ("(A + B) (C + D) = A C + A D + B C + B D",
     lambda t, a, b, c, d: ((a + b) * (c + d), a * c + a * d + b * c + b * d), True),
    ("(A + B)² = A² + A B + B A + B²",
     lambda t, a, b, c, d: ((a + b) * (a + b), a * a + a * b + b * a + b * b), True),
    ("(A + B)³ = A³ + A² B + A B A + A B² + B A² + B A B + B² A + B³",
     lambda t, a, b, c, d: ((a + b) * (a + b) * (a + b), _cube(a, b)), True),
    ("((A B) C) (D (A B)) = A (B (C (D (A B))))",
     lambda t, a, b, c, d: (((a * b) * c) * (d * (a * b)), a * (b * (c * (d * (a * b))))), True),
    ("(A + B + C + D)ᵀ = Dᵀ + Cᵀ + Bᵀ + Aᵀ",
     lambda t, a, b, c, d: (t(a + b + c + d), t(d) + t(c) + t(b) + t(a)), True),
    ("A B = B A", lambda t, a, b, c, d: (a * b, b * a), False),
    ("(A B)ᵀ = Aᵀ Bᵀ", lambda t, a, b, c, d: (t(a * b), t(a) * t(b)), False),
    ("(A + B)² = A² + B² + A B + A B", lambda t, a, b, c, d: ((a + b) * (a + b), a * a + b * b + a * b + a * b), False),
]  # fmt: skip


def ours(text: str) -> str:
    return check_document(parse_document(DECLARED.format("", text))).claims[0].verdict


def _egglog(goal: Goal) -> str:
    from benchmarks.egglog_ring import prove

    return prove(goal[1], ROUNDS)


def _knuckledragger(goal: Goal) -> str:
    import kdrag as kd
    from kdrag import smt

    ring = smt.DeclareSort("Ring")
    add, mul = smt.Function("add", ring, ring, ring), smt.Function("mul", ring, ring, ring)
    turned = smt.Function("turned", ring, ring)
    kd.notation.add.register(ring, add)
    kd.notation.mul.register(ring, mul)
    x, y, z = smt.Consts("x y z", ring)
    axioms = [
        kd.axiom(smt.ForAll([x, y], x + y == y + x)),
        kd.axiom(smt.ForAll([x, y, z], x + (y + z) == (x + y) + z)),
        kd.axiom(smt.ForAll([x, y, z], x * (y * z) == (x * y) * z)),
        kd.axiom(smt.ForAll([x, y, z], x * (y + z) == x * y + x * z)),
        kd.axiom(smt.ForAll([x, y, z], (x + y) * z == x * z + y * z)),
        kd.axiom(smt.ForAll([x, y], turned(x * y) == turned(y) * turned(x))),
        kd.axiom(smt.ForAll([x, y], turned(x + y) == turned(x) + turned(y))),
        kd.axiom(smt.ForAll([x], turned(turned(x)) == x)),
    ]
    left, right = goal[1](turned, *smt.Consts("A B C D", ring))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            kd.prove(left == right, by=axioms, timeout=TIMEOUT)
    except (kd.kernel.LemmaError, TimeoutError):
        return "not proved"
    return "proved"


PEERS = {"egglog": ("egglog", _egglog), "knuckledragger (Z3)": ("kdrag", _knuckledragger)}


def rows() -> Iterator[Row]:
    """A line for each of the two that is installed: how many true ones proved, and the median time of each goal."""
    logging.disable(logging.WARNING)
    for name, (module, prove) in PEERS.items():
        if find_spec(module) is None:
            continue
        mine, ratios, times = 0, [], []
        proved = wrong = 0
        for goal in GOALS:
            text, _, true = goal
            spent, verdict = seconds(lambda t=text: ours(t), 3)  # type: ignore[misc]
            mine += verdict == ("proved" if true else "refuted")
            theirs, said = seconds(lambda g=goal, p=prove: p(g), 1)  # type: ignore[misc]
            proved += said == "proved" and true
            wrong += said == "proved" and not true
            times.append(theirs)
            ratios.append(theirs / spent)
        if wrong:
            raise ArithmeticError(f"{name} proves {wrong} false identities: the laws given to it are wrong")
        true = sum(goal[2] for goal in GOALS)
        yield Row(f"{len(GOALS)} identities of rings: decided", name, f"{mine} of {len(GOALS)}",
                  f"{proved} of {true} true ones proved, nothing refuted; median {shown(statistics.median(times))}",
                  statistics.median(ratios))  # fmt: skip
