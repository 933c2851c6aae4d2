"""Every theorem as a Coq script over Mathematical Components, and what Coq says of it.

`export` writes the script of a theorem; `export_all` those of a document, with what can't be exported and why;
`verify` compiles scripts and reads what they rest on.
"""

from symbolic_mla.coq.export import Exported, export, export_all
from symbolic_mla.coq.mutate import mutants
from symbolic_mla.coq.verify import Verified, coq_version, verify

__all__ = ["Exported", "Verified", "coq_version", "export", "export_all", "mutants", "verify"]
