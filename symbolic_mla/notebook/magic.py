"""The magics `%%derivation` and `%derivation`, and the displays, as an IPython extension."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbolic_mla.cache.memory import Memory
from symbolic_mla.errors import InputError, Span, SymbolicMLAError
from symbolic_mla.notebook.cell import MAGIC
from symbolic_mla.notebook.display import LATEX, MARKDOWN
from symbolic_mla.notebook.session import CellResult, Session

if TYPE_CHECKING:
    from symbolic_mla.language.displays import Mark

USAGE = """\
%%derivation                 judge the lines below; what they declare lasts, as in one document
%%derivation NAME            the same, for a cell that is known by a name
%%derivation math MARK       LaTeX below: claim NAME, refute NAME, or no mark for declarations and chains
%%derivation error KIND      the lines below meet an error of this kind: shape, axis-order, name, syntax, ...
%derivation                  the whole derivation so far, judged
%derivation show CLAIM       its networks as a picture
%derivation save FILE        write it as a Markdown document, which `symbolic-mla check FILE` judges
%derivation reset            forget every cell"""


@dataclass(frozen=True)
class Picture:
    """An SVG, with words for where there are no pictures."""

    words: str
    svg: str

    def __repr__(self) -> str:
        return f"{self.words} (a picture: {len(self.svg)} bytes of SVG)"

    def _repr_svg_(self) -> str:
        return self.svg


class Magics:
    """The magics of one shell, with the cells that were run in it."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.session = Session(memory=Memory.of_user())
        self.key: str | None = None

    def starts(self, info: Any) -> None:
        """Before a cell is run: the id that its front end gives it, if it does."""
        self.key = getattr(info, "cell_id", None)

    def cell(self, line: str, body: str) -> CellResult | None:
        """`%%derivation`: what is in the cell, judged. What cannot be read is shown, and raises nothing."""
        words = line.split()
        if words[:1] == ["error"] and len(words) == 2:
            return self._run(line, body, None, words[1])
        if words[:1] == ["math"]:
            return self._formula(line, body, " ".join(words[1:]))
        if len(words) > 1:
            print(f"%%derivation {line.strip()}: one name was expected at most\n\n{USAGE}")
            return None
        return self._run(line, body, words[0] if words else None, None)

    def _formula(self, line: str, body: str, said: str) -> CellResult | None:
        """A cell of LaTeX."""
        from symbolic_mla.language.displays import Mark, mark_of

        try:
            mark = mark_of(said, Span(1, 1, 1, 2)) if said else Mark("unmarked")
        except SymbolicMLAError as error:
            print(f"%%derivation math {said}: {error}")
            return None
        if mark is None or mark.role in ("error", "commentary"):
            print(f"%%derivation math {said}: no mark of a formula\n\n{USAGE}")
            return None
        return self._run(line, body, None, None, mark)

    def _run(
        self, line: str, body: str, name: str | None, error: str | None, mark: Mark | None = None
    ) -> CellResult | None:
        from symbolic_mla.language.documents import ERROR_KINDS

        if error is not None and error not in ERROR_KINDS:
            print(f"%%derivation error {error}: no such kind of error\n  try: {', '.join(ERROR_KINDS)}")
            return None
        label = f"cell `{name}`" if name else f"cell [{self.shell.displayhook.prompt_count}]"
        heading = f"{MAGIC} {line.strip()}".strip()
        try:
            return self.session.run(
                body, label=label, heading=heading, key=self.key, name=name, expected_error=error, mark=mark
            )
        except RecursionError:
            print(f"{label}: nested too deeply for this program")
            return None

    def line(self, line: str) -> Any:
        """`%derivation`: the whole of it, or one of its commands."""
        match line.split(maxsplit=1):
            case []:
                return self.session.judged()
            case ["reset"]:
                self.session = Session(memory=self.session.memory)
                return None
            case ["show", claim]:
                return self._picture(claim.strip())
            case ["save", path]:
                self._save(path.strip())
                return None
        print(USAGE)
        return None

    def _picture(self, claim: str) -> Picture | None:
        from symbolic_mla.report.show import claim_svg

        result = self.session.judged()
        found = next((c for c in result.claims if c.id == claim), None)
        if found is None:
            print(f"no claim `{claim}`; there are: {', '.join(c.id for c in result.claims) or 'none'}")
            return None
        try:
            return Picture(f"{found.id}: {found.verdict}", claim_svg(found, result))
        except SymbolicMLAError as error:
            print(error)
            return None

    def _save(self, path: str) -> None:
        try:
            Path(path).write_text(self.session.document(), encoding="utf-8")
        except OSError as error:
            print(f"cannot write {path}: {(error.strerror or str(error)).lower()}")
            return
        print(f"{path}: {len(self.session.cells)} cells; judge it with `symbolic-mla check {path}`")


_ATTRIBUTE = "_symbolic_mla_magics"


def load(shell: Any) -> None:
    """Add the magics and the displays to an IPython shell. Loading again keeps the cells.

    Raises: InputError for what is no IPython shell.
    """
    if not hasattr(shell, "register_magic_function"):
        raise InputError("not an IPython shell", hint="run `%load_ext symbolic_mla` in IPython or Jupyter")
    if getattr(shell, _ATTRIBUTE, None) is not None:
        return
    magics = Magics(shell)
    setattr(shell, _ATTRIBUTE, magics)
    shell.events.register("pre_run_cell", magics.starts)
    shell.register_magic_function(magics.cell, "cell", "derivation")
    shell.register_magic_function(magics.line, "line", "derivation")
    for mime, shown in (("text/latex", LATEX), ("text/markdown", MARKDOWN)):
        formatter = shell.display_formatter.formatters[mime]
        for (module, name), show in shown.items():
            formatter.for_type_by_name(module, name, show)


def unload(shell: Any) -> None:
    """Take the magics away, and forget the cells."""
    magics = getattr(shell, _ATTRIBUTE, None)
    if magics is None:
        return
    shell.events.unregister("pre_run_cell", magics.starts)
    for kind in ("cell", "line"):
        shell.magics_manager.magics[kind].pop("derivation", None)
    for mime, shown in (("text/latex", LATEX), ("text/markdown", MARKDOWN)):
        formatter = shell.display_formatter.formatters[mime]
        for module, name in shown:
            formatter.pop(f"{module}.{name}", None)
    setattr(shell, _ATTRIBUTE, None)


