"""Groups that were never seen: what is known of them without a model, from the labels alone or from who is alike."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutelage.measure import distances

Images = Float[Tensor, "n c h w"]


def guesses(
    train: Images, y: Int[Tensor, "n"], asked: Images, labels: Int[Tensor, "m"]
) -> dict[str, Float[Tensor, "m c h w"]]:
    """For each image that is asked about what stands for it among those learned from.

    `mean` of all of them, `class_mean` of those of its class, `nearest` of them all by Euclidean distance. The first
    knows nothing of what is asked, the second its label, the third the image itself.
    """
    means = torch.stack([train[y == label].mean(0) for label in range(int(y.max()) + 1)])
    index, _ = distances.nearest(asked, train)
    return {"mean": train.mean(0).expand_as(asked), "class_mean": means[labels], "nearest": train[index]}


def by_group(errors: Float[Tensor, "n"], group: Int[Tensor, "n"]) -> Float[Tensor, "group"]:
    """The mean within each group."""
    return torch.stack([errors[group == one].mean() for one in range(int(group.max()) + 1)])
