"""Untrusted search: it finds the bijections, contexts and instances that the kernel then checks."""
