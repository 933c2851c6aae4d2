"""One tree of errors. Every error that a person can cause says what was met, what was expected, and
what to try; `kind` is the word that a ```` ```derivation error KIND ```` block expects, and `code` a stable number
that `symbolic_mla.diagnostics.codes` documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of source text: 1-based lines and columns, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class SymbolicMLAError(Exception):
    """The root: `message` in plain words, an optional `hint` (what to try) and `span` (where).

    `spelling` is what to write in place of the text at `span`, where one text is meant; `source` is the document, where
    it could not even be taken apart.
    """

    kind = "error"
    code = "D100"
    exit_code = 1
    spelling: str | None = None
    source: str | None = None

    def __init__(self, message: str, *, hint: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.span = span

    def __str__(self) -> str:
        return f"{self.message}\n  try: {self.hint}" if self.hint else self.message


class ShapeError(SymbolicMLAError, ValueError):
    """Two axes that must agree have different sizes.

    `shapes` are what met, each as text with its shape, and `brief` which axes disagree, where that is known.
    """

    kind = "shape"
    code = "D101"
    shapes: tuple[tuple[str, str], ...] = ()
    brief: str | None = None


class AxisOrderError(ShapeError):
    """Two axes have equal size and a different order of factors: tile order against interleaved order."""

    kind = "axis-order"
    code = "D102"


class NameUnknownError(SymbolicMLAError, LookupError):
    """A name that nothing declares, or one that is declared twice."""

    kind = "name"
    code = "D103"


class CitationError(NameUnknownError):
    """A reason that cannot be used: no claim of this name stands before it, or it is not proved."""

    code = "D112"


class DocumentSyntaxError(SymbolicMLAError, ValueError):
    """Text that the grammar does not read."""

    kind = "syntax"
    code = "D104"
    exit_code = 2


class SpellingError(DocumentSyntaxError):
    """A spelling of another notation (`==`, `**`), which is recognised."""

    code = "D111"

    def __init__(self, message: str, *, hint: str | None = None, span: Span | None = None,
                 spelling: str | None = None) -> None:  # fmt: skip
        super().__init__(message, hint=hint, span=span)
        self.spelling = spelling


class DomainError(SymbolicMLAError, ValueError):
    """An operation outside its domain: a division by what may be zero, a root of what may be negative."""

    kind = "domain"
    code = "D105"


class TypeMismatchError(SymbolicMLAError, TypeError):
    """A matrix where a number was expected, or the reverse."""

    kind = "type"
    code = "D106"


class UnsupportedError(SymbolicMLAError, NotImplementedError):
    """A form that the language does not have; the message names the nearest one that it has."""

    kind = "unsupported"
    code = "D107"


class BudgetError(SymbolicMLAError):
    """The stated budget ran out. Never a verdict: the answer is *undecided*."""

    kind = "budget"
    code = "D108"


class CertificateError(SymbolicMLAError, ValueError):
    """A certificate that the kernel refuses."""

    kind = "certificate"
    code = "D109"
    exit_code = 2


class InputError(SymbolicMLAError, ValueError):
    """A value given to the numeric, exact or command-line side that it cannot take."""

    kind = "input"
    code = "D110"
    exit_code = 2
