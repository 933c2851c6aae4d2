"""Forgeries by hand, each refused for what its name says."""

from __future__ import annotations

import json

from symbolic_mla.kernel.certificate import HEADER
from tests.must_fail.forge import text

VAR, AXIS = ["var", "'p", "'dimension", 1], [1, ["#0"], 0]
ASSUME = [
    VAR,
    ["var", "'q", "'dimension", 1],
    ["axis", AXIS],
    ["axis", [1, ["#1"], 0]],
    ["atom", "'A", ["#2", "#3"]],
    ["atom", "'B", ["#2", "#3"]],
    ["equation", "#4", "#5"],
]

ONE_BY_ONE: dict[str, str] = {
    "nothing": "",
    "no theorem": text(VAR, theorems=()),
    "a node that is no theorem": text(VAR),
    "a statement for a theorem": text(*ASSUME),
    "a header of another version": text(VAR, ["by", "'assume", "#0"]).replace("certificate 1", "certificate 2"),
    "a reference forward": text(["by", "'assume", "#1"], VAR, theorems=("#0",)),
    "a reference to itself": text(["by", "'assume", "#0"]),
    "a negative reference": text(VAR, ["by", "'assume", "#-1"]),
    "a reference in other digits": text(VAR, ["by", "'assume", "#٠"]),
    "a tag that is none": text(VAR, ["axiom", "'anything"]),
    "a rule that is none": text(*ASSUME, ["by", "'believe", "#6"]),
    "a rule as a list": text(*ASSUME, ["by", ["'assume"], "#6"]),
    "an assumption without a rule": text(*ASSUME, ["by"]),
    "a difference that does not vanish": text(*ASSUME, ["by", "'equation", "#4", "#5", [], [], []]),
    "a group of two that differ": text(
        *ASSUME, ["member", 0, [], []], ["member", 1, [], []], ["by", "'equation", "#4", "#5", [], [], [[["#7", "#8"]]]]
    ),
    "a member twice": text(*ASSUME, ["member", 0, [], []], ["by", "'equation", "#4", "#5", [], [], [[["#7", "#7"]]]]),
    "a statement assumed that is none": text(["by", "'assume", "'true"]),
    "a number assumed": text(["number", [1, []]], ["by", "'assume", "#0"]),
    "a theorem assumed": text(*ASSUME, ["by", "'assume", "#6"], ["by", "'assume", "#7"]),
    "a float": text(["number", [0.5, []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "not a number": text(["number", [float("nan"), []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "a boolean": text(["number", [True, []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "a number as a name": text(["number", ["'1", []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "a huge number as a name": text(["number", ["'1e99999999", []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "a huge exponent": text(VAR, ["number", [1, [["#0", 10**9]]]], ["by", "'arithmetic", "#1", "'=", "#1", []]),
    "a tower of powers": text(
        ["number", [3, []]],
        *(["number", [1, [[f"#{k}", 200]]]] for k in range(8)),
        ["by", "'arithmetic", "#8", "'=", "#8", []],
    ),
    "a division by zero": text(["number", ["1/0", []]], ["by", "'arithmetic", "#0", "'=", "#0", []]),
    "a power below zero of zero": text(
        ["number"], ["number", [1, [["#0", -1]]]], ["by", "'arithmetic", "#1", "'=", "#1", []]
    ),
    "a root of what is negative": text(
        ["number", [-1, []]], ["root", "#0"], ["number", [1, [["#1", 1]]]], ["by", "'arithmetic", "#2", "'=", "#2", []]
    ),
    "a size that is named like a number": text(
        ["var", "'0", "'dimension", 1],
        ["number", [1, [["#0", 1]]]],
        ["number", [1, []]],
        ["by", "'arithmetic", "#2", "'<=", "#1", []],
    ),
    "a size below one": text(
        ["var", "'p", "'dimension", 0],
        ["number", [1, [["#0", 1]]]],
        ["number"],
        ["by", "'arithmetic", "#2", "'<=", "#1", []],
    ),
    "a half of a copy": text(["axis", ["1/2", [], 0]], ["by", "'rank-identity", "#0"]),
    "an axis of three halves": text(["axis", ["3/2", [], 0]], ["by", "'rank-identity", "#0"]),
    "an axis of no copies": text(["axis", [0, [], 0]], ["by", "'rank-identity", "#0"]),
    "an axis of a scalar": text(["var", "'a", "'real", 1], ["axis", [1, ["#0"], 0]], ["by", "'rank-identity", "#1"]),
    "an axis of a rank": text(
        VAR,
        ["axis", AXIS],
        ["atom", "'A", ["#1", "#1"]],
        ["rank", "#2"],
        ["axis", [1, ["#3"], 0]],
        ["by", "'rank-identity", "#4"],
    ),
    "an identity of a number": text(["number", [2, []]], ["by", "'rank-identity", "#0"]),
    "one name for two sizes": text(
        VAR,
        ["var", "'p", "'dimension", 5],
        ["axis", AXIS],
        ["atom", "'A", ["#2", "#2"]],
        ["rank", "#3"],
        ["number", [5, [["#4", 1]]]],
        ["number", [1, [["#1", 1], ["#0", 1]]]],
        ["by", "'rank-size", "#3", 0],
        ["number", [1, [["#1", 1]]]],
        ["by", "'arithmetic", "#5", "'<=", "#6", [["#8", "#7"]]],
    ),
    "one name for positions of two sizes": text(
        VAR,
        ["var", "'q", "'dimension", 1],
        ["axis", AXIS],
        ["axis", [1, ["#1"], 0]],
        ["atom", "'A", ["#2", "#3"]],
        ["pick", "#4", 0, "'i"],
        ["pick", "#5", 0, "'i"],
        ["equation", "#6", "#6"],
        ["by", "'assume", "#7"],
    ),
    "one name for a size and a symbol": text(
        VAR, ["axis", AXIS], ["atom", "'p", ["#1", "#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "one name for two symbols": text(
        VAR,
        ["axis", AXIS],
        ["atom", "'A", ["#1"]],
        ["atom", "'A", ["#1", "#1"]],
        ["einsum", [["#3", [[0], [1]]], ["#2", [[1]]]], [[0]], ["#1", "#1"]],
        ["equation", "#4", "#4"],
        ["by", "'assume", "#5"],
    ),
    "a coefficient as a name": text(
        VAR,
        ["axis", AXIS],
        ["einsum", [], [], ["#1"]],
        ["sum", [["'5", "#2"]], []],
        ["sum", [[2, "#3"]], []],
        ["sum", [[55, "#2"]], []],
        ["member", 0, [], []],
        ["member", 1, [], []],
        ["by", "'equation", "#4", "#5", [], [], [[["#6", "#7"]]]],
    ),
    "a rank as a coefficient": text(
        VAR,
        ["axis", AXIS],
        ["atom", "'A", ["#1", "#1"]],
        ["rank", "#2"],
        ["number", [1, [["#3", 1]]]],
        ["sum", [["#4", "#2"]], ["#1", "#1"]],
        ["by", "'rank-size", "#5", 0],
    ),
    "a symbol without a name": text(VAR, ["axis", AXIS], ["atom", "'", ["#1", "#1"]], ["by", "'rank-size", "#2", 0]),
    "a symbol named by a number": text(VAR, ["axis", AXIS], ["atom", 5, ["#1", "#1"]], ["by", "'rank-size", "#2", 0]),
    "a symbol named like a term": text(
        VAR, ["axis", AXIS], ["atom", "'A + B", ["#1", "#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "a name that looks like another": text(
        VAR, ["axis", AXIS], ["atom", "'A\u030a", ["#1", "#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "a label out of range": text(
        VAR, ["axis", AXIS], ["einsum", [], [[1], [0]], ["#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "a label below zero": text(VAR, ["axis", AXIS], ["einsum", [], [[-1], [0]], ["#1"]], ["by", "'rank-size", "#2", 0]),
    "a literal that is a whole fraction": text(
        ["axis", ["3/1", [], 0]], ["atom", "'W", ["#0", "#0"]], ["by", "'rank-size", "#1", 0]
    ),
    "a label that is a whole fraction": text(
        VAR, ["axis", AXIS], ["einsum", [], [["0/1"], [0]], ["#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "a label that is a fraction": text(
        VAR, ["axis", AXIS], ["einsum", [], [["1/2"], [0]], ["#1"]], ["by", "'rank-size", "#2", 0]
    ),
    "a huge literal taken apart": text(
        ["axis", [10**9, [], 0]], ["einsum", [], [[0]], ["#0"]], ["by", "'equation", "#1", "#1", [], [10**9], []]
    ),
    "an svd through a size of the matrix": text(
        VAR,
        ["var", "'q", "'dimension", 1],
        ["axis", AXIS],
        ["axis", [1, ["#1"], 0]],
        ["atom", "'W", ["#2", "#3"]],
        ["atom", "'U", ["#2", "#2"]],
        ["atom", "'S", ["#2", "#2"]],
        ["atom", "'V", ["#3", "#2"]],
        ["by", "'svd", "#4", "#5", "#6", "#7", 5],
    ),
    "a sum of zeros without end": text(
        VAR,
        ["axis", AXIS],
        ["sum", [], ["#1", "#1"]],
        *(["sum", [[1, f"#{k}"], [1, f"#{k}"]], ["#1", "#1"]] for k in range(2, 42)),
        ["by", "'equation", "#42", "#2", [], [], []],
    ),
    "a product without end": text(
        VAR,
        ["axis", AXIS],
        ["atom", "'A", ["#1", "#1"]],
        *(
            ["einsum", [[f"#{k}", [[0], [1]]], [f"#{k}", [[1], [2]]]], [[0], [2]], ["#1", "#1", "#1"]]
            for k in range(2, 42)
        ),
        ["by", "'equation", "#42", "#2", [], [], []],
    ),
    "an axis without end": text(
        VAR,
        ["axis", AXIS],
        ["einsum", [], [[0]], ["#1"]],
        *(["axis", [2**k, ["#0"] * 2**k, 0]] for k in range(1, 12)),
        ["einsum", [], [[0, 0, 0, 0]], ["#13"]],
        ["by", "'equation", "#14", "#2", [], [], []],
    ),
    "brackets without end": f"{json.dumps(HEADER)}\n{'[' * 100_000}{']' * 100_000}\n" + '["theorems", "#0"]\n',
    "digits without end": f'{json.dumps(HEADER)}\n["number", [{"9" * 100_000}, []]]\n["theorems", "#0"]\n',
    "functions without end": text(
        VAR,
        ["axis", AXIS],
        ["atom", "'A", ["#1", "#1"]],
        *(["apply", "'f", f"#{k}", []] for k in range(2, 3000)),
        ["atom", "'B", ["#1", "#1"]],
        ["by", "'equation", "#2999", "#3000", [], [], []],
    ),
}
