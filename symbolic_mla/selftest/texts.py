"""Random derivations as text, true by laws or changed: what a person writes, spelled in every way the language has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

DIMS = ("n", "m", "k")


@dataclass(frozen=True)
class Size:
    """A dimension or a literal; a product or a sum of two sizes."""

    text: str
    op: str = ""
    parts: tuple[Size, ...] = ()

    def inside(self) -> str:
        """In brackets, if it is made of others."""
        return f"({self.text})" if self.op else self.text


def pair(op: str, a: Size, b: Size) -> Size:
    """a * b or a + b."""
    return Size(f"{a.inside()}{op}{b.inside()}", op, (a, b))


@dataclass(frozen=True)
class Expr:
    """A matrix expression: what it is, of what, and its shape. `label` is a name, a number or an index."""

    op: str
    rows: Size
    cols: Size
    parts: tuple[Expr, ...] = ()
    label: str = ""


@dataclass
class Document:
    """Declarations that grow while claims are written; each claim with whether a law makes it true."""

    rng: Random
    symbols: dict[str, tuple[Size, Size]] = field(default_factory=dict)
    claims: dict[str, tuple[str, bool]] = field(default_factory=dict)
    obtains: bool = False  # whether E, Z, F are obtained from H

    def text(self) -> str:
        """The whole derivation block, in Markdown."""
        r = self.rng
        times = r.choice((" × ", " x "))
        lines = [f"dims {', '.join(DIMS)}", "scalar c, a > 0", "function f"]
        shapes = {name: rows.inside() + times + cols.inside() for name, (rows, cols) in self.symbols.items()}
        lines += [f"given {name} : {shape}" for name, shape in shapes.items()]
        lines += ["given S : n × n with S symmetric", "given M : n × n with M invertible"]
        lines += ["let twice(X) = X + X", "let sandwich(X, Y) = Xᵀ Y X"]
        lines += ["given H : n × m", "obtain E, Z, F from svd(H)"] if self.obtains else []
        lines += [text for text, _ in self.claims.values()]
        return "\n".join(["# random", "", "```derivation", *lines, "```", ""])


# ---- expressions -------------------------------------------------------------------------------------


def size(rng: Random, deep: bool = True) -> Size:
    """A size of an axis."""
    leaf = Size(rng.choice((*DIMS, *DIMS, "1", "2", "3")))
    if not deep or rng.random() < 0.7:
        return leaf
    return pair(rng.choice("*+"), leaf, Size(rng.choice(DIMS)))


def symbol(doc: Document, rows: Size, cols: Size) -> Expr:
    """A given matrix of this shape; two of each shape."""
    name = f"{doc.rng.choice('AB')}_{rows.text}_{cols.text}".translate(_SPELLED)
    doc.symbols[name] = (rows, cols)
    return Expr("symbol", rows, cols, label=name)


_SPELLED = str.maketrans("*+()", "tsbe")


def expression(doc: Document, rows: Size, cols: Size, depth: int) -> Expr:
    """A random expression of a shape."""
    rng = doc.rng
    if depth <= 0:
        if rows == cols and rng.random() < 0.25:
            return Expr("I", rows, cols)
        if rng.random() < 0.1:
            return Expr(rng.choice(("ones", "zeros")), rows, cols)
        return symbol(doc, rows, cols)

    def sub(r: Size, c: Size) -> Expr:
        return expression(doc, r, c, depth - 1)

    mid, other = size(rng, False), size(rng, False)
    options: list[Callable[[], Expr]] = [
        lambda: Expr("+", rows, cols, (sub(rows, cols), sub(rows, cols))),
        lambda: Expr("-", rows, cols, (sub(rows, cols), sub(rows, cols))),
        lambda: Expr("∘", rows, cols, (sub(rows, cols), sub(rows, cols))),
        lambda: Expr("scale", rows, cols, (sub(rows, cols),), rng.choice(("2", "c", "1/n", "0.5", "sqrt(a)", "-1"))),
        lambda: Expr("tr", rows, cols, (sub(mid, mid), sub(rows, cols))),
        lambda: Expr("ᵀ", rows, cols, (sub(cols, rows),)),
        lambda: Expr("f", rows, cols, (sub(rows, cols),)),
        lambda: Expr("twice", rows, cols, (sub(rows, cols),)),
        *[lambda: Expr(" ", rows, cols, (sub(rows, mid), sub(mid, cols)))] * 3,
        lambda: Expr("block", rows, cols, (sub(rows, cols), sub(other, cols)), "0"),
        lambda: Expr("block", rows, cols, (sub(other, cols), sub(rows, cols)), "1"),
    ]
    if rows.op == "*":
        a, b = rows.parts
        options += [lambda: Expr("tile", rows, cols, (sub(b, cols),), a.text)] * 3
        options += [lambda: Expr("⊗", rows, cols, (sub(a, Size("1")), sub(b, cols)))]
    if rows.op == "+":
        a, b = rows.parts
        options += [lambda: Expr("stack", rows, cols, (sub(a, cols), sub(b, cols)))] * 3
    if cols.op == "+":
        c, d = cols.parts
        options += [lambda: Expr("hstack", rows, cols, (sub(rows, c), sub(rows, d)))] * 2
    return rng.choice(options)()


def spelled(rng: Random, e: Expr) -> str:
    """The text of an expression, each former in one of its spellings; compound parts in brackets."""
    texts = [spelled(rng, p) for p in e.parts]
    own = [t if p.op in _ATOMIC else f"({t})" for t, p in zip(texts, e.parts, strict=True)]
    match e.op:
        case "symbol":
            return e.label
        case "I":
            return f"I({e.rows.text})"
        case "ones" | "zeros":
            return f"{e.op}({e.rows.text}, {e.cols.text})"
        case "+" | "-":
            return f"{own[0]} {e.op} {own[1]}"
        case "∘" | "⊗":
            word = {"∘": "hadamard", "⊗": "kron"}[e.op]
            return rng.choice((f"{own[0]} {e.op} {own[1]}", f"{word}({texts[0]}, {texts[1]})"))
        case "scale":
            return f"{e.label if e.label.isidentifier() or e.label.isdigit() else f'({e.label})'} {own[0]}"
        case "tr":
            return f"tr({texts[0]}) {own[1]}"
        case "ᵀ":
            return own[0] + rng.choice(("ᵀ", "'", ".T", "^T"))
        case "f" | "twice":
            return f"{e.op}({texts[0]})"
        case " ":
            joined = rng.choice((" ", " * ", " @ ", " · "))
            return rng.choice((own[0] + joined + own[1], f'einsum("i j, j k -> i k", {texts[0]}, {texts[1]})'))
        case "block":
            return f"stack({texts[0]}, {texts[1]})[{e.label}]"
        case "tile":
            return f"tile({texts[0]}, {e.label})"
    return f"{e.op}({texts[0]}, {texts[1]})"


_ATOMIC = ("symbol", "I", "ones", "zeros", "f", "twice", "tile", "stack", "hstack", "block")


# ---- laws and changes --------------------------------------------------------------------------------


def varied(doc: Document, e: Expr, steps: int) -> Expr:
    """An expression equal to this one, by laws at random places."""
    for _ in range(steps):
        e = _somewhere(doc.rng, e, lambda x: doc.rng.choice(list(_equal(doc, x))))
    return e


def changed(doc: Document, e: Expr) -> Expr:
    """The expression with one place in it changed; it may by chance be equal."""
    return _somewhere(doc.rng, e, lambda x: expression(doc, x.rows, x.cols, 1))


def _somewhere(rng: Random, e: Expr, change: Callable[[Expr], Expr]) -> Expr:
    if not e.parts or rng.random() < 0.4:
        return change(e)
    k = rng.randrange(len(e.parts))
    return replace(e, parts=tuple(_somewhere(rng, p, change) if j == k else p for j, p in enumerate(e.parts)))


def _equal(doc: Document, e: Expr) -> Iterator[Expr]:
    """What an expression is by one law at its root."""
    r, c = e.rows, e.cols
    other = symbol(doc, r, c)
    yield Expr("-", r, c, (Expr("+", r, c, (e, other)), other))
    yield Expr("scale", r, c, (Expr("twice", r, c, (e,)),), "0.5")
    yield Expr("ᵀ", r, c, (Expr("ᵀ", c, r, (e,)),))
    yield Expr(" ", r, c, (Expr("I", r, r), e))
    yield Expr(" ", r, c, (e, Expr("I", c, c)))
    yield Expr("∘", r, c, (Expr("ones", r, c), e))
    yield Expr("block", r, c, (e, other), "0")
    if e.op in ("+", "∘"):
        yield replace(e, parts=e.parts[::-1])
    if e.op == "ᵀ" and e.parts[0].op in (" ", "+", "-", "∘"):
        a, b = (Expr("ᵀ", p.cols, p.rows, (p,)) for p in e.parts[0].parts)
        yield Expr(e.parts[0].op, r, c, (b, a) if e.parts[0].op == " " else (a, b))
    if e.op == " ":
        a, b = e.parts
        if b.op in ("+", "-"):
            yield Expr(b.op, r, c, tuple(Expr(" ", r, c, (a, p)) for p in b.parts))
        if a.op == " ":
            x, y = a.parts
            yield Expr(" ", r, c, (x, Expr(" ", y.rows, c, (y, b))))
        if a.op == "stack":
            yield Expr("stack", r, c, tuple(Expr(" ", p.rows, c, (p, b)) for p in a.parts))
    if e.op == "tile":
        (a,) = e.parts
        yield Expr(" ", r, c, (Expr("tile", r, a.rows, (Expr("I", a.rows, a.rows),), e.label), a))
        yield Expr("⊗", r, c, (Expr("ones", Size(e.label), Size("1")), a))
        if a.op == "f":
            yield Expr("f", r, c, (replace(e, parts=a.parts),))
    if e.op == "f" and e.parts[0].op in ("tile", "stack"):
        inner = e.parts[0]
        yield replace(inner, parts=tuple(Expr("f", p.rows, p.cols, (p,)) for p in inner.parts))


# ---- claims ------------------------------------------------------------------------------------------


def document(seed: str, claims: int = 6) -> Document:
    """A random derivation."""
    doc = Document(Random(seed))
    for number in range(claims):
        kind = doc.rng.choice(CLAIMS)
        text, true = kind(doc)
        name = f"c{number}-{kind.__name__.replace('_', '-')}"
        doc.claims[name] = (f"{doc.rng.choice(('claim', 'claim', 'refute'))} {name}: {text}", true)
    return doc


def equation(doc: Document) -> tuple[str, bool]:
    e = expression(doc, size(doc.rng), size(doc.rng), 2)
    sides = [e, *(varied(doc, e, doc.rng.randint(1, 3)) for _ in range(doc.rng.randint(1, 3)))]
    return " = ".join(spelled(doc.rng, s) for s in sides), True


def false_equation(doc: Document) -> tuple[str, bool]:
    e = expression(doc, size(doc.rng), size(doc.rng), 2)
    return f"{spelled(doc.rng, e)} = {spelled(doc.rng, changed(doc, varied(doc, e, 1)))}", False


def position(doc: Document) -> tuple[str, bool]:
    e = expression(doc, Size(doc.rng.choice(DIMS)), Size(doc.rng.choice(DIMS)), 1)
    return f"({spelled(doc.rng, e)})[i] = ({spelled(doc.rng, varied(doc, e, 2))})[i]", True


def ranks(doc: Document) -> tuple[str, bool]:
    p, q, r = (size(doc.rng, False) for _ in range(3))
    a, b, c = expression(doc, p, q, 1), expression(doc, p, q, 1), expression(doc, q, r, 1)
    x, y, z = (spelled(doc.rng, e) for e in (a, b, c))
    chosen: tuple[str, bool] = doc.rng.choice((
        (f"rank(tile({x}, n)) = rank({x}) <= min({p.text}, {q.text})", True),
        (f"rank(({x}) ({z})) <= min(rank({x}), rank({z}))", True),
        (f"rank(({x}) + ({y})) <= rank({x}) + rank({y})", True),
        (f"rank({x}) = rank({y})", False),
        (f"rank({x}) < {p.text}", False),
        (f"rank(({x}) ({z})) >= rank({x})", False),
        (f"rank(stack({x}, {y})) = rank({x})", False),
        (f"rank(hstack({x}, {y})) >= rank({y})", True),
    ))  # fmt: skip
    return chosen


def existence(doc: Document) -> tuple[str, bool]:
    p, q, m = size(doc.rng, False), size(doc.rng, False), size(doc.rng, False)
    a, b = expression(doc, p, m, 1), expression(doc, m, q, 1)
    wrong = doc.rng.random() < 0.4
    e = expression(doc, p, q, 1) if wrong else Expr(" ", p, q, (a, b))
    text = f"exists U : {p.inside()} × {m.inside()}, V : {m.inside()} × {q.inside()} with {spelled(doc.rng, e)} = U V"
    ending = doc.rng.choice(("", f" iff rank({spelled(doc.rng, e)}) <= {m.text}"))
    if not ending and not wrong and doc.rng.random() < 0.5:
        ending = f"\n    take U = {spelled(doc.rng, a)}, V = {spelled(doc.rng, varied(doc, b, 1))}"
    return text + ending, not wrong or ending.startswith(" iff")


def for_all(doc: Document) -> tuple[str, bool]:
    e = expression(doc, Size("n"), Size("m"), 1)
    true = doc.rng.random() < 0.5
    witness = varied(doc, e, 2) if true else changed(doc, e)
    text = f"exists U : n × m for all X : m × k with ({spelled(doc.rng, e)}) X = U X\n    take U = "
    return text + spelled(doc.rng, witness), True


def hypotheses(doc: Document) -> tuple[str, bool]:
    e = spelled(doc.rng, expression(doc, Size("n"), Size("m"), 1))
    chosen: tuple[str, bool] = doc.rng.choice((
        (f"inv(M) M ({e}) = {e} = M inv(M) ({e})", True),
        ("inv(M M) = inv(M) inv(M)", True),
        (f"M ({e}) = {e}", False),
        (f"sandwich({e}, S)ᵀ = sandwich({e}, S)", True),
        (f"sandwich({e}, M)ᵀ = sandwich({e}, M)", False),
        ("(S M)ᵀ = Mᵀ S", True),
        ("S M = M S", False),
        ("rank(M) = n", True),
        (f"rank(M ({e})) = rank({e})", True),
    ))  # fmt: skip
    return chosen


def orders(doc: Document) -> tuple[str, bool]:
    """Sums of squares, entries, the least and the greatest of numbers."""
    x, y = (spelled(doc.rng, expression(doc, Size("n"), Size("m"), 1)) for _ in range(2))
    norm, other, inner = f"tr(({x})ᵀ ({x}))", f"tr(({y}) ({y})ᵀ)", f"tr(({x})ᵀ ({y}))"
    chosen: tuple[str, bool] = doc.rng.choice((
        (f"{norm} >= 0", True), (f"2 {inner} <= {norm} + {other}", True), (f"-2 {inner} <= {norm} + {other}", True),
        (f"a {norm} >= 0", True), (f"c {norm} >= 0", False), (f"{inner} >= 0", False), (f"{norm} >= 1", False),
        (f"{norm} <= {other}", False), (f"tr(({x}) ({x})ᵀ) = {norm}", True), (f"(({x})[i, j])^2 >= 0", True),
        (f"({x})[i, j] >= 0", False), ("min(n, m) <= n <= max(n, m)", True), ("max(n, m) <= n * m", True),
        (f"min(rank({x}), n) <= max(k, rank({x}))", True), ("max(n, m) <= min(n, m)", False),
        (f"min(rank({x}), rank({y})) <= rank(({x}) + ({y}))", False), (f"{inner} <= {norm} + {other}", True),
    ))  # fmt: skip
    return chosen


def equivalences(doc: Document) -> tuple[str, bool]:
    """What is so exactly where something else is."""
    e, d = (expression(doc, Size("n"), Size("m"), 1) for _ in range(2))
    x, y, again = spelled(doc.rng, e), spelled(doc.rng, d), spelled(doc.rng, varied(doc, e, 1))
    left, right, true = doc.rng.choice((
        (f"{x} = {y}", f"{y} = {again}", True), (f"{x} = {y}", f"2 ({x}) = 2 ({y})", True),
        (f"{x} = {y}", f"c ({x}) = c ({y})", False), (f"{x} = zeros(n, m)", f"tr(({x})ᵀ ({x})) = 0", True),
        (f"{x} = zeros(n, m)", f"rank({again}) <= 0", True), (f"{x} = {y}", f"rank({x}) = rank({y})", False),
        (f"{x} = zeros(n, m)", f"rank({x}) <= 1", False), (f"rank({x}) <= rank({y})", f"rank({y}) >= rank({x})", True),
    ))  # fmt: skip
    return " iff ".join(doc.rng.sample((left, right), 2)), true


def decompositions(doc: Document) -> tuple[str, bool]:
    """What a singular value decomposition gives."""
    doc.obtains = True
    x = spelled(doc.rng, expression(doc, Size("m"), Size("k"), 1))
    chosen: tuple[str, bool] = doc.rng.choice((
        (f"H ({x}) = E Z Fᵀ ({x})", True), ("H F = E Z", True), ("Hᵀ H = F Z Z Fᵀ", True), ("rank(H) = rank(Z)", True),
        ("tr(Hᵀ H) = tr(Z Z)", True), ("Zᵀ = Z", True), ("Eᵀ E Z = Z", True), ("E Eᵀ = I(n)", False),
        ("F Fᵀ = I(m)", False), ("tr(H Hᵀ) = tr(Z)", False), (f"2 H ({x}) = E Z Fᵀ ({x})", False),
        ("H F Fᵀ = H", True), ("Z Z = Z", False), ("rank(H) = n", False), ("tr(Z) >= 0", True), ("tr(Z) <= 0", False),
    ))  # fmt: skip
    return chosen


CLAIMS = (equation, equation, equation, false_equation, false_equation, position, ranks, existence, for_all, hypotheses,
          orders, equivalences, decompositions)
