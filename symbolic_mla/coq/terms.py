"""A reader of the terms of exported scripts: types, sums, products, matches, `rk`, by a small semantics of its own.

It knows the part of Coq that statements are written in, and nothing of the exporter. A word that it does not know is
an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symbolic_mla.coq.semantics import Env, Value, World, applied, both, function, pairs, rank_of
from symbolic_mla.errors import InputError

TOKEN = re.compile(
    r"\s*(\\sum_\(|:>|:=|=>|<->|->|<=|==|%:R|%N|/\\|\[::|\[x\]|\[\+\]|\[ffun|\{ffun|#\||@Ordinal|[\w']+|[^\s\w])"
)
def tokens(text: str) -> list[str]:
    """The words of a sentence.

    >>> tokens("(#|n|%:R * A)")
    ['(', '#|', 'n', '|', '%:R', '*', 'A', ')']
    """
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        m = TOKEN.match(text, at)
        if m is None:
            raise InputError(f"not readable as a statement: {text[at : at + 40]!r}")
        found.append(m[1])
        at = m.end()
    return found


class Terms:
    """A sentence, read by descent. Types become lists, terms become functions of an environment."""

    def __init__(self, text: str, world: World) -> None:
        self.words, self.at, self.world = [*tokens(text), "<end>"], 0, world

    @property
    def word(self) -> str:
        return self.words[self.at]

    def take(self, *expected: str) -> str:
        word = self.word
        if expected and word not in expected:
            raise InputError(f"{' or '.join(expected)} expected, and {word!r} met in {' '.join(self.words[:60])}")
        self.at += 1
        return word

    def met(self, word: str) -> bool:
        if self.word == word:
            self.at += 1
            return True
        return False

    # ---- types -------------------------------------------------------------------------------------

    def type(self) -> list[Any]:
        """A finite type, as the list of its elements in order."""
        left = self._factor()
        if self.met("[x]"):
            right = self.type()
            return [(a, b) for a in left for b in right]
        if self.met("[+]"):
            right = self.type()
            return [("inl", a) for a in left] + [("inr", b) for b in right]
        return left

    def _factor(self) -> list[Any]:
        if self.met("("):
            if self.met("ord"):
                out: list[Any] = list(range(int(self.take())))
            else:
                out = self.type()
            self.take(")")
            return out
        name = self.take()
        if name == "one":
            return ["tt"]
        if name not in self.world.types:
            raise InputError(f"no such type: {name}")
        return self.world.types[name]

    def arrows(self) -> tuple[list[list[Any]], str]:
        """The type of a tensor or function: the domains, and R or ffun."""
        domains = []
        while self.word not in ("R", "{ffun"):
            domains.append(self.type())
            self.take("->")
        if self.met("R"):
            return domains, "R"
        for end in ("->", None):
            self.take("{ffun")
            domains.append(self.type())
            self.take("->")
            self.take("R")
            self.take("}")
            if end:
                self.take(end)
        return domains, "ffun"

    # ---- terms -------------------------------------------------------------------------------------

    def term(self) -> Value:
        """Sums and products of applications."""
        left = self._product()
        while self.met("+"):
            left = both(left, self._product(), lambda a, b: a + b)
        return left

    def _product(self) -> Value:
        left = self._application()
        while self.word in ("*", "/"):
            times = self.take() == "*"
            right = self._application()
            left = both(left, right, (lambda a, b: a * b) if times else (lambda a, b: Fraction(a) / b))
        return left

    def _application(self) -> Value:
        if self.met("-"):
            inside = self._application()
            return lambda env: -inside(env)
        function = self._single()
        while self.word in ("(", "[ffun", "#|", "[::", "@Ordinal") or re.fullmatch(r"[\w']+", self.word):
            if self.word in ("end", "with", "match", "return", "then", "else", "in"):
                break
            function = applied(function, self._single())
        return function

    def _single(self) -> Value:
        out = self._bare()
        while self.word in ("%:R", "%N"):
            self.take()
        return out

    def _bare(self) -> Value:
        word = self.take()
        if word == "(":
            return self._inside()
        if word == "#|":
            size = len(self.type())
            self.take("|")
            return lambda env: size
        if word == "[ffun":
            name = self.take()
            self.take(":")
            domain = self.type()
            self.take("=>")
            body = self._body()
            self.take("]")
            return lambda env: {x: body({**env, name: x}) for x in domain}
        if word == "[::":
            return self._list()
        if word == "@Ordinal":
            self.take()
            place = int(self.take())
            self.take("isT")
            return lambda env: place
        if word == "nat_of_ord":
            return lambda env: lambda x: x
        if word == "nth":
            return lambda env: lambda default: lambda row: lambda k: row[k] if k < len(row) else default
        if word == "look":
            return lambda env: lambda table: lambda row: next((out for met, out in table if met == row), [])
        if word.isdigit():
            number = int(word)
            return lambda env: number
        if word == "rk":
            return rank_of
        if word in ("minn", "maxn"):
            least = min if word == "minn" else max
            return lambda env: lambda a: lambda b: least(a, b)
        if word in ("inl", "inr"):
            return lambda env: lambda x: (word, x)
        if word == "tt":
            return lambda env: "tt"
        if not re.fullmatch(r"[\w']+", word):
            raise InputError(f"no term begins with {word!r} in {' '.join(self.words[:60])}")
        return lambda env: env[word]

    def _inside(self) -> Value:
        """What stands in parentheses."""
        if self.met("\\sum_("):
            name = self.take()
            self.take(":")
            domain = self.type()
            self.take(")")
            body = self.term()
            self.take(")")
            return lambda env: sum((body({**env, name: x}) for x in domain), start=0)
        if self.met("fun"):
            return self._function(")")
        first = self.term()
        if self.met(":"):
            self.take("rat", "R")
            self.take(")")
            return first
        if self.met("=="):
            other = self.term()
            self.take(")")
            return lambda env: int(first(env) == other(env))
        if self.met(","):
            second = self._inside()
            return lambda env: (first(env), second(env))
        self.take(")")
        return first

    def _function(self, end: str) -> Value:
        """The rest of `fun (x : T) ... => ...`."""
        start = self.at
        names, domains = self.binders()
        self.take("=>")
        body = self._body()
        self.take(end)
        return function(names, domains, body, self.words[start : self.at])

    def _list(self) -> Value:
        parts = []
        while not self.met("]"):
            parts.append(self.term())
            self.met(";")
        return lambda env: [p(env) for p in parts]

    def binders(self) -> tuple[list[str], list[list[Any]]]:
        """(x : T) (y : U) ..."""
        names, domains = [], []
        while self.met("("):
            names.append(self.take())
            self.take(":")
            domains.append([] if self.word == "{ffun" else self.type())
            if self.word == "{ffun":
                while self.take() != "}":
                    pass
            self.take(")")
        return names, domains

    def _body(self) -> Value:
        if self.met("let"):
            name = self.take()
            self.take(":=")
            value = self.term()
            self.take("in")
            body = self._body()
            return lambda env: body({**env, name: value(env)})
        if not self.met("match"):
            return self.term()
        heads = [self.take()]
        while self.met(","):
            heads.append(self.take())
        self.take("with")
        branches = []
        while self.met("|"):
            patterns = [self._pattern()]
            while self.met(","):
                patterns.append(self._pattern())
            self.take("=>")
            branches.append((patterns, self.term()))
        self.take("end")

        def chosen(env: Env) -> Any:
            here = [env[h] for h in heads]
            for patterns, body in branches:
                bound: dict[str, Any] | None = {}
                for p, x in zip(patterns, here, strict=True):
                    bound = p(x, bound) if bound is not None else None
                if bound is not None:
                    return body({**env, **bound})
            raise InputError(f"no branch for {here}")

        return chosen

    def _pattern(self) -> Callable[[Any, dict[str, Any]], dict[str, Any] | None]:
        if self.met("("):
            if self.word in ("inl", "inr"):
                side = self.take()
                inner = self._pattern()
                self.take(")")
                return lambda x, b: inner(x[1], b) if x[0] == side else None
            first = self._pattern()
            self.take(",")
            parts = [first]
            while True:
                parts.append(self._pattern())
                if not self.met(","):
                    break
            self.take(")")
            return lambda x, b: pairs(parts, x, b)
        name = self.take()
        if name == "tt":
            return lambda x, b: b if x == "tt" else None
        return lambda x, b: {**b, name: x}

    def value(self, env: Env) -> Any:
        """What a definition defines: a function of indices, or a term."""
        if self.met("fun"):
            return self._function("<end>")(env)
        return self.term()(env)
