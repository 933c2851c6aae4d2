"""Explicit sizes and exact numbers: what a term of the kernel is worth at one instance."""
