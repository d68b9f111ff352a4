"""What noise does to codes and to what comes back."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from tutelage.measure import classification, codes, exam, probes


class Autoencodes(Protocol):
    def encode(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n dim"]: ...
    def reconstruct(self, x: Float[Tensor, "n ..."], /) -> Float[Tensor, "n ..."]: ...


Noise = tuple[str, float]  # its kind and strength


def under_noise(
    learner: Autoencodes,
    x: Float[Tensor, "n ..."],
    y: Int[Tensor, "n"],
    spoiled: Mapping[Noise, Float[Tensor, "n ..."]],
    few: Mapping[str, Tensor],
    *,
    strengths: tuple[float, ...],
    folds: int,
) -> dict[Noise, dict[str, float]]:
    """For each noise: `sse` of what comes back against the clean image, `code_shift`, and `accuracy` of a linear probe.

    The probe is taught on the clean codes of the few labelled examples and asked about noisy ones.
    """
    clean = exam.encoded(learner, x)
    noisy = {noise: exam.encoded(learner, seen) for noise, seen in spoiled.items()}
    told = probes.linear(
        exam.encoded(learner, few["x"]).cpu().numpy(),
        few["y"].cpu().numpy(),
        np.concatenate([z.cpu().numpy() for z in noisy.values()]),
        strengths=strengths,
        folds=folds,
    )
    answers: list[NDArray[np.float64]] = np.split(told, len(noisy))
    return {
        noise: {
            "sse": exam.reconstructed(learner, spoiled[noise], x)["sse"],
            "code_shift": codes.shift(z, clean),
            "accuracy": classification.scores(answer, y.cpu().numpy())["accuracy"],
        }
        for (noise, z), answer in zip(noisy.items(), answers, strict=True)
    }
