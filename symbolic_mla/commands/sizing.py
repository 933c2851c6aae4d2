"""The options `--model` and `--sizes`: claims in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from symbolic_mla.errors import InputError

if TYPE_CHECKING:
    from symbolic_mla.attention.models import Shape
    from symbolic_mla.derivation.in_numbers import Sizes
    from symbolic_mla.derivation.results import DocumentResult

Command = Callable[..., Any]


def size_options(command: Command) -> Command:
    """Both options, for a command that takes `model` and `sizes`."""
    model = click.option("--model", "model", metavar="NAME", help="Show claims at a model's sizes: llama-3-8b, ...")
    sizes = click.option("--sizes", "sizes", metavar="n=4,G=8,d=128", help="Show claims at these sizes.")
    return model(sizes(command))


def parsed_sizes(text: str, option: str = "--sizes") -> dict[str, int]:
    """`n=2,G=2` as sizes. Raises: InputError.

    >>> parsed_sizes("n=4, G=8")
    {'n': 4, 'G': 8}
    """
    sizes: dict[str, int] = {}
    for part in text.split(","):
        name, equals, value = (x.strip() for x in part.partition("="))
        if not (equals and name and value.isdecimal() and len(value) < 16 and int(value)) or name in sizes:
            raise InputError(
                f"{option} {text}: met {part.strip()!r}, and NAME=NUMBER was expected", hint=f"{option} n=2,G=2,d=1"
            )
        sizes[name] = int(value)
    return sizes


@dataclass(frozen=True)
class Asked:
    """What the options ask for: a model's shape, sizes, or both."""

    shape: Shape | None
    given: dict[str, int]
    words: str

    def of(self, result: DocumentResult, only: str | None) -> Sizes:
        """The sizes of a document's dimensions. Raises: InputError for sizes that it is not about."""
        from symbolic_mla.derivation.in_numbers import sizes_for

        return sizes_for(result, self.given, self.shape.sizes() if self.shape else {}, self.words, only)


def asked(model: str | None, sizes: str | None) -> Asked | None:
    """What the options ask for, before a document is read; None: nothing. Raises: InputError."""
    if model is None and sizes is None:
        return None
    from symbolic_mla.attention.models import model as named

    shape = named(model) if model is not None else None
    words = " with ".join(x for x in (shape.name if shape else None, sizes) if x is not None)
    return Asked(shape, parsed_sizes(sizes) if sizes is not None else {}, words)


def number_lines(result: DocumentResult, asked: Asked, only: str | None) -> Iterator[str]:
    """A document in numbers, and what a cache holds at these sizes."""
    from symbolic_mla.derivation.in_numbers import document_lines

    sizes = asked.of(result, only)
    yield from document_lines(result, sizes, only)
    yield from _cache(sizes.values, asked.shape)


def _cache(known: dict[str, int], shape: Shape | None) -> Iterator[str]:
    """Entries per token and layer, by the formulas of proofs/cache.md."""
    if shape is not None:
        known = {**shape.sizes(), **known}
    heads = known.get("H", known["n"] * known["G"] if {"n", "G"} <= known.keys() else None)
    if heads is None or not {"G", "d"} <= known.keys():
        return
    groups, head = known["G"], known["d"]
    yield "    cache, in entries per token and layer:"
    yield f"      as MHA, 2 H d: {2 * heads * head:,}; as GQA, 2 G d: {2 * groups * head:,}; as MQA, 2 d: {2 * head:,}"
    if shape is None or shape.latent is None:
        yield from _joint(groups, head, known.get("D"))
    if shape is not None:
        latent = f"the latent and the rotated key, m + d_R = {shape.latent} + {shape.rope}"
        own = "2 G d" if shape.latent is None else latent
        total = shape.cached * shape.layers
        yield f"      {shape.name} itself, {own}: {shape.cached:,}; all {shape.layers} layers: {total:,} a token"
        yield f"      (its sizes: {shape.source})"


def _joint(groups: int, head: int, width: int | None) -> Iterator[str]:
    """What is always enough, by proofs/joint-latent.md."""
    enough = 2 * groups * head if width is None else min(2 * groups * head, width)
    joint = "" if width is None else f", at most D = {width:,}"
    yield f"      as MLA that computes this GQA (no RoPE): a joint latent of {enough:,} is always enough (2 G d{joint})"
