"""What the page's explorer is told."""

import base64

import numpy as np
import torch

from tutelage.measure import browsers, latent
from tutelage.nn.dense import Decoder
from tutelage.report import explorers


def test_the_places_are_the_planes_own_and_the_middle_one_is_nought() -> None:
    along = np.array(explorers.along())
    assert along[explorers.STEPS // 2] == 0
    assert np.abs(along - latent.grid(explorers.STEPS)[0, :, 0].numpy()).max() < 0.6 * 10**-explorers.FIGURES


def test_the_page_is_told_each_layers_matrix_row_by_row_and_then_its_bias() -> None:
    decoder = Decoder((1, 2, 3), hidden=4, width=2)
    told = explorers.decoder_of(browsers.packed(decoder, sigmoid=False))
    assert (told["shape"], told["sigmoid"], told["widths"]) == ([1, 2, 3], False, [2, 4, 6])
    kept = np.frombuffer(base64.b64decode(told["weights"]), "<f2")
    own = torch.cat([weight.detach().flatten() for weight in decoder.parameters()]).half().numpy()
    assert np.array_equal(kept, own)
