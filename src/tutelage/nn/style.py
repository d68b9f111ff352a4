"""The style-based generator: noise to a style, and an image from a constant, styled layer by layer.

Karras et al., 2019; weight demodulation and skip outputs: Karras et al., 2020.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from jaxtyping import Float, Int
from torch import Tensor, nn

from tutelage.nn import resampling
from tutelage.nn.equalised import Linear, leaky


class Mapping(nn.Module):
    """f: z, brought to length √latent, to w. Its layers move `rate` times as fast as others."""

    def __init__(self, latent: int, width: int, depth: int, rate: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Linear(latent if i == 0 else width, width, rate=rate) for i in range(depth))

    def forward(self, z: Float[Tensor, "n latent"]) -> Float[Tensor, "n width"]:
        w = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.layers:
            w = leaky(layer(w))
        return w


class Modulated(nn.Module):
    """A convolution whose input channels a style scales, and whose weights are then brought to length 1 a unit.

    Karras et al., 2020, equations 1 and 3: w′ = s_i·w_ijk, w″ = w′/√(Σ_ik w′² + ε). Scaling what comes in by s and what
    goes out by 1/√… is the same with one kernel for all images.
    """

    def __init__(self, channels: int, units: int, kernel: int, width: int, *, demodulated: bool = True) -> None:
        super().__init__()
        self.style = Linear(width, channels, bias=1)
        self.weight = nn.Parameter(torch.randn(units, channels, kernel, kernel))
        self.scale, self.demodulated = (channels * kernel**2) ** -0.5, demodulated

    def forward(self, x: Float[Tensor, "n c h w"], w: Float[Tensor, "n width"], *, twice: bool = False) -> Tensor:
        """`twice`: of stride ½, which leaves 2n + 1 a side of n."""
        style, weight = self.style(w), self.scale * self.weight
        x = x * style[:, :, None, None]
        if twice:
            x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
        else:
            x = F.conv2d(x, weight, padding=weight.shape[-1] // 2)
        if self.demodulated:
            length = style.square() @ weight.square().sum((2, 3)).T
            x = x * (length + 1e-8).rsqrt()[:, :, None, None]
        return x


class Styled(nn.Module):
    """One layer: modulated convolution, noise on each pixel in a learned strength, bias, leak."""

    def __init__(self, channels: int, units: int, size: tuple[int, int], width: int, *, twice: bool = False) -> None:
        super().__init__()
        self.twice, self.size = twice, size
        self.conv = Modulated(channels, units, 3, width)
        self.smooth = resampling.smoothed(size[0] // 2, size[1] // 2) if twice else nn.Identity()
        self.strength = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(units, 1, 1))

    def forward(
        self, x: Float[Tensor, "n c h w"], w: Float[Tensor, "n width"], noise: Float[Tensor, "n pixel"]
    ) -> Float[Tensor, "n unit hh ww"]:
        x = self.smooth(self.conv(x, w, twice=self.twice))
        return leaky(x + self.strength * noise.unflatten(1, (1, *self.size)) + self.bias)


class Synthesis(nn.Module):
    """g: a style for each layer, and noise for each pixel of each layer, to an image in [0, 1].

    `channels` from the coarsest resolution to that of the image, each twice the one before. The image is the sum of
    what each resolution adds.
    """

    def __init__(self, shape: tuple[int, int, int], *, channels: Sequence[int], width: int) -> None:
        super().__init__()
        colours, height, side = shape
        sizes = [(height >> k, side >> k) for k in reversed(range(len(channels)))]
        steps = list(zip(channels, channels[1:], sizes[1:], strict=False))
        self.constant = nn.Parameter(torch.randn(channels[0], *sizes[0]))
        self.first = Styled(channels[0], channels[0], sizes[0], width)
        self.doubling = nn.ModuleList(Styled(c, units, size, width, twice=True) for c, units, size in steps)
        self.keeping = nn.ModuleList(Styled(units, units, size, width) for _, units, size in steps)
        self.adding = nn.ModuleList(Modulated(c, colours, 1, width, demodulated=False) for c in channels)
        self.doubled = nn.ModuleList(resampling.doubled(*size) for size in sizes[:-1])
        self.bias = nn.Parameter(torch.zeros(colours, 1, 1))
        self.styles = 2 * len(sizes)  # one a layer, and one for what the last resolution adds
        self.cuts = {size: 2 * level - 1 for level, size in enumerate(sizes) if level}  # where a resolution's begin
        self.noises = [h * w for h, w in (sizes[0], *(size for size in sizes[1:] for _ in range(2)))]
        self.pixels = sum(self.noises)

    def forward(self, w: Float[Tensor, "n style width"], noise: Float[Tensor, "n pixels"]) -> Float[Tensor, "n c h w"]:
        styles, (first, *noises) = w.unbind(1), noise.split(self.noises, 1)
        x = self.first(self.constant.expand(len(w), -1, -1, -1), styles[0], first)
        image = self.bias + self.adding[0](x, styles[1])
        for level, (double, keep, add, doubled) in enumerate(
            zip(self.doubling, self.keeping, self.adding[1:], self.doubled, strict=True)
        ):
            at = 2 * level
            x = keep(double(x, styles[at + 1], noises[at]), styles[at + 2], noises[at + 1])
            image = doubled(image) + add(x, styles[at + 3])
        told: Tensor = image.sigmoid()
        return told


class StyleGenerator(nn.Module):
    """A mapping from noise to styles, and what makes an image of them."""

    def __init__(
        self,
        shape: tuple[int, int, int],
        *,
        latent: int,
        width: int,
        depth: int,
        rate: float,
        channels: Sequence[int],
    ) -> None:
        super().__init__()
        self.mapping = Mapping(latent, width, depth, rate)
        self.synthesis = Synthesis(shape, channels=channels, width=width)


def mixed(
    one: Float[Tensor, "n width"], other: Float[Tensor, "n width"], cut: Int[Tensor, "n"], styles: int
) -> Float[Tensor, "n style width"]:
    """The first style in the layers before the cut, the other from there on: style mixing."""
    first = torch.arange(styles, device=cut.device) < cut[:, None]
    return torch.where(first[:, :, None], one[:, None], other[:, None])
