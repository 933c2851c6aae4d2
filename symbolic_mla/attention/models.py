"""Shapes of published models, each with its source. Sizes of the attention only; nothing here is proved.

Every row was held against the model's released `config.json` as public code quotes it: those that Lightning-AI/litgpt
has in `litgpt/config.py` (Llama, Mistral, Mixtral, Phi, Falcon, Gemma, Qwen3-8B) and, for the others, the published
tables named here and public training configurations that cite them (GPT-3, Qwen2, Qwen3-32B, DeepSeek). None differed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from symbolic_mla.errors import InputError


@dataclass(frozen=True)
class Shape:
    """The sizes of a model's attention.

    `heads` of size `head` share `groups` key-value groups; `width` is that of the model, which need not be
    heads * head. With latent attention `latent` is the size of the latent for keys and values, `rope` that of the
    decoupled rotated key, `query_latent` that of the queries (None: not compressed), and every head has keys of
    its own. `source` says where the sizes are published.
    """

    name: str
    heads: int
    groups: int
    head: int
    width: int
    layers: int
    source: str
    latent: int | None = None
    rope: int = 0
    query_latent: int | None = None

    @property
    def cached(self) -> int:
        """Entries that are cached per token and layer: 2 G d, or the latent with the rotated key."""
        return 2 * self.groups * self.head if self.latent is None else self.latent + self.rope

    def sizes(self) -> dict[str, int]:
        """The sizes by the names that documents give them.

        >>> MODELS["llama-3-8b"].sizes()
        {'n': 4, 'G': 8, 'H': 32, 'd': 128, 'D': 4096}
        """
        found = {"n": self.heads // self.groups, "G": self.groups, "H": self.heads, "d": self.head, "D": self.width}
        if self.latent is not None:
            found |= {"m": self.latent, "d_R": self.rope}
        if self.query_latent is not None:
            found["r_q"] = self.query_latent
        return found


def _of(*shapes: Shape) -> Mapping[str, Shape]:
    return MappingProxyType({s.name: s for s in shapes})


_LLAMA_2 = "arXiv 2307.09288, table 1, and the released configurations"
_LLAMA_3 = "arXiv 2407.21783, table 3"
_QWEN_2 = "arXiv 2407.10671, table 1"
_QWEN_3 = "arXiv 2505.09388, table 1, and the released configurations"
_GEMMA = "arXiv 2403.08295, table 1"
_GEMMA_2 = "arXiv 2408.00118, table 1"
_V2 = "arXiv 2405.04434, section 3.1.2"

MODELS = _of(
    Shape("gpt-3-175b", 96, 96, 128, 12288, 96, "arXiv 2005.14165, table 2.1"),
    Shape("llama-2-7b", 32, 32, 128, 4096, 32, _LLAMA_2),
    Shape("llama-2-13b", 40, 40, 128, 5120, 40, _LLAMA_2),
    Shape("llama-2-70b", 64, 8, 128, 8192, 80, _LLAMA_2),
    Shape("llama-3-8b", 32, 8, 128, 4096, 32, _LLAMA_3),
    Shape("llama-3-70b", 64, 8, 128, 8192, 80, _LLAMA_3),
    Shape("llama-3-405b", 128, 8, 128, 16384, 126, _LLAMA_3),
    Shape("mistral-7b", 32, 8, 128, 4096, 32, "arXiv 2310.06825, table 1"),
    Shape("mixtral-8x7b", 32, 8, 128, 4096, 32, "arXiv 2401.04088, table 1"),
    Shape("phi-3-mini", 32, 32, 96, 3072, 32, "arXiv 2404.14219, section 2"),
    Shape("falcon-7b", 71, 1, 64, 4544, 32, "arXiv 2311.16867, and the released configuration"),
    Shape("qwen2-7b", 28, 4, 128, 3584, 28, _QWEN_2),
    Shape("qwen2-72b", 64, 8, 128, 8192, 80, _QWEN_2),
    Shape("qwen3-8b", 32, 8, 128, 4096, 36, _QWEN_3),
    Shape("qwen3-32b", 64, 8, 128, 5120, 64, _QWEN_3),
    Shape("gemma-2b", 8, 1, 256, 2048, 18, _GEMMA),
    Shape("gemma-7b", 16, 16, 256, 3072, 28, _GEMMA),
    Shape("gemma-2-9b", 16, 8, 256, 3584, 42, _GEMMA_2),
    Shape("gemma-2-27b", 32, 16, 128, 4608, 46, _GEMMA_2),
    Shape("deepseek-v2-lite", 16, 16, 128, 2048, 27, "arXiv 2405.04434, appendix B", latent=512, rope=64),
    Shape("deepseek-v2", 128, 128, 128, 5120, 60, _V2, latent=512, rope=64, query_latent=1536),
    Shape("deepseek-v3", 128, 128, 128, 7168, 61, "arXiv 2412.19437, section 4.2", latent=512, rope=64,
          query_latent=1536),
)  # fmt: skip
"""The shapes by name."""


def model(name: str) -> Shape:
    """The shape of a model. Raises: InputError with the names that there are.

    >>> model("deepseek-v2").cached
    576
    """
    key = name.strip().lower().replace(" ", "-").replace("_", "-")
    if key in MODELS:
        return MODELS[key]
    near = get_close_matches(key, MODELS, 3, 0.5)
    known = "did you mean " + " or ".join(near) if near else "the models are " + ", ".join(MODELS)
    raise InputError(f"no model `{name}` in the table", hint=f"{known}; any sizes: --sizes n=4,G=8,d=128")
