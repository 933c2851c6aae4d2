"""TRUSTED beside the kernel: inequalities of analysis that a proof may assume, each with its source.

The kernel knows them as hypotheses: a theorem that uses one assumes it, and says so in its certificate. Here it is
decided which hypotheses may be granted: the instances of a few theorems, recognised by their form alone.
"""
