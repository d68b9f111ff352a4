"""Conv4-64: the numbers of the papers, and a query whose answer hangs on no other."""

import torch

from tutelage.measure import costs
from tutelage.nn.conv4 import Conv4


def test_it_has_the_weights_of_the_papers_and_makes_64_numbers_of_28_by_28() -> None:
    net = Conv4((1, 28, 28))
    assert costs.weights(net) == (9 + 1 + 2) * 64 + 3 * (64 * 9 * 64 + 3 * 64)  # 111,936
    assert net.width == 64
    assert net(torch.rand(5, 1, 28, 28)).shape == (5, 64)
    assert Conv4((3, 32, 32)).width == Conv4((3, 32, 32)).eval()(torch.rand(1, 3, 32, 32)).shape[1] == 256


def test_once_taught_an_images_code_hangs_on_no_other_image() -> None:
    net = Conv4((1, 28, 28))
    net(torch.rand(40, 1, 28, 28))
    x = torch.rand(6, 1, 28, 28)
    assert not torch.allclose(net(x)[:3], net(x[:3]), atol=1e-3)
    net.eval()
    torch.testing.assert_close(net(x)[:3], net(x[:3]))
