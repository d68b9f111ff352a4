"""The page's colours: readable on its paper, and told apart, by the colour-blind too, in light and dark."""

import re

import numpy as np
import pytest
from root import ROOT

from tutelage.report import figures

CSS = (ROOT / "src/tutelage/report/page.css").read_text(encoding="utf-8")
# Of linear sRGB, at full severity. Machado, Oliveira and Fernandes, 2009.
SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
APART = {"all": 12, "protanopia": 7, "deuteranopia": 7, "tritanopia": 5}  # hundredths of OKLab's unit


def linear(colours: list[str]) -> np.ndarray:
    values = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson, 2020."""
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    opponent = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(rgb.clip(0, 1) @ cones.T) @ opponent.T


@pytest.fixture(params=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """The paper and the series' colours; the second of each in the file is the dark one."""
    number = ["light", "dark"].index(request.param)

    def colour(name: str) -> str:
        return re.findall(rf"--{name}: (#[0-9a-f]{{6}});", CSS)[number]

    return colour("paper"), [colour(f"series-{i}") for i in range(figures.COLOURS)]


def test_every_colour_can_be_read_as_text_on_the_paper(palette: tuple[str, list[str]]) -> None:
    paper, series = palette
    light = linear([paper, *series]) @ np.array([0.2126, 0.7152, 0.0722]) + 0.05  # WCAG 2
    ratio = np.maximum(light[0], light[1:]) / np.minimum(light[0], light[1:])
    assert ratio.min() >= 4.5


@pytest.mark.parametrize("eyes", SEEN)
def test_no_two_colours_look_alike(palette: tuple[str, list[str]], eyes: str) -> None:
    lab = oklab(linear(palette[1]) @ SEEN[eyes].T)
    apart = 100 * np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    assert apart[~np.eye(len(lab), dtype=bool)].min() >= APART[eyes]
