"""TRUSTED beside the kernel: written arguments that no weights do what an existence claim asks of them.

An argument is data: inputs to look at, and conclusions. `checking.check` follows it and gives back a refutation, or
the first place at which it does not hold. It searches for nothing but a contradiction among polynomials.
"""
