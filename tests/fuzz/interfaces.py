"""What other programs hand us: messages of an editor, entries of the cache, files of JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from symbolic_mla import algebra as al
from symbolic_mla.cache.entries import judged, written
from symbolic_mla.cache.memory import Memory
from symbolic_mla.cache.store import Store
from symbolic_mla.coq.index import load
from symbolic_mla.errors import CertificateError
from symbolic_mla.exact.rank import rank_certificate
from symbolic_mla.exact.rank_certificate import RankCertificate
from symbolic_mla.kernel.axis import Axis
from symbolic_mla.kernel.scalar import Var
from symbolic_mla.kernel.statement import Equation, Statement
from symbolic_mla.kernel.term import Apply, Atom
from symbolic_mla.laws.notation import matmul
from symbolic_mla.lsp.server import Server, make_server
from symbolic_mla.prover.decide import Setting, decide
from symbolic_mla.report.document import Report
from symbolic_mla.report.kept import read as read_kept
from symbolic_mla.report.kept import written as write_kept
from symbolic_mla.report.made import ClaimSummary, Summary

P, Q = (Axis.of(Var(x)) for x in "pq")
A, B, S = Atom("A", (P, Q)), Atom("B", (P, Q)), Atom("S", (P, P))
TRUE: tuple[Statement, ...] = (
    Equation(al.add(A, B), al.add(B, A)),
    Equation(al.tile(A, 2), al.stack(A, A)),
    Equation(Apply("f", al.tile(A, 2)), al.tile(Apply("f", A), 2)),
)
FALSE: tuple[Statement, ...] = (
    Equation(A, B),
    Equation(matmul(S, al.transpose(S)), matmul(al.transpose(S), S)),
    Equation(Apply("f", al.add(A, B)), al.add(Apply("f", A), Apply("f", B))),
)
RANK_ONE = [[1, 2], [2, 4]]


def entry(data: bytes) -> None:
    """An entry of the cache shows what is true of a statement, or nothing; damaged on disk, it is not there."""
    text = data.decode("utf-8", errors="replace")
    for statements, wrong in ((TRUE, "refuted"), (FALSE, "proved")):
        for s in statements:
            found = judged(text, s, Setting())
            if found is not None and found.verdict == wrong:
                raise RuntimeError(f"{wrong}, by an entry: {s}")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        place = Path(folder) / "ab" / "cd.entry"
        place.parent.mkdir()
        place.write_bytes(data)
        if store.read("abcd") not in (None, text.partition("\n")[2]):
            raise RuntimeError("a part of an entry was read")


def entries() -> list[bytes]:
    """Entries of every kind."""
    return [text.encode() for s in (*TRUE, *FALSE) if (text := written(decide(s)))]


def files(data: bytes) -> None:
    """The index of what Coq accepted, a kept report, a certificate of a rank: refused, or usable and right."""
    text = data.decode("utf-8", errors="replace")
    kept = read_kept(text)
    if kept is not None and not all(isinstance(x, str) for x in (kept.name, kept.markdown)):
        raise RuntimeError("a kept report without a text")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coq.json"
        path.write_bytes(data)
        index = load(path)
        if index is not None:
            index.has("a", "Theorem a : True.")
            json.dumps([index.release, index.text()])


def rank(data: bytes) -> None:
    """A certificate of a rank that passes for a matrix states its rank."""
    certificate = RankCertificate.from_json(data.decode("utf-8", errors="replace"))
    try:
        certificate.check(RANK_ONE)
    except CertificateError:
        return
    if certificate.rank != 1:
        raise RuntimeError(f"rank {certificate.rank} of {RANK_ONE}")


def file_seeds() -> list[bytes]:
    """A little index, a kept report."""
    index = {"coq": "8.16.1", "library": "0", "left out": {"b": "softmax"}, "statements": {"a": "1"}}
    claim = ClaimSummary("a", "proved", True, "proved", "A = A", "", (), ())
    kept = Report("two", "# Two", {"a.txt": "..."}, Summary("two", "Two", "a.md", 0, (claim,), ((4, "shape", True),)))
    return [json.dumps(index).encode(), write_kept(kept).encode()]


def rank_seeds() -> list[bytes]:
    """Certificates of ranks, by either upper bound."""
    return [rank_certificate(m).to_json().encode() for m in (RANK_ONE, [[1, 0], [0, 1]])]


# ---- the editor ------------------------------------------------------------------------------------------------------

URI = "file:///a.md"
TEXT = "```derivation\ndims m, n\ngiven A : m × n\nlet B = A Aᵀ\nclaim x: B = A Aᵀ\n```\n"


@cache
def _server() -> Server:
    logging.disable(logging.CRITICAL)  # the protocol tells each message that it refuses
    return make_server(Memory(), quiet=3600.0)  # an editor's text is judged by the target `document`


class _Writer:
    def write(self, data: bytes) -> None:
        json.loads(data)

    def close(self) -> None:
        pass


def editor(data: bytes) -> None:
    """Messages, one to a line: each is answered or refused by the protocol; none ends in an error of our code."""
    server = _server()
    found: list[str] = []

    def reported(error: Exception, source: object) -> None:
        del source
        if "symbolic_mla/lsp" in _trace(error):
            found.append(_trace(error))

    server.report_server_error = reported  # type: ignore[method-assign]

    async def talk() -> None:
        protocol = server.protocol
        protocol.set_writer(_Writer(), include_headers=False)
        server.open.clear()
        start = {"processId": None, "rootUri": None, "capabilities": {}}
        item = {"uri": URI, "languageId": "markdown", "version": 1, "text": TEXT}
        own = [("initialize", 0, start), ("initialized", None, {}),
               ("textDocument/didOpen", None, {"textDocument": item})]  # fmt: skip
        messages: list[Any] = [{"jsonrpc": "2.0", "method": m, "params": p, **({} if k is None else {"id": k})}
                               for m, k, p in own]  # fmt: skip
        for line in data.splitlines()[:20]:
            try:
                messages.append(json.loads(line))
            except (ValueError, RecursionError):
                continue
        for message in messages:
            if not isinstance(message, dict) or message.get("method") in ("exit", "shutdown"):
                continue
            try:
                protocol.handle_message(protocol.structure_message(message))
            except Exception as error:
                reported(error, None)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run(talk())
    if found:
        raise RuntimeError(found[0])


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + str(getattr(error, "data", ""))


def messages() -> list[bytes]:
    """What an editor asks, and what it should not."""
    here = {"textDocument": {"uri": URI}, "position": {"line": 2, "character": 6}}
    change = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": TEXT.replace("Aᵀ", "A")}]}
    place = {"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 9}}
    part = {"textDocument": {"uri": URI, "version": 3}, "contentChanges": [{"range": place, "text": "\n```"}]}
    asked = {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": []}}
    requests = [("hover", here), ("definition", here), ("documentSymbol", {"textDocument": {"uri": URI}}),
                ("codeAction", asked)]  # fmt: skip
    lines = [json.dumps({"jsonrpc": "2.0", "method": f"textDocument/{m}", "id": k, "params": p}, ensure_ascii=False)
             for k, (m, p) in enumerate(requests, 1)]  # fmt: skip
    told = [("didChange", change), ("didChange", part), ("didClose", {"textDocument": {"uri": URI}})]
    notices = [json.dumps({"jsonrpc": "2.0", "method": f"textDocument/{m}", "params": p}, ensure_ascii=False)
               for m, p in told]  # fmt: skip
    return ["\n".join(lines).encode(), "\n".join([notices[0], *lines]).encode(),
            "\n".join([notices[1], *lines, notices[2], lines[0]]).encode()]  # fmt: skip
