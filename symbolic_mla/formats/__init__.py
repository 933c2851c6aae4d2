"""What a check found, as the machines of continuous integration read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from symbolic_mla.formats.github import github
from symbolic_mla.formats.junit import junit
from symbolic_mla.formats.sarif import sarif

if TYPE_CHECKING:
    from symbolic_mla.derivation.results import DocumentResult

Renderer = Callable[[Sequence["DocumentResult"], str | None], str]

RENDERERS: Mapping[str, Renderer] = MappingProxyType({"github": github, "junit": junit, "sarif": sarif})
"""The formats by their names on the command line."""


def render(form: str, results: Sequence[DocumentResult], only: str | None = None) -> str:
    """Checked documents in one of the formats of `RENDERERS`; with `only`, the claim of that name.

    The text ends with a line end, unless there is nothing to say. It has no dates and no machine paths, so the
    same documents give the same bytes.

    >>> from symbolic_mla.derivation.check import check_document
    >>> from symbolic_mla.language.documents import parse_document
    >>> text = "```derivation\\ndims m\\nclaim small: m <= 2\\n```\\n"
    >>> print(render("github", [check_document(parse_document(text, path="a.md"))]).split("%0A")[0])
    ::error file=a.md,line=3,endLine=3,col=19,endColumn=20,title=D001 small%3A refuted::line 3: m <= 2: refuted
    """
    return RENDERERS[form](results, only)
