"""The second engine: explicit sizes and exact arithmetic, independent of the index form.

`two_products` (a rank equality without elimination), `rank` (certificates for given matrices, generic rank of
symbolic ones), `svd` (singular value decompositions with every equation exact) rest on `polynomial`,
`given` and `modular`. Nothing is imported here, so that SymPy and FLINT load only where they are used.
"""
