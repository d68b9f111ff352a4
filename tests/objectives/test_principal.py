"""Principal components against scikit-learn's, and of all MNIST against the known error."""

import numpy as np
import pytest
import torch
from root import MIRROR
from sklearn.decomposition import PCA

from tutelage.data import idx
from tutelage.objectives import principal

X = torch.randn(80, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * torch.tensor(
    [5.0, 3.0, 2.0, 1.0, 0.5, 0.1]
)


def test_they_are_scikit_learns_up_to_sign_and_orthonormal() -> None:
    ours, known = principal.components(X, 3), PCA(3).fit(X.numpy()).components_
    np.testing.assert_allclose(np.abs((ours.numpy() * known).sum(1)), 1)
    torch.testing.assert_close(ours @ ours.T, torch.eye(3, dtype=torch.float64))


def test_their_signs_are_fixed() -> None:
    ours = principal.components(X, 4)
    assert (ours.gather(1, ours.abs().argmax(1, keepdim=True)) > 0).all()
    torch.testing.assert_close(principal.components(-X, 4), ours)


def test_thirty_of_all_mnist_leave_the_known_error_of_a_test_image() -> None:
    if not (MIRROR / "mnist").exists():
        pytest.skip("no mirror has mnist: neither TUTELAGE_MIRROR nor ../shared/data")
    known, asked = (
        torch.tensor(idx.read(MIRROR / "mnist" / f"{part}-images-idx3-ubyte.gz", 3)).flatten(1).double() / 255
        for part in ("train", "t10k")
    )
    directions, mean = principal.components(known, 30), known.mean(0)
    told = (asked - mean) @ directions.T @ directions + mean
    assert float((told - asked).square().sum(1).mean()) == pytest.approx(13.866, abs=0.005)
