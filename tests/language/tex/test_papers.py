"""Formulas as they stand in papers and forums are read and judged, once their symbols are declared."""

from __future__ import annotations

import pytest

from symbolic_mla.derivation.check import check_document
from symbolic_mla.language.documents import parse_document


def verdicts(text: str) -> dict[str, str]:
    """What a document's claims are found to be."""
    result = check_document(parse_document(text))
    assert result.fatal is None, result.fatal
    errors = [step.error for claim in result.claims for step in claim.steps if step.error is not None]
    assert errors == []
    return {claim.id: claim.verdict for claim in result.claims}


DEEPSEEK = r"""
```derivation math
dims n_h, d_h, d_c, d_q, d
given h_t : d
given W_DKV : d_c × d, W_UK, W_UV : (n_h*d_h) × d_c, W_DQ : d_q × d, W_UQ : (n_h*d_h) × d_q, W_O : d × (n_h*d_h)
```

$$
\begin{align}
\mathbf{c}_{t}^{KV} &= W^{DKV} \mathbf{h}_{t}, \tag{9} \\
\mathbf{k}_{t}^{C} &= W^{UK} \mathbf{c}_{t}^{KV}, \tag{10} \\
\mathbf{v}_{t}^{C} &= W^{UV} \mathbf{c}_{t}^{KV}, \tag{11}
\end{align}
$$

$$
\begin{aligned}
\mathbf{c}_{t}^{Q} &= W^{DQ} \mathbf{h}_{t},\\
\mathbf{q}_{t}^{C} &= W^{UQ} \mathbf{c}_{t}^{Q}.
\end{aligned}
$$

$$
{\mathbf{q}_t^C}^{\top} \mathbf{k}_t^C = {\mathbf{c}_t^Q}^\top \left( {W^{UQ}}^{\top} W^{UK} \right) \mathbf{c}_t^{KV}
\label{eq:absorb-keys}
$$

$$
W^{O} \mathbf{v}_{t}^{C} = (W^{O} W^{UV}) \mathbf{c}_{t}^{KV} \tag{absorb values}
$$
"""

VASWANI = r"""
```derivation math
dims t, s, d_k, d_v, d_{model}
```
""".replace("d_{model}", "d_model") + r"""
$$Q \in \mathbb{R}^{t \times d_k}, \quad K \in \mathbb{R}^{s \times d_k}, \quad V \in \mathbb{R}^{s \times d_v}$$

$$ \mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt{d_k}}\right)V $$

$$ X \in \mathbb{R}^{t \times d_{\text{model}}}, W_i^Q \in \mathbb{R}^{d_{\text{model}} \times d_k}, W_i^K \in \mathbb{R}^{d_{\text{model}} \times d_k} $$

<!-- claim folded -->
$$ \text{softmax}\left(\frac{X W_i^Q (X W_i^K)^T}{\sqrt{d_k}}\right) X
   = \mathrm{softmax}\left(\frac{1}{\sqrt{d_k}} X W_i^Q {W_i^K}^\top X^\top \right) X $$

<!-- claim call -->
\begin{equation*}
  \mathrm{Attention}(X W_i^Q, X W_i^K, X) = \operatorname{softmax}(X W_i^Q (X W_i^K)^\mathsf{T} / \sqrt{d_k}) X
\end{equation*}
"""

GQA = r"""
<!-- derivation math -->
$$n, d, D, G \in \mathbb{Z}_{>0}, \qquad \mathbf{W} \in \mathbb{R}^{n \times d \times D}, \qquad W_K \in \mathbb{R}^{Gd \times D}$$

Mean pooling of the heads of a group:
$$ \bar{\mathbf{W}} = \frac{1}{n} \sum_{i=1}^{n} \mathbf{W}_{i} $$

<!-- claim mean-of-equal-heads -->
$$ n \bar{\mathbf{W}} = \sum_{i} \mathbf{W}_{i} $$

<!-- claim cache -->
$$ 2 \cdot G \cdot d \le 2nGd $$

<!-- claim rank -->
\[
\mathrm{rank}\Big(\underbrace{\begin{bmatrix} W_K \\ \vdots \\ W_K \end{bmatrix}}_{n}\Big) = \operatorname{rank} W_K \leqslant \min\left(Gd, D\right)
\]
"""

TRANSMLA = r"""
```derivation math
dims n, G, d, D, T
given X : T × D, W_K, W_V : D × (G*d)
```

<!-- let -->
$$ W_K' = W_K \left( \mathbf{1}_n^\top \otimes I_{Gd} \right) $$
$$ K = X W_K, \qquad K' = X W_K' $$

<!-- claim repeated-after-is-repeated-before -->
$$ K' = K \left( \mathbf{1}_n^{\top} \otimes I_{Gd} \right) $$

<!-- claim rank -->
$$ \operatorname{rank}(W_K') \le Gd $$

<!-- obtain -->
$$ W_K = U_K S_K V_K^\top $$

<!-- claim split -->
$$ K = (X U_K)(S_K V_K^{\top}) = X U_K S_K V_K^{\top} $$

<!-- claim gram -->
$$ \|W_K\|_F^2 = \operatorname{tr}(W_K^\top W_K) = \mathrm{tr}\left(S_K^2\right) $$
"""

FORUM = r"""
```derivation math
dims n, G, d
dim H = n*G
dim D = H*d
dim r = G*d
given W : r × D
obtain U, S, V from svd(W)
```

Let $\tilde W$ be the matrix

$$\tilde{W}=\begin{pmatrix} I_{r} \\ \vdots \\ I_{r} \end{pmatrix}$$

with too few words (this one is commentary, since nobody says how many copies).

$$\tilde{W} := \left.\begin{pmatrix} W \\ W \\ \vdots \\ W \end{pmatrix}\right\}\,n\text{ times} \in \mathbb{R}^{D\times D}$$

<!-- claim rank -->
$$\operatorname{rank}(\tilde W)=\operatorname{rank}(W)\le\min(Gd,D)=Gd=:r.$$

<!-- claim svd -->
$$W = \sum_{i=1}^{k_U} \sigma_i u_i v_i^T = \begin{bmatrix} u_1 & u_2 & \dots & u_{k_U} \end{bmatrix} \begin{bmatrix} \sigma_1 v_1^T \\ \vdots \\ \sigma_{k_U} v_{k_U}^T \end{bmatrix}$$

<!-- claim entries -->
$$W_{ij} = \sum_{k=0}^{k_U-1} \sigma_k u_{ik} v_{jk}, \quad \forall i, j$$

<!-- refute wrong-factor -->
$$\|\tilde{W}\|_F^2 = \|W\|_F^2$$

<!-- claim right-factor -->
$$\|\tilde{W}\|_F^2 = n \|W\|_F^2$$
""".replace("$$\\tilde{W}=\\begin{pmatrix} I", "<!-- commentary -->\n$$\\tilde{W}=\\begin{pmatrix} I")

PAPERS = {
    "DeepSeek-V2": (DEEPSEEK, {"eq-absorb-keys": "proved", "tag-absorb-values": "proved"}),
    "Attention is all you need": (VASWANI, {"folded": "proved", "call": "proved"}),
    "GQA": (GQA, {"mean-of-equal-heads": "proved", "cache": "proved", "rank": "proved"}),
    "TransMLA": (
        TRANSMLA,
        {"repeated-after-is-repeated-before": "proved", "rank": "proved", "split": "proved", "gram": "proved"},
    ),
    "a forum": (
        FORUM,
        {
            "formula-1-shape": "proved",
            "rank": "proved",
            "svd": "proved",
            "entries": "proved",
            "wrong-factor": "refuted",
            "right-factor": "proved",
        },
    ),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_checked_as_it_stands(paper: str) -> None:
    """Definitions are taken in, claims have the verdicts that they should have."""
    text, expected = PAPERS[paper]
    assert verdicts(text) == expected
