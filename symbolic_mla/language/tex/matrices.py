"""Matrices: block matrices, columns `[u_1, \\dots, u_r]`, rows `\\sigma_i v_i^\\top`, n copies of one block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symbolic_mla.errors import Span
from symbolic_mla.language import syntax as s
from symbolic_mla.language.tex import scripts as sc
from symbolic_mla.language.tex.cursor import closing, commas, is_command, is_symbol, join, split, unread
from symbolic_mla.language.tex.entries import entries, has_entries
from symbolic_mla.language.tex.refused import HINTS
from symbolic_mla.language.tex.sums import contracted, einsum, one_more
from symbolic_mla.language.tex.symbols import letter_of
from symbolic_mla.language.tex.tokens import Tex

if TYPE_CHECKING:
    from symbolic_mla.language.tex.expressions import Reader

ENVIRONMENTS = frozenset({"bmatrix", "pmatrix", "matrix", "smallmatrix", "bsmallmatrix", "psmallmatrix", "array",
                          "bmatrix*", "pmatrix*", "matrix*"})  # fmt: skip
_LINES = frozenset({"dots", "ldots", "cdots", "vdots", "dotsc", "dotsb"})
_INDEX = "ι"
_COUNTS = ("copies", "times", "blocks", "heads", "groups")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a matrix; `dots` is the place of dots between the first and the last one."""

    rows: tuple[tuple[tuple[Tex, ...], ...], ...]
    span: Span

    @property
    def line(self) -> tuple[tuple[Tex, ...], ...] | None:
        """The cells, if there is one row or one column."""
        if len(self.rows) == 1:
            return self.rows[0]
        return tuple(row[0] for row in self.rows) if all(len(row) == 1 for row in self.rows) else None

    @property
    def upright(self) -> bool:
        """Whether it is one column."""
        return len(self.rows) > 1


def grid_of(tokens: Sequence[Tex], span: Span) -> Grid:
    """The cells between `&` and `\\\\`; rules and an array's columns are skipped."""
    rows = split(tokens, lambda t: t.kind == "row")
    if len(rows) > 1 and not rows[-1]:
        rows.pop()
    cells = []
    for row in rows:
        bare = [t for t in row if not is_command(t, "hline", "hdashline")]
        cells.append(tuple(tuple(cell) for cell in split(bare, lambda t: is_symbol(t, "&"))))
    return Grid(tuple(cells), span)


def _environment_grid(reader: Reader) -> Grid:
    token = reader.tokens[reader.at]
    inside, span = reader.bracket()
    name = token.text
    if name not in ENVIRONMENTS:
        raise unread(f"`{token}` is not read here", HINTS.get(str(token), "write a bmatrix or a pmatrix"), token.span)
    if name == "array" and inside and is_symbol(inside[0], "{"):
        depth = next(k for k, t in enumerate(inside) if is_symbol(t, "}"))
        inside = inside[depth + 1 :]
    if name.endswith("*") and inside and is_symbol(inside[0], "["):
        inside = inside[next((k for k, t in enumerate(inside) if is_symbol(t, "]")), 0) + 1 :]
    return grid_of(inside, span)


def environment(reader: Reader) -> s.Expr:
    """The matrix that begins here. Raises: DocumentSyntaxError."""
    return _matrix(reader, _environment_grid(reader))


def square_bracket(reader: Reader) -> s.Expr:
    """`[A]` groups; `[A; B]` and `[A \\mid B]` are blocks; `[u_1, \\dots, u_r]` are columns."""
    inside, span = reader.bracket()
    if is_symbol(reader.next, "_") and has_entries(inside):
        return entries(reader, inside, span)
    if any(is_command(t, *_LINES) for t in inside):
        return _line(reader, _around_dots(inside), False, span)
    for mark, upright in ((";", True), ("\\mid", False), ("|", False)):
        parts = split(inside, lambda t, mark=mark: str(t) == mark)  # type: ignore[misc]
        if len(parts) > 1:
            cells_ = tuple(tuple(p) for p in parts)
            return _matrix(reader, Grid(tuple((c,) for c in cells_) if upright else (cells_,), span))
    if len(commas(inside)) > 1:
        raise unread("`[A, B]` may be two blocks or the commutator A B - B A",
               "write \\begin{bmatrix} A & B \\end{bmatrix}, [A; B] for blocks one under the other, or A B - B A",
            span)  # fmt: skip
    return reader.bracketed(inside, span)


def _around_dots(tokens: Sequence[Tex]) -> list[list[Tex]]:
    """What stands before and behind dots, in a list with or without commas."""
    at = next(k for k, t in enumerate(tokens) if is_command(t, *_LINES))
    before = [p for p in commas(tokens[:at]) if p]
    behind = [p for p in commas(tokens[at + 1 :]) if p]
    return [*before, [tokens[at]], *behind]


# ---- blocks --------------------------------------------------------------------------------------------


def _matrix(reader: Reader, grid: Grid) -> s.Expr:
    if any(is_command(t, *_LINES, "ddots") for row in grid.rows for cell in row for t in cell[:1]):
        line = grid.line
        if line is None:
            raise unread("dots in a matrix of several rows and columns", HINTS["\\dots"], grid.span)
        return _line(reader, [list(cell) for cell in line], grid.upright, grid.span)
    width = len(grid.rows[0])
    if any(len(row) != width for row in grid.rows):
        raise unread("rows of different length in a matrix", "write as many & in each row", grid.span)
    cells = [[reader.inner(cell, grid.span) for cell in row] for row in grid.rows]
    _with_zeros(reader, cells)
    flat = [cell for row in cells for cell in row]
    if len(flat) == 1:
        return flat[0]
    orders = [reader.notation.order(cell) for cell in flat]
    if grid.upright and width == 1 and set(orders) == {1}:
        if any(isinstance(cell, s.Transpose) for cell in flat):
            raise unread("rows one under the other are no blocks", "write the matrix that has these rows", grid.span)
        return s.Call("stack", tuple(flat), (), grid.span)
    for cell, order in zip(flat, orders, strict=True):
        if order in (0, 1):
            what = "a number" if order == 0 else "a vector"
            raise unread(
                f"the block is {what}", "blocks are matrices; columns are read as [u_1, \\dots, u_r]", cell.span
            )
    if None in orders or (width > 1 and len(cells) > 1):
        rows = tuple(s.ListLiteral(tuple(row), grid.span) for row in cells)
        return s.Call("blocks", (s.ListLiteral(rows, grid.span),), (), grid.span)
    return s.Call("stack" if grid.upright else "hstack", tuple(flat), (), grid.span)


def _with_zeros(reader: Reader, cells: list[list[s.Expr]]) -> None:
    """Put a zero matrix of its shape in the place of each 0, if the shapes of its neighbours are declared."""
    shapes = [[reader.notation.shape(cell) for cell in row] for row in cells]
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            if not (isinstance(cell, s.Number) and cell.value == 0) or len(cells) * len(row) == 1:
                continue
            height = next((found[0] for found in shapes[i] if found), None)
            width = next((line[j][1] for line in shapes if j < len(line) and (line[j] is not None)), None)  # type: ignore[index]
            if height is None or width is None:
                raise unread("a block 0 of which shape?", "write 0_{m \\times n}", cell.span)
            cells[i][j] = s.Call("zeros", (height, width), (), cell.span)


# ---- dots ----------------------------------------------------------------------------------------------


def _line(reader: Reader, cells: Sequence[Sequence[Tex]], upright: bool, span: Span) -> s.Expr:
    """First, perhaps second, dots, last: the same expression at each value of an index."""
    at = [k for k, cell in enumerate(cells) if len(cell) == 1 and is_command(cell[0], *_LINES, "ddots")]
    if len(at) != 1 or at[0] not in (1, 2) or at[0] != len(cells) - 2 or is_command(cells[at[0]][0], "ddots"):
        raise unread("these dots are not read", HINTS["\\dots"], span)
    first, last = cells[0], cells[-1]
    if _texts(first) == _texts(last):
        raise unread("how many copies?", "write \\underbrace{...}_{n}, or \\left. ... \\right\\} n", span)
    template, low, high = _template(first, last, span)
    if at[0] == 2 and _texts(cells[1]) != [str(int(low) + 1) if t == _INDEX else t for t in _texts(template)]:
        raise unread("the second entry does not continue the first", "write the first, dots, and the last", span)
    size = reader.inner(high, span) if low == "1" else one_more(reader, high, span)
    body = reader.inner(template, span, reader.bound | {_INDEX})
    factors = _factors(body)
    numbers, operands, row, column = contracted(reader, factors, {_INDEX}, span)
    other = row if row is not None else column
    wanted = (column is None) if not upright else (row is None)
    if other is None or not wanted or (row is not None and column is not None):
        raise unread("the entries are not " + ("rows" if upright else "columns"),
               "columns stand side by side, rows (with ^\\top) one under the other", span)  # fmt: skip
    for f in operands:
        f.labels = ["i0" if label == _INDEX else label for label in f.labels]
    output = f"i0 {other}" if upright else f"{other} i0"
    expr: s.Expr = einsum(operands, output, [s.Keyword(s.Name("i0", span), size, span)], span)
    for number in reversed(numbers):
        expr = s.Product("*", number, expr, span)
    return expr


def _factors(expr: s.Expr) -> list[s.Expr]:
    if isinstance(expr, s.Product) and expr.operator in ("", "*"):
        return [*_factors(expr.left), *_factors(expr.right)]
    return [expr]


def _texts(tokens: Sequence[Tex]) -> list[str]:
    """The tokens as text; braces around one token are left out."""
    out: list[str] = []
    for k, t in enumerate(tokens):
        alone = is_symbol(t, "{") and k + 2 < len(tokens) and is_symbol(tokens[k + 2], "}")
        closes = is_symbol(t, "}") and k >= 2 and is_symbol(tokens[k - 2], "{")
        if not alone and not closes:
            out.append(str(t))
    return out


def _braced(tokens: Sequence[Tex]) -> list[Tex]:
    """The tokens with braces around each subscript."""
    out: list[Tex] = []
    for t in tokens:
        if out and is_symbol(out[-1], "_") and not is_symbol(t, "{"):
            out += [Tex("symbol", "{", t.span), t, Tex("symbol", "}", t.span)]
        else:
            out.append(t)
    return out


def _template(first: Sequence[Tex], last: Sequence[Tex], span: Span) -> tuple[list[Tex], str, list[Tex]]:
    """The expression that becomes the first at 0 (or 1) and the last at the other end; that end, as tokens."""
    first, last = _braced(first), _braced(last)
    template: list[Tex] = []
    low: str | None = None
    high: list[Tex] | None = None
    i = j = 0
    while i < len(first) and j < len(last) and str(first[i]) == str(last[j]):
        template.append(first[i])
        i, j = i + 1, j + 1
        at = [str(t) for t in first[i : i + 3]]
        if len(template) < 2 or not is_symbol(template[-2], "_") or at[:1] not in (["0"], ["1"]) or at[1:2] != ["}"]:
            continue
        end = closing(last, j - 1)
        found = list(last[j:end])
        if low not in (None, at[0]) or (high is not None and _texts(high) != _texts(found)) or not found:
            break
        low, high, j = at[0], found, end
        template.append(Tex("letter", _INDEX, first[i].span))
        i += 1
    if i < len(first) or j < len(last) or low is None or high is None:
        raise unread(
            "the last entry is not the first at another index", "write u_0, \\dots, u_{r-1} or u_1, \\dots, u_r", span
        )
    return template, low, high


def copies_in(reader: Reader, inside: Sequence[Tex], note: Sequence[Tex], span: Span) -> s.Expr | None:
    """`\\underbrace` around equal blocks with dots: as many copies as stand below; None for anything else."""
    if not inside or inside[0].kind != "begin":
        dotted = [k for k, t in enumerate(inside) if is_command(t, *_LINES)]
        if dotted:
            raise unread("dots at a brace", HINTS["\\dots"], span)
        return None
    inner = type(reader)(inside, span, reader.notation, reader.bound)
    grid = _environment_grid(inner)
    line = grid.line
    if inner.next is not None or line is None or not any(is_command(c[0], *_LINES) for c in line if c):
        return None
    counted = [t for t in note if t.kind != "remark" and not is_command(t, "times")]
    words = " ".join(t.text for t in note if t.kind == "remark")
    return _tiled(reader, grid, reader.inner(counted, span) if counted else None, words, span)


def copies_beside(reader: Reader, token: Tex) -> s.Expr:
    """`\\left. M \\right\\} n`: n copies of the block that M repeats.

    Raises: DocumentSyntaxError for anything else between these two.
    """
    opener = reader.next
    if opener is None or opener.kind != "begin":
        raise unread("an open bracket `\\left.` without a matrix of copies", "write both brackets", token.span)
    grid = _environment_grid(reader)
    if not is_command(reader.next, "}"):
        raise unread("a bracket that is open on the left", "write both brackets", token.span)
    reader.take()
    number = reader.factor()
    last = reader.next
    words = last.text if last is not None and last.kind == "remark" else ""
    if words:
        reader.take()
    if grid.line is None:
        raise unread("copies of what?", HINTS["\\dots"], grid.span)
    place = join(token.span, number.span)
    return _tiled(reader, grid, number, words, place)


def _tiled(reader: Reader, grid: Grid, number: s.Expr | None, words: str, span: Span) -> s.Expr:
    """`number` copies of the one block of a line, or, of blocks with an index, the matrix that they make."""
    line = grid.line or ()
    blocks = [c for c in line if not (len(c) == 1 and is_command(c[0], *_LINES))]
    if len(blocks) != len(line) - 1 or not blocks:
        raise unread("copies of different blocks", HINTS["\\dots"], span)
    if any(_texts(b) != _texts(blocks[0]) for b in blocks):
        return _line(reader, [list(c) for c in line], grid.upright, span)
    if number is None or (words and not any(w in _COUNTS for w in words.lower().split())):
        raise unread("how many copies?", "write \\underbrace{...}_{n}, or \\left. ... \\right\\} n", span)
    block = reader.inner(blocks[0], span)
    if grid.upright:
        return s.Call("tile", (block, number), (), span)
    return s.Transpose(s.Call("tile", (s.Transpose(block, block.span), number), (), span), span)


def columns_of(reader: Reader, tokens: Sequence[Tex]) -> str | None:
    """The letter u of `[u_1, \\dots, u_r]` or a matrix of such columns, if the document has no u; else None."""
    from symbolic_mla.language.tex.cursor import Cursor

    if not tokens:
        return None
    inner = type(reader)(tokens, tokens[0].span, reader.notation)
    if tokens[0].kind == "begin" and tokens[0].text in ENVIRONMENTS:
        grid = _environment_grid(inner)
        if len(grid.rows) != 1 or inner.next is not None:
            return None
        cells = [list(c) for c in grid.rows[0]]
    elif is_symbol(tokens[0], "["):
        inside, _ = inner.bracket()
        if inner.next is not None or not any(is_command(t, *_LINES) for t in inside):
            return None
        cells = _around_dots(inside)
    else:
        return None
    if len(cells) not in (3, 4) or not (len(cells[-2]) == 1 and is_command(cells[-2][0], *_LINES)):
        return None
    names = set()
    for cell in (cells[0], cells[-1]):
        cursor = Cursor(cell, tokens[0].span)
        letter = letter_of(cursor)
        scripts = sc.collect(cursor) if letter is not None else ()
        if letter is None or cursor.next is not None or [x.kind for x in scripts] != ["_"]:
            return None
        names.add(letter.text)
    if len(names) != 1:
        return None
    (name,) = names
    return None if reader.notation.known(name) else name
