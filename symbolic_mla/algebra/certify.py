"""A theorem as text: the certificate from which `kernel.certificate.replay` makes it again."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from symbolic_mla.kernel.certificate import HEADER
from symbolic_mla.kernel.node import TAG, made_of
from symbolic_mla.kernel.theorem import Theorem


def certificate(*theorems: Theorem) -> str:
    """The text from which `replay` makes the theorems again. Equal values are written once."""
    lines: list[str] = []
    place: dict[Any, str] = {}
    place_of_line: dict[str, str] = {}

    def reference(v: Any) -> str:
        key = id(v) if isinstance(v, Theorem) else v
        if key not in place:
            tag, arguments = ("by", v.proof) if isinstance(v, Theorem) else (TAG[type(v)], made_of(v))
            text = json.dumps([tag, *map(written, arguments)], ensure_ascii=False)
            if text not in place_of_line:  # theorems are compared by what they say here: equal ones may be two objects
                place_of_line[text] = f"#{len(lines)}"
                lines.append(text)
            place[key] = place_of_line[text]
        return place[key]

    def written(v: Any) -> Any:
        if type(v) in TAG or isinstance(v, Theorem):
            return reference(v)
        if isinstance(v, tuple):
            return [written(x) for x in v]
        if isinstance(v, Fraction):
            return int(v) if v.denominator == 1 else str(v)
        return f"'{v}" if isinstance(v, str) else int(v)

    last = json.dumps(["theorems", *map(reference, theorems)])
    return "\n".join([json.dumps(HEADER), *lines, last]) + "\n"
