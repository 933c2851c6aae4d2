"""LaTeX in: displayed formulas to the same syntax tree as the text of `derivation` blocks."""
