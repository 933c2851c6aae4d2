"""Attack the tool with random statements: what is proved is evaluated, what is refuted is refuted again."""
