"""symbolic_mla: write a derivation about attention, and know for every shape whether each step is true."""
