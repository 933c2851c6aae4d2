"""Certificates changed at random: refused with CertificateError, or what they prove is true as it stands."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbolic_mla.errors import CertificateError
from symbolic_mla.kernel.certificate import HEADER
from symbolic_mla.laws import replay
from tests.must_fail.forge import GENUINE, TEXTS, nodes_of, refused_or_true, text

often = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
VAR = ["var", "'p", "'dimension", 1]


@often
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_bytes_that_change_are_refused_or_harmless(name: str, data: st.DataObject) -> None:
    """One to three bytes replaced, inserted or removed, anywhere."""
    forged = bytearray(TEXTS[name].encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(forged) - 1))
        kind = data.draw(st.sampled_from(("replace", "digit", "remove", "insert", "double")))
        byte = (
            data.draw(st.integers(0, 255)) if kind == "replace" else data.draw(st.sampled_from(b"0123456789#\"[],/'-"))
        )
        if kind == "remove":
            del forged[at]
        elif kind == "double":
            forged[at:at] = forged[at : at + 8]
        elif kind == "insert":
            forged.insert(at, byte)
        else:
            forged[at] = byte
    refused_or_true(forged.decode("utf-8", errors="replace"))


def _places(value: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    out = [path]
    if isinstance(value, list):
        for k, x in enumerate(value):
            out += _places(x, (*path, k))
    return out


def _put(nodes: list[Any], path: tuple[int, ...], new: Any) -> list[Any]:
    nodes = copy.deepcopy(nodes)
    at: Any = nodes
    for k in path[:-1]:
        at = at[k]
    at[path[-1]] = new
    return nodes


def values(nodes: list[Any]) -> st.SearchStrategy[Any]:
    """What an attacker writes into a place: other references, numbers, names, types that do not belong."""
    references = st.integers(0, len(nodes) + 1).map(lambda k: f"#{k}")
    odd: st.SearchStrategy[Any] = st.sampled_from(
        (
            None,
            True,
            False,
            1.5,
            "",
            "#",
            "#-1",
            "'",
            "'p",
            "1/2",
            "-3",
            "1/0",
            "0/0",
            {},
            [],
            [[]],
            -1,
            0,
            1,
            2,
            10**30,
            -(10**30),
            "'1e9",
            "9" * 50,
            "#0/1",
            "'dimension",
            "'real",
            "'<=",
            "'=",
            "'svd",
        )
    )
    return references | odd | st.sampled_from([x for node in nodes if isinstance(node, list) for x in node])


@often
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_arguments_that_change_are_refused_or_harmless(name: str, data: st.DataObject) -> None:
    """Any argument of any node replaced by another of the same certificate, or by what does not belong there."""
    nodes = nodes_of(GENUINE[name])
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_places(nodes)[1:]))
        nodes = _put(nodes, path, data.draw(values(nodes)))
    refused_or_true(text(*nodes))


@often
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_lists_that_change_are_refused_or_harmless(name: str, data: st.DataObject) -> None:
    """Members repeated, left out, put in another order or swapped: groups, edges, uses, parts."""
    nodes = nodes_of(GENUINE[name])
    lists = [path for path in _places(nodes)[1:] if isinstance(_get(nodes, path), list) and len(_get(nodes, path)) > 1]
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(lists))
        old = list(_get(nodes, path))
        k, j = (data.draw(st.integers(0, len(old) - 1)) for _ in range(2))
        kind = data.draw(st.sampled_from(("swap", "drop", "repeat")))
        if kind == "swap":
            old[k], old[j] = old[j], old[k]
        elif kind == "drop":
            del old[k]
        else:
            old.insert(j, old[k])
        nodes = _put(nodes, path, old)
        if not all(isinstance(node, list) for node in nodes):
            break
        lists = [p for p in _places(nodes)[1:] if isinstance(_get(nodes, p), list) and len(_get(nodes, p)) > 1]
    refused_or_true(text(*nodes))


def _get(nodes: list[Any], path: tuple[int, ...]) -> Any:
    at: Any = nodes
    for k in path:
        at = at[k]
    return at


def _shifted(value: Any, by: int) -> Any:
    if isinstance(value, list):
        return [_shifted(x, by) for x in value]
    return f"#{int(value[1:]) + by}" if isinstance(value, str) and value[:1] == "#" else value


@often
@given(st.sampled_from(sorted(TEXTS)), st.sampled_from(sorted(TEXTS)), st.data())
def test_a_splice_of_two_proofs_is_refused_or_harmless(one: str, other: str, data: st.DataObject) -> None:
    """Two certificates in one, with references of the second turned to nodes of the first."""
    first, second = nodes_of(GENUINE[one]), nodes_of(GENUINE[other])
    nodes = [*first, *_shifted(second, len(first))]
    for _ in range(data.draw(st.integers(1, 4))):
        rules = [k for k, node in enumerate(nodes) if node[0] == "by"]
        k = data.draw(st.sampled_from(rules))
        path = data.draw(st.sampled_from([p for p in _places(nodes[k]) if p and p[0] > 0] or [(0,)]))
        nodes[k] = _put(nodes[k], path, f"#{data.draw(st.integers(0, len(nodes) - 1))}")
    refused_or_true(text(*nodes))


@often
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers()
        | st.text(max_size=5)
        | st.sampled_from(("#0", "#1", "by", "atom")),
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=3), x, max_size=2),
        max_leaves=12,
    )
)
def test_any_json_is_refused(value: Any) -> None:
    """Whatever stands where a node should stand."""
    for nodes in (
        (value,),
        (VAR, value),
        (VAR, ["by", value]),
        (VAR, ["by", "'assume", value]),
        (VAR, ["axis", value]),
    ):
        refused_or_true(text(*nodes))


@often
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("utf-8", errors="replace")))
def test_any_text_is_refused(anything: str) -> None:
    """Texts that are no certificate."""
    with pytest.raises(CertificateError):
        replay(anything)
    refused_or_true(f"{json.dumps(HEADER)}\n{anything}")
