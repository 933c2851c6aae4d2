"""Repairs: the usual slips are tried on a step that fails, and what mends it is printed, once it is proved."""
