"""`symbolic-mla lsp`: diagnostics as you type, shapes and index forms on hover, repairs as code actions."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from importlib.metadata import version

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from symbolic_mla.cache.memory import Memory
from symbolic_mla.diagnostics.diagnostic import Diagnostic
from symbolic_mla.errors import SymbolicMLAError
from symbolic_mla.language import syntax as s
from symbolic_mla.language.documents import Document, parse_document
from symbolic_mla.lsp import hover as at
from symbolic_mla.lsp.checking import Cancelled, Checker
from symbolic_mla.lsp.places import look
from symbolic_mla.lsp.positions import Positions

QUIET = 0.12  # seconds without a key before a text is judged
SEVERITY = {"error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning,
            "note": lsp.DiagnosticSeverity.Information}  # fmt: skip
SOURCE = "symbolic-mla"

log = logging.getLogger(__name__)


@dataclass
class Open:
    """A document in the editor: the check under way, and what the last one found (for which text)."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    task: asyncio.Task[None] | None = None
    found: list[Diagnostic] = field(default_factory=list)
    source: str | None = None


class Server(LanguageServer):
    """The protocol's side: it answers at once, and leaves judging to the checker's thread."""

    def __init__(self, memory: Memory, quiet: float = QUIET) -> None:
        super().__init__("symbolic-mla", version("symbolic_mla"))
        self.checker = Checker(memory)
        self.quiet = quiet
        self.open: dict[str, Open] = {}

    def report_server_error(self, error: Exception, source: object) -> None:
        """What a client sends wrong goes to its log; a window in the middle of typing helps nobody."""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, f"{SOURCE}: {error}"))

    def positions(self, source: str) -> Positions:
        """The units that the client counts in."""
        return Positions(source, self.workspace.position_encoding)

    def source(self, uri: str) -> str:
        return self.workspace.get_text_document(uri).source

    def begin(self, uri: str, quiet: float) -> None:
        """Judge a document as soon as nobody types. A check of an older text ends."""
        before = self.open.get(uri)
        if before is not None:
            before.cancelled.set()
            if before.task is not None:
                before.task.cancel()
        now = self.open[uri] = Open(found=before.found if before else [], source=before.source if before else None)
        now.task = asyncio.get_running_loop().create_task(self._judge(uri, now, quiet))

    async def _judge(self, uri: str, now: Open, quiet: float) -> None:
        await asyncio.sleep(quiet)
        run = asyncio.get_running_loop().run_in_executor
        path = _path(uri)
        try:
            document = self.workspace.get_text_document(uri)
            source, number = document.source, document.version
            result, found = await run(self.checker.pool, self.checker.check, path, source, now.cancelled)
            self._publish(uri, now, source, number, found)
            mended = await run(self.checker.pool, self.checker.mended, result, now.cancelled)
            self._publish(uri, now, source, number, mended)
        except Cancelled:
            return
        except Exception:  # a slip of ours must not end the session: the next key starts afresh
            log.exception("the check of %s failed", uri)
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, f"the check of {path} failed"))

    def _publish(self, uri: str, now: Open, source: str, number: int | None, found: list[Diagnostic]) -> None:
        if now.cancelled.is_set() or self.open.get(uri) is not now:
            return
        now.found, now.source = found, source
        positions = self.positions(source)
        shown = [shown_diagnostic(d, positions) for d in found]
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, number))

    def close(self, uri: str) -> None:
        """Forget a document, and clear what was shown of it."""
        before = self.open.pop(uri, None)
        if before is not None:
            before.cancelled.set()
            if before.task is not None:
                before.task.cancel()
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def parsed(self, uri: str) -> tuple[Document, Positions] | None:
        """The document as Markdown; None while its fences do not close, and where there is no such document."""
        try:
            source = self.source(uri)
            return parse_document(source, path=_path(uri)), self.positions(source)
        except (SymbolicMLAError, OSError, ValueError):  # the last: no UTF-8, or no URI
            return None


def _path(uri: str) -> str:
    """The path of a document, or what its client calls it."""
    try:
        return to_fs_path(uri) or uri
    except ValueError:
        return uri


def shown_diagnostic(d: Diagnostic, positions: Positions) -> lsp.Diagnostic:
    """A diagnostic for an editor, which shows the line itself."""
    span = d.span
    where = positions.range(span) if span else lsp.Range(positions.position(1, 1), positions.position(1, 10**6))
    parts = [part.text for part in d.parts]
    head = f"{d.claim}: {d.rule}" if d.claim else d.rule
    message = "\n".join([f"{head}: {d.message}" if d.message else head, *parts])
    return lsp.Diagnostic(where, message, SEVERITY[d.severity], d.code, source=SOURCE)


def make_server(memory: Memory, quiet: float = QUIET) -> Server:
    """The server with its features."""
    server = Server(memory, quiet)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.begin(params.text_document.uri, 0.0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.begin(params.text_document.uri, ls.quiet)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        ls.begin(params.text_document.uri, 0.0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        parsed = ls.parsed(params.text_document.uri)
        if parsed is None:
            return None
        document, positions = parsed
        found = at.hover(document, *positions.place(params.position))
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found[1]), positions.range(found[0]))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def defined(ls: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
        parsed = ls.parsed(params.text_document.uri)
        span = at.definition(parsed[0], *parsed[1].place(params.position)) if parsed else None
        return lsp.Location(params.text_document.uri, parsed[1].range(span)) if parsed and span else None

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(ls: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        parsed = ls.parsed(params.text_document.uri)
        if parsed is None:
            return []
        document, positions = parsed
        claims = [x for x in look(document, 1, 1).items if isinstance(x, s.Claim)]
        return [lsp.DocumentSymbol(c.id.text, lsp.SymbolKind.Event, positions.range(c.span), positions.range(c.id.span),
                                   "claim" if c.expected == "proved" else "refute") for c in claims]  # fmt: skip

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def actions(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        known = ls.open.get(uri)
        if known is None or known.source is None or known.source != ls.source(uri):
            return []  # what was found is of another text: its edits would hit the wrong place
        positions = ls.positions(known.source)
        return [x for d in known.found for x in repairs(d, uri, positions) if _meets(positions, d, params.range)]

    return server


def _meets(positions: Positions, d: Diagnostic, asked: lsp.Range) -> bool:
    """Whether a diagnostic stands on one of the lines that the editor asks about."""
    own = positions.range(d.span) if d.span else None
    return own is None or (own.start.line <= asked.end.line and asked.start.line <= own.end.line)


def repairs(d: Diagnostic, uri: str, positions: Positions) -> list[lsp.CodeAction]:
    """The repairs of a diagnostic as code actions, the likeliest preferred, and its rewrites behind them."""
    out = []
    likely = bool(d.repairs) or d.claim is None
    for number, repair in enumerate((*d.repairs, *d.rewrites)):
        edits = [lsp.TextEdit(positions.edit_range(e.span), e.text) for e in repair.edits]
        out.append(lsp.CodeAction(
            f"{repair.slip}: {repair.line}", lsp.CodeActionKind.QuickFix, [shown_diagnostic(d, positions)],
            likely and number == 0, edit=lsp.WorkspaceEdit({uri: edits})))  # fmt: skip
    return out
