"""The second engine: explicit sizes and exact arithmetic, independent of the index form.

`explicit` evaluates any term of the kernel with a symbol in every entry (`world`, `coefficients`, `tensors`) and
decides equality entry by entry; `explicit_rank` bounds generic ranks; `crosscheck` holds both engines against
each other, with hypotheses met by `models`; `blocks` and `show` print instances. `bridge` and `to_sympy` take
SymPy expressions of symbolic size in and back. `two_products` (a rank equality without elimination), `rank`
(certificates for given matrices), `generic_rank` and `svd` (decompositions with every equation exact) rest on
`polynomial`, `given` and `modular`. Nothing is imported here, so that SymPy and FLINT load only where used.
"""
