"""Prototypes: a class is the mean of its examples' codes. Snell, Swersky and Zemel, 2017."""

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float
from torch import Tensor


def log_p(
    support: Float[Tensor, "*e way shot dim"], queries: Float[Tensor, "*e way query dim"]
) -> Float[Tensor, "*e way query way"]:
    """ln p(class | query) = −‖z − c‖² less its log-sum-exp over classes, c the mean of a class's support.

    Snell et al., 2017, equations 1 and 2. As products: ‖z‖² is the same for all classes of a query and falls away, so
    it is the linear classifier 2c·z − ‖c‖².
    """
    c = support.mean(-2)
    logits = 2 * queries.flatten(-3, -2) @ c.transpose(-1, -2) - c.square().sum(-1)[..., None, :]
    return F.log_softmax(logits, dim=-1).unflatten(-2, queries.shape[-3:-1])


def loss(told: Float[Tensor, "*e way query way"]) -> Float[Tensor, "*e"]:
    """−ln p of the class each query is of, in the mean over an episode's queries, nats."""
    return -torch.diagonal(told, dim1=-3, dim2=-1).mean((-2, -1))


def accuracy(told: Float[Tensor, "*e way query way"]) -> Float[Tensor, "*e"]:
    """The share of an episode's queries whose likeliest class is theirs."""
    way = torch.arange(told.shape[-1], device=told.device)[:, None]
    return (told.argmax(-1) == way).double().mean((-2, -1))
