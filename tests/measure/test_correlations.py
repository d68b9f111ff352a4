"""How far numbers of a code tell the same, against NumPy's correlations and at its ends."""

import numpy as np
import pytest
import torch

from tutelage import streams
from tutelage.measure import correlations


def test_numbers_are_as_alike_as_numpy_says() -> None:
    z = torch.randn(20, 4, generator=streams.generator(0, "codes"))
    known = np.corrcoef(z.double().numpy(), rowvar=False)
    assert correlations.alike(z) == pytest.approx(np.sqrt((known[~np.eye(4, dtype=bool)] ** 2).mean()))


def test_one_thing_told_in_every_number_is_wholly_alike_whatever_its_sign() -> None:
    z = torch.randn(20, 1, generator=streams.generator(0, "codes"))
    assert correlations.alike(torch.cat([z, -2 * z, z + 3], 1)) == pytest.approx(1)


def test_one_number_has_no_other_to_be_like() -> None:
    assert correlations.alike(torch.randn(20, 1, generator=streams.generator(0, "codes"))) == pytest.approx(0, abs=1e-6)


def test_numbers_that_tell_each_its_own_are_not_alike() -> None:
    ones = torch.ones(64, 1).double()
    for draw in range(20):  # in some of which rounding takes the sum below 0
        z = torch.randn(64, 17, dtype=torch.float64, generator=streams.generator(draw, "codes"))
        own = torch.linalg.qr(torch.cat([ones, z], 1)).Q[:, 1:]  # centred, orthogonal
        assert correlations.alike(own) == pytest.approx(0, abs=1e-7)
