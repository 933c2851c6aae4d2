"""Documents checked again whenever they are saved."""
