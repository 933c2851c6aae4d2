"""Derivations in an editor: a language server. `editors.md` beside this file says how to set one up."""
