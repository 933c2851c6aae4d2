"""The trusted kernel: standard library only, meant to be read in one sitting, in this order:

`scalar` (coefficients), `axis` (axes with structure), `term` (what can be said), `network` (the index form
and its check), `theorem` (the rules), `certificate` (text in, theorem out: `replay`).
"""
