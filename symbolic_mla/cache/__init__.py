"""Verdicts that were found before. An entry is a certificate or a counterexample, and is judged again when it is read:
a wrong, truncated or hand-edited cache costs time and can prove nothing."""
