"""Text to term and back: the grammar, Markdown documents, the syntax tree and its elaboration."""
