"""The trusted kernel: standard library only, meant to be read in one sitting, in this order:

`scalar` (coefficients), `axis` (axes with structure), `term` (tensors), `network` (the index form and its check),
`statement` (what a theorem says), `node` (substitution, over one table of all values), `theorem` (the rules),
`certificate` (text in, theorem out: `replay`). Rank, existence, order are laws, adopted from `symbolic_mla.laws`.
"""

from symbolic_mla.kernel import node  # noqa: F401 # whoever makes a node can pickle it
