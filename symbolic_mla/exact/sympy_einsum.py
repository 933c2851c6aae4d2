"""Any einsum as SymPy's array operations: a tensor product, contractions, diagonals, a permutation, reshapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.tensor.array.expressions import array_expressions as arrays

from symbolic_mla.exact.sympy_sizes import size_expression
from symbolic_mla.kernel.term import Einsum


def array_einsum(t: Einsum, written: Sequence[Any]) -> Any:
    """The einsum of operands that are written already, as an array expression."""
    size = [size_expression(axis) for axis in t.labels]
    operands, labels = _ungrouped(t, written, size)
    output = [i for group in t.output for i in group]
    number = sympy.Mul(*(size[i] for i in range(len(size)) if i not in labels and i not in output))
    for k, i in enumerate(output):
        if i in output[:k]:  # a diagonal: a label of its own, tied to the first by I
            size.append(size[i])
            output[k] = len(size) - 1
            operands.append(sympy.Identity(size[i]))
            labels += [i, output[k]]
    for i in output:
        if i not in labels:  # a label on the output alone repeats
            operands.append(arrays.OneArray(size[i]))
            labels.append(i)
    if number != 1 or not operands:
        operands.insert(0, number)
    if isinstance(operands[-1], arrays.Reshape) and len(operands) == 1:
        operands.insert(0, sympy.S.One)  # SymPy contracts a tensor product, and cannot contract a Reshape
    whole = operands[0] if len(operands) == 1 else arrays.ArrayTensorProduct(*operands)
    whole, labels = _contracted(whole, labels, output)
    order = [labels.index(i) for i in output]
    if order != sorted(order):
        whole = arrays.PermuteDims(whole, order)
    shape = tuple(sympy.expand(sympy.Mul(*(size_expression(t.labels[i]) for i in group))) for group in t.output)
    regrouped = shape != tuple(size[i] for i in output)
    return arrays.Reshape(whole, shape) if regrouped and shape else whole


def _ungrouped(t: Einsum, written: Sequence[Any], size: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The operands with an axis for each label, and the label of each axis."""
    operands: list[Any] = []
    labels: list[int] = []
    for e, (_, pattern) in zip(written, t.operands, strict=True):
        own = [i for group in pattern for i in group]
        grouped = any(len(group) != 1 for group in pattern)
        if grouped and own:
            e = arrays.Reshape(e, tuple(size[i] for i in own))
        elif grouped:  # axes of size 1 alone: their one entry
            e = arrays.ArrayContraction(e, *((k,) for k in range(len(pattern))))
        operands.append(e)
        labels += own
    return operands, labels


def _contracted(whole: Any, labels: list[int], output: Sequence[int]) -> tuple[Any, list[int]]:
    """Sums over the labels that the output lacks, and one axis for each of the others."""
    places = {i: [k for k, j in enumerate(labels) if j == i] for i in dict.fromkeys(labels)}
    summed = [tuple(where) for i, where in places.items() if i not in output]
    if summed:
        whole = arrays.ArrayContraction(whole, *summed)
        labels = [i for i in labels if i in output]
        places = {i: [k for k, j in enumerate(labels) if j == i] for i in dict.fromkeys(labels)}
    tied = {i: tuple(where) for i, where in places.items() if len(where) > 1}
    if tied:
        whole = arrays.ArrayDiagonal(whole, *tied.values())
        labels = [i for i in labels if i not in tied] + list(tied)
    return whole, labels
