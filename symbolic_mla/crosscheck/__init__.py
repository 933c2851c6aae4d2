"""The second evaluator: what a derivation says at explicit sizes, in exact numbers, read off the syntax tree.

It shares no code with the kernel, the formers or the elaborator, so a slip of theirs cannot pass here too. Pure
Python and the standard library: it also runs on the fast path, where NumPy is not imported.
"""
