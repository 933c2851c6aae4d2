"""A reader of exported scripts: what a statement says, evaluated at small sizes by its own small semantics.

It knows the part of Coq that statements are written in (finite types, sums, products, matches, `rk`), and
nothing of the exporter. Proofs are skipped. A sentence that it does not know is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from symbolic_mla.errors import InputError
from symbolic_mla.instance.values import rank

TOKEN = re.compile(
    r"\s*(\\sum_\(|:>|:=|=>|<->|->|<=|==|%:R|%N|/\\|\[::|\[x\]|\[\+\]|\[ffun|\{ffun|#\||@Ordinal|[\w']+|[^\s\w])"
)
Env = Mapping[str, Any]
Value = Callable[[Env], Any]


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


@dataclass
class World:
    """Finite types by name as lists of their elements, and the values of variables."""

    types: dict[str, list[Any]]
    values: dict[str, Any] = field(default_factory=dict)


class Reader:
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
            left = _both(left, self._product(), lambda a, b: a + b)
        return left

    def _product(self) -> Value:
        left = self._application()
        while self.word in ("*", "/"):
            times = self.take() == "*"
            right = self._application()
            left = _both(left, right, (lambda a, b: a * b) if times else (lambda a, b: Fraction(a) / b))
        return left

    def _application(self) -> Value:
        if self.met("-"):
            inside = self._application()
            return lambda env: -inside(env)
        function = self._single()
        while self.word in ("(", "[ffun", "#|", "[::", "@Ordinal") or re.fullmatch(r"[\w']+", self.word):
            if self.word in ("end", "with", "match", "return", "then", "else", "in"):
                break
            function = _applied(function, self._single())
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
            return _rank
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
            names, domains = self.binders()
            self.take("=>")
            body = self._body()
            self.take(")")
            return _function(names, domains, body)
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
            return lambda x, b: _pairs(parts, x, b)
        name = self.take()
        if name == "tt":
            return lambda x, b: b if x == "tt" else None
        return lambda x, b: {**b, name: x}

    def value(self, env: Env) -> Any:
        """What a definition defines: a function of indices, or a term."""
        if self.met("fun"):
            names, domains = self.binders()
            self.take("=>")
            return _function(names, domains, self._body())(env)
        return self.term()(env)

    # ---- statements --------------------------------------------------------------------------------

    def statement(self) -> Any:
        """A proposition: ("->", ...), ("=", ...), ("<=", ...), ("exists", ...) or ("<->", ...)."""
        left = self._proposition()
        if self.met("->"):
            return ("->", left, self.statement())
        if self.met("<->"):
            return ("<->", left, self._proposition())
        return left

    def _proposition(self) -> Any:
        if self.met("~"):
            return ("not", self._proposition())
        if self.word == "forall" and self._is_symbol():
            self.take("forall")
            self.take("(")
            name, axes = self.take(), None
            self.take(":")
            axes = self.arrows()[0]
            self.take(")")
            self.take(",")
            return ("forall", name, axes, self._proposition())
        if self.met("exists"):
            name = self.take()
            self.take(":")
            axes = self.arrows()[0]
            self.take(",")
            return ("exists", name, axes, self._proposition())
        if self.word == "(":
            start = self.at
            self.take("(")
            try:
                inside = self.statement()
                self.take(")")
                if self.met("%N") and inside[0] not in ("<=", "<"):
                    raise InputError("an inequality of numbers was expected")
                if self.word in ("->", "<->", "/\\", ")", "<end>"):
                    if self.met("/\\"):
                        more = self._proposition()
                        return ("and", [inside, *(more[1] if more[0] == "and" else [more])])
                    return inside
            except InputError:
                pass
            self.at = start
        names: list[str] = []
        domains: list[list[Any]] = []
        if self.met("forall"):
            names, domains = self.binders()
            self.take(",")
        left = self.term()
        relation = self.take("=", "<=", "<")
        right = self.term()
        if relation == "=":
            self.take(":>")
            self.take("R", "nat")
        return (relation, names, domains, left, right)

    def _is_symbol(self) -> bool:
        """Whether `forall (X : T -> R)` follows, a symbol and not an index."""
        depth, k = 0, self.at + 1
        while True:
            word = self.words[k]
            depth += word in ("(", "{ffun", "[ffun")
            depth -= word in (")", "}", "]")
            if word == "->":
                return True
            if (depth == 0 and word == ")") or word == "<end>":
                return False
            if self.words[k] == ":" and self.words[k + 1] == "R":
                return True
            k += 1


def _both(left: Value, right: Value, operation: Callable[[Any, Any], Any]) -> Value:
    return lambda env: operation(left(env), right(env))


def _applied(function: Value, argument: Value) -> Value:
    def value(env: Env) -> Any:
        f, x = function(env), argument(env)
        return f[x] if isinstance(f, dict) else f(x)

    return value


def _pairs(parts: Sequence[Any], x: Any, b: dict[str, Any]) -> dict[str, Any] | None:
    """A tuple pattern: pairs nest to the right."""
    bound: dict[str, Any] | None = b
    for k, p in enumerate(parts):
        last = k == len(parts) - 1
        bound = p(x if last else x[0], bound) if bound is not None else None
        x = x if last else x[1]
    return bound


def _function(names: Sequence[str], domains: Sequence[list[Any]], body: Value) -> Value:
    """A function of indices as a nested table; of its own environment."""

    def table(env: Env, k: int) -> Any:
        if k == len(names):
            return body(env)
        if not domains[k]:  # a vector, and not an index
            return lambda v: table({**env, names[k]: v}, k + 1)
        return {x: table({**env, names[k]: x}, k + 1) for x in domains[k]}

    return lambda env: table(env, 0)


def _rank(env: Env) -> Callable[[dict[Any, dict[Any, Any]]], int]:
    return lambda table: rank([list(row.values()) for row in table.values()])


def entries(names: Sequence[str], domains: Sequence[list[Any]], side: Value, env: Env) -> list[Any]:
    """The values of a side of an equation at every index, the last axis fastest."""
    return [side({**env, **dict(zip(names, at, strict=True))}) for at in product(*domains)]


@dataclass
class Declared:
    """What the section of a script declares, and its theorem."""

    sizes: dict[str, int]  # lower bounds of the finite types
    variables: dict[str, str]  # the type of everything else, as text
    relations: list[str]  # equations that hold among numbers
    terms: dict[str, str]  # defined terms, in order
    theorem: str
    values: dict[str, str] = field(default_factory=dict)  # of an instance: what each variable is


DECLARATION = re.compile(r"(Variables?|Hypothesis|Definition|Theorem)\s+(.*)", re.DOTALL)


def declared(script: str) -> Declared:
    """The last section of a script without its proofs. Raises InputError for a declaration that it does not know."""
    bare = re.sub(r"\(\*.*?\*\)", " ", script, flags=re.DOTALL)
    found = Declared({}, {}, [], {}, "")
    start = max(bare.rfind("Section Proof_of_"), bare.rfind("Module Instance_"))
    if start < 0:
        raise InputError("no section of a proof, and no instance")
    for m in re.finditer(r"(.+?)\.(?=\s|$)", bare[start:], flags=re.DOTALL):
        sentence = m[1].strip()
        if re.match(r"(Axiom|Parameter|Conjecture|Admitted|Context)", sentence):
            raise InputError(f"a script declares nothing of this kind: {sentence[:60]}")
        if not (d := DECLARATION.match(sentence)):
            continue
        name, _, rest = (part.strip() for part in d[2].partition(":"))
        if d[1] == "Variables":
            found.sizes.update((n, 0) for n in name.strip("(").split())
        elif d[1] == "Hypothesis" and name.endswith("_low"):
            low = re.fullmatch(r"\((\d+) < #\|(\w+)\|\)%N", rest)
            if low is None or low[2] not in found.sizes:
                raise InputError(f"not a lower bound: {rest}")
            found.sizes[low[2]] = int(low[1]) + 1
        elif d[1] == "Hypothesis":
            found.relations.append(f"{rest} :> R")
        elif d[1] == "Variable" and not rest.endswith("Type"):
            found.variables[name] = rest
        elif d[1] == "Definition" and re.fullmatch(r"t\d+", name):
            found.terms[name] = rest.partition(":=")[2]
        elif d[1] == "Definition" and rest.startswith("finType := ord "):
            found.sizes[name] = int(rest.removeprefix("finType := ord "))
        elif d[1] == "Definition" and bare[start:].startswith("Module Instance_"):
            found.variables[name], _, found.values[name] = (part.strip() for part in rest.partition(":="))
        elif d[1] == "Theorem":
            found.theorem = rest
    return found
