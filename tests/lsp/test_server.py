"""An editor's session over stdio: diagnostics, hover, definitions, symbols, actions; and nothing ends the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import Client

HEAD = "# Notes\n\n```derivation\ndims m, n\ngiven P, Q : m × m, A : m × n\n"
GOOD = HEAD + "claim one: (P Q)ᵀ = Qᵀ Pᵀ\nclaim two: tr(P Q) = tr(Q P) by one\n```\n"
BAD = GOOD.replace("tr(P Q) = tr(Q P)", "P Q = Q P")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(tmp_path_factory.mktemp("cache"))
    yield found
    assert found.end() == 0


@pytest.fixture
def uri(request: pytest.FixtureRequest) -> str:
    """A document of a test's own."""
    return f"file:///notes/{request.node.name.split('[')[0]}.md"


def text_at(source: str, where: dict[str, Any]) -> str:
    """The text of a range on one line, counted in UTF-16 units."""
    line = source.split("\n")[where["start"]["line"]].encode("utf-16-le")
    assert where["start"]["line"] == where["end"]["line"]
    return line[2 * where["start"]["character"] : 2 * where["end"]["character"]].decode("utf-16-le")


def test_a_slip_is_shown_as_it_is_typed_and_goes_when_it_is_mended(client: Client, uri: str) -> None:
    """The guilty line, the code and the counterexample; nothing of what is as expected."""
    client.open(GOOD, uri)
    assert client.diagnostics(1, uri) == []
    client.change(BAD, 2, uri)
    (found,) = client.diagnostics(2, uri)
    assert found["code"] == "D001" and found["severity"] == 1 and found["source"] == "symbolic-mla"
    assert found["range"]["start"]["line"] == 6 and "counterexample" in found["message"]
    assert text_at(BAD, found["range"]) in "P Q = Q P by one"
    client.change(GOOD, 3, uri)
    assert client.diagnostics(3, uri) == []


def test_what_is_half_typed_is_an_error_at_its_place(client: Client, uri: str) -> None:
    """Every prefix of a document is answered: with diagnostics of that very version, and no crash."""
    client.open(GOOD[:3], uri)
    client.diagnostics(1, uri)
    for version, end in enumerate(range(20, len(BAD), 9), start=2):
        client.change(BAD[:end], version, uri)
        client.at("hover", 5, 14, uri)
    client.change(BAD, 1000, uri)
    (found,) = client.diagnostics(1000, uri)
    assert found["code"] == "D001"
    client.change(BAD.replace("Qᵀ Pᵀ", "Qᵀ +"), 1001, uri)
    cited, unread = client.diagnostics(1001, uri)  # the claim behind it is judged, and lacks what it cites
    assert cited["code"] == "D112" and cited["range"]["start"]["line"] == 6
    assert unread["code"] == "D104" and unread["range"]["start"]["line"] == 5


def test_the_last_text_wins(client: Client, uri: str) -> None:
    """A burst of keys: what is published last is of the last version, and older ones never come after newer ones."""
    client.open(GOOD, uri)
    for version in range(2, 40):
        client.change(BAD if version % 2 else GOOD.replace("(P Q)ᵀ", f"{version} (P Q)ᵀ"), version, uri)
    client.change(GOOD, 40, uri)
    assert client.diagnostics(40, uri) == []
    versions = [m["params"]["version"] for m in client.seen
                if m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri]  # fmt: skip
    assert versions == sorted(versions) and len(versions) < 40


def test_hover_shows_the_shape_and_the_index_form(client: Client, uri: str) -> None:
    """Of the innermost expression under the cursor."""
    client.open(GOOD, uri)
    line = GOOD.split("\n")[5]
    whole = client.at("hover", 5, line.index("P Q") + 1, uri)
    assert whole["contents"]["value"] == "```text\nP Q : m × m\n[i, j] = Σ k: P[i, k] Q[k, j]\n```"
    assert text_at(GOOD, whole["range"]) == "(P Q)"
    atom = client.at("hover", 5, line.index("P Q"), uri)
    assert "P : m × m" in atom["contents"]["value"] and text_at(GOOD, atom["range"]) == "P"
    assert client.at("hover", 0, 2, uri) is None and client.at("hover", 999, 999, uri) is None
    size = client.at("hover", 4, GOOD.split("\n")[4].index("m"), uri)
    assert "m : a size" in size["contents"]["value"]


def test_hover_works_above_a_line_that_is_half_typed(client: Client, uri: str) -> None:
    """What stands before the slip can still be read."""
    client.open(GOOD.replace("tr(Q P)", "tr(Q P"), uri)
    found = client.at("hover", 5, GOOD.split("\n")[5].index("P Q") + 1, uri)
    assert "P Q : m × m" in found["contents"]["value"]


def test_places_are_counted_in_utf_16(client: Client, uri: str) -> None:
    """A letter beyond the basic plane takes two units: ranges and hovers behind it are where they should be."""
    source = "```derivation\ndims m\ngiven 𝐀, B : m × m\nclaim x: 𝐀 𝐀 B + B C = B\nclaim y: 𝐀 B = B 𝐀\n```\n"
    client.open(source, uri)
    first, second = client.diagnostics(1, uri)
    assert text_at(source, first["range"]) == "C"
    assert "𝐀" in text_at(source, second["range"]) and text_at(source, second["range"]).endswith("𝐀")
    column = len("claim x: 𝐀 𝐀 ".encode("utf-16-le")) // 2
    found = client.at("hover", 3, column, uri)
    assert found["contents"]["value"].startswith("```text\nB :") and text_at(source, found["range"]) == "B"


@pytest.mark.parametrize(("encoding", "before"), [("utf-8", 4), ("utf-32", 1), ("utf-16", 2)])
def test_other_units_are_agreed_on(encoding: str, before: int, tmp_path: Path) -> None:
    """Where an editor counts bytes or characters, so do we."""
    client = Client(tmp_path, [encoding])
    assert client.capabilities["capabilities"]["positionEncoding"] == encoding
    client.open("```derivation\ndims m\ngiven B : m × m\nclaim x: B =\n  𝐀 C\n```\n".replace("𝐀 C", "B [𝐀] + C"))
    client.diagnostics(1)
    client.change("```derivation\ndims m\ngiven 𝐀 : m × m\nclaim x:\n𝐀 C = 𝐀\n```\n", 2)
    (found,) = client.diagnostics(2)
    assert found["range"]["start"] == {"line": 4, "character": before + 1}
    assert client.end() == 0


def test_a_name_leads_to_its_declaration_and_a_reason_to_its_claim(client: Client, uri: str) -> None:
    """Definitions, and the claims of the document as symbols."""
    client.open(GOOD, uri)
    lines = GOOD.split("\n")
    found = client.at("definition", 6, lines[6].index("P Q"), uri)
    assert found["uri"] == uri and found["range"]["start"] == {"line": 4, "character": lines[4].index("P")}
    found = client.at("definition", 6, lines[6].index("by one") + 3, uri)
    assert found["range"]["start"] == {"line": 5, "character": lines[5].index("one")}
    symbols = client.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [x["name"] for x in symbols] == ["one", "two"]


def test_closing_clears(client: Client, uri: str) -> None:
    """What was shown of a document goes with it."""
    client.open(BAD, uri)
    assert client.diagnostics(1, uri)
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    cleared = client.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics"
                          and m["params"]["uri"] == uri and m["params"].get("version") is None)  # fmt: skip
    assert cleared["params"]["diagnostics"] == []


GARBAGE = [
    b"Content-Length: 12\r\n\r\n{not json at",
    b"Content-Length: 2\r\n\r\n[]",
    b"Content-Length: 4\r\n\r\nnull",
    b'Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}',
    b"Content-Length: 3\r\n\r\n\xff\xfe\x00",
]


@pytest.mark.parametrize("data", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_does_not_end_the_server(client: Client, uri: str, data: bytes) -> None:
    """What is no message is passed over, and the next question is answered."""
    client.raw(data)
    name = f"{uri}{GARBAGE.index(data)}"
    client.open(BAD, name)
    assert client.diagnostics(1, name)


def test_questions_without_sense_are_answered(client: Client, uri: str) -> None:
    """An unknown method, a document that is not open, parameters of another kind, positions below zero."""
    with pytest.raises(RuntimeError, match="Method Not Found"):
        client.ask("symbolic/unknown", {})
    for params in ({"textDocument": 7}, None, [], {"textDocument": {"uri": "x"}}):
        client.send({"jsonrpc": "2.0", "id": 10_000, "method": "textDocument/hover", "params": params})
        client.wait(lambda m: m.get("method") == "window/logMessage" and "Invalid Params" in m["params"]["message"])
    assert client.at("hover", 0, 0, uri) is None
    client.change("", 9, uri)
    client.tell("symbolic/unknown", {"a": 1})
    client.open("```derivation\n" + "claim x: " + "(" * 5000, uri)
    client.diagnostics(1, uri)
    client.change("\x00\ud7ff\U0010ffff ```derivation", 2, uri)
    client.diagnostics(2, uri)
    client.change(BAD, 3, uri)
    assert client.diagnostics(3, uri)


def test_a_repair_is_an_action_that_mends_the_text() -> None:
    """The edits of a repair, in the units of the editor, give the document that the repair means."""
    from lsprotocol.types import TextEdit as Edit

    from symbolic_mla.diagnostics.diagnostic import Diagnostic, Repair, TextEdit, edited
    from symbolic_mla.errors import Span
    from symbolic_mla.lsp.positions import Positions
    from symbolic_mla.lsp.server import repairs

    source = "# 𝐀\n𝐀 B = B 𝐀\n"
    mends = (TextEdit(Span(2, 7, 2, 10), "𝐀 B"), TextEdit(Span(2, 1, 2, 1), "claim "))
    repair = Repair("the factors are swapped", mends, "𝐀 B = 𝐀 B")
    (action,) = repairs(Diagnostic("a.md", "D001", "error", "", "", span=Span(2, 1, 2, 10), repairs=(repair,)), "u",
                        Positions(source))  # fmt: skip
    assert action.is_preferred and action.edit is not None and action.edit.changes is not None
    lines = [line.encode("utf-16-le") for line in source.split("\n")]
    edits = [e for e in action.edit.changes["u"] if isinstance(e, Edit)]
    for e in sorted(edits, key=lambda e: -e.range.start.character):
        line = lines[e.range.start.line]
        lines[e.range.start.line] = (line[: 2 * e.range.start.character] + e.new_text.encode("utf-16-le")
                                     + line[2 * e.range.end.character :])  # fmt: skip
    assert "\n".join(x.decode("utf-16-le") for x in lines) == edited(source, mends) == "# 𝐀\nclaim 𝐀 B = 𝐀 B\n"


def test_a_slip_is_mended_by_the_action_that_is_offered(client: Client, uri: str) -> None:
    """From a wrong line to the right one: the preferred action is applied, and nothing is left to say."""
    source = HEAD + "claim x: (P Q)ᵀ = Pᵀ Qᵀ\n```\n"
    client.open(source, uri)
    (found,) = client.diagnostics(1, uri)
    client.diagnostics(1, uri)  # the same once more, when its repairs are known
    asked = {"textDocument": {"uri": uri}, "range": found["range"], "context": {"diagnostics": []}}
    first, *_ = client.ask("textDocument/codeAction", asked)
    assert first["isPreferred"] and first["kind"] == "quickfix"
    lines = [line.encode("utf-16-le") for line in source.split("\n")]
    edits = first["edit"]["changes"][uri]
    for e in sorted(edits, key=lambda e: (-e["range"]["start"]["line"], -e["range"]["start"]["character"])):
        start, end = e["range"]["start"], e["range"]["end"]
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        new = e["newText"].encode("utf-16-le")
        lines[start["line"]] = line[: 2 * start["character"]] + new + line[2 * end["character"] :]
    client.change("\n".join(x.decode("utf-16-le") for x in lines), 2, uri)
    assert client.diagnostics(2, uri) == []
