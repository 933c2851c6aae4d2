"""Reports: what was checked, in Markdown that GitHub shows with formulas and diagrams. Deterministic to the byte."""
