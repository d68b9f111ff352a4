"""Which classes samples are of, as one classifier sees them: in a collapse few are left."""

import torch
from jaxtyping import Float
from torch import Tensor


def classes_hit(log_p: Float[Tensor, "n class"]) -> int:
    """How many classes are some sample's likeliest. Noise hits classes, too."""
    return len(log_p.argmax(1).unique())


def class_entropy(log_p: Float[Tensor, "n class"]) -> float:
    """−Σ_k p_k ln p_k in nats, p_k the share of samples whose likeliest class is k; ln K where classes are alike.

    From n samples too low by about (K − 1)/2n in the mean. Miller, 1955.
    """
    shares = torch.bincount(log_p.argmax(1), minlength=log_p.shape[1]).double() / len(log_p)
    return float(torch.special.entr(shares).sum())


def scores(log_p: Float[Tensor, "n class"]) -> dict[str, float]:
    """Both, by name."""
    return {"classes_hit": classes_hit(log_p), "class_entropy": class_entropy(log_p)}
