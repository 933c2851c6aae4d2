"""Check a document: elaborate its claims, decide each step, say what was found."""
