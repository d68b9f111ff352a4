"""What the page's explorer is told."""

import base64

import numpy as np
from torch import nn

from tutelage.measure import browsers, latent
from tutelage.nn.dense import Decoder
from tutelage.report import explorers


def test_the_places_are_the_planes_own_and_the_middle_one_is_nought() -> None:
    along = np.array(explorers.along())
    assert along[explorers.STEPS // 2] == 0
    assert np.abs(along - latent.grid(explorers.STEPS)[0, :, 0].numpy()).max() < 0.6 * 10**-explorers.FIGURES


def test_the_page_is_told_scales_and_biases_as_floats_and_then_each_layers_matrix_row_by_row() -> None:
    decoder = Decoder((1, 2, 3), hidden=4, width=2)
    told = explorers.decoder_of(browsers.packed(decoder, sigmoid=False))
    assert (told["shape"], told["sigmoid"], told["widths"]) == ([1, 2, 3], False, [2, 4, 6])
    content = base64.b64decode(told["weights"])
    floats, whole = np.frombuffer(content[: 4 * 20], "<f4"), np.frombuffer(content[4 * 20 :], "<i2")
    for layer, scales, rows in ((0, slice(0, 4), whole[:8]), (2, slice(8, 14), whole[8:])):
        own = decoder.layers[layer]
        assert isinstance(own, nn.Linear)
        units = own.out_features
        assert np.array_equal(floats[scales.stop : scales.stop + units], own.bias.detach().numpy())
        near = floats[scales, None] * rows.reshape(units, -1)
        assert np.allclose(near, own.weight.detach().numpy(), rtol=0, atol=1e-4)
