"""TRUSTED beside the kernel: what a proof may use of numbers, existence, equivalence, rank,
the SVD and softmax.

The kernel knows equations of tensors, comparisons of numbers, and hypotheses. Each module here adds a kind of statement
or of number, and the rules that make theorems of it; they are adopted when this package is imported, in this order:
`order`, `existence`, `equivalence`, `rank`, `svd`, `softmax`. `replay` is the kernel's, here with all these laws known.
"""

from symbolic_mla.kernel.certificate import replay
from symbolic_mla.kernel.theorem import adopt
from symbolic_mla.laws import equivalence, existence, order, rank, softmax, svd

__all__ = ["replay"]

adopt(order.RULES, order.Extreme, order.Entry)
adopt(existence.RULES, existence.Exists)
adopt(equivalence.RULES, equivalence.Iff)
adopt(rank.RULES, rank.Rank)
adopt(svd.RULES)
adopt(softmax.RULES, function="softmax")
