"""One tree of errors. Every error that a person can cause says what was met, what was expected, and
what to try; `kind` is the word that a ```` ```derivation error KIND ```` block expects."""

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
    """The root: `message` in plain words, an optional `hint` (what to try) and `span` (where)."""

    kind = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.span = span

    def __str__(self) -> str:
        return f"{self.message}\n  try: {self.hint}" if self.hint else self.message


class ShapeError(SymbolicMLAError, ValueError):
    """Two axes that must agree have different sizes."""

    kind = "shape"


class AxisOrderError(ShapeError):
    """Two axes have equal size and a different order of factors: tile order against interleaved order."""

    kind = "axis-order"


class NameUnknownError(SymbolicMLAError, LookupError):
    """A name that nothing declares, or one that is declared twice."""

    kind = "name"


class DocumentSyntaxError(SymbolicMLAError, ValueError):
    """Text that the grammar does not read."""

    kind = "syntax"
    exit_code = 2


class DomainError(SymbolicMLAError, ValueError):
    """An operation outside its domain: a division by what may be zero, a root of what may be negative."""

    kind = "domain"


class TypeMismatchError(SymbolicMLAError, TypeError):
    """A matrix where a number was expected, or the reverse."""

    kind = "type"


class UnsupportedError(SymbolicMLAError, NotImplementedError):
    """A form that the language does not have; the message names the nearest one that it has."""

    kind = "unsupported"


class BudgetError(SymbolicMLAError):
    """The stated budget ran out. Never a verdict: the answer is *undecided*."""

    kind = "budget"


class CertificateError(SymbolicMLAError, ValueError):
    """A certificate that the kernel refuses."""

    kind = "certificate"
    exit_code = 2


class InputError(SymbolicMLAError, ValueError):
    """A value given to the numeric, exact or command-line side that it cannot take."""

    kind = "input"
    exit_code = 2
