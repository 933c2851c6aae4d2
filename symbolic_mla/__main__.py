"""`python -m symbolic_mla`: the same as the command `symbolic-mla`."""

from symbolic_mla.cli import main

main()
