"""A browser walks over a plane: it draws what the decoder makes in PyTorch, and asks for nothing but the page."""

import copy
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from scipy.stats import norm
from torch import nn

from tutelage.measure import browsers
from tutelage.report import explorers, page, records
from tutelage.report.parts import Explorer, Section
from tutelage.report.records import Records
from tutelage.report.sections import letters

from .by_hand import ByHand

pytestmark = pytest.mark.xdist_group("explorer")  # one browser for all

WIDEST = float(norm.ppf(1 - 0.5 / explorers.STEPS))
PHONE = ViewportSize(width=390, height=844)


@dataclass
class Learner:
    """Codes are an image's first two pixels."""

    decoder: nn.Sequential
    sigmoid: bool

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)[:, :2]

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.encode(x), torch.full((len(x), 2), -4.0)

    def decode(self, z: list[float]) -> np.ndarray:
        """Of weights that are not rounded, in doubles: other tests may have let products of floats be of bfloat16."""
        with torch.no_grad():
            told = copy.deepcopy(self.decoder).double()(torch.tensor([z], dtype=torch.float64))[0]
            return (told.sigmoid() if self.sigmoid else told.clamp(0, 1)).numpy()


def learner(widths: list[int], shape: tuple[int, int, int], *, sigmoid: bool) -> Learner:
    """Of random weights, such that its images change from one end of grey to the other over the plane."""
    draws = torch.Generator().manual_seed(0)
    layers: list[nn.Module] = []
    for narrow, wide in pairwise(widths):
        layers += [nn.Linear(narrow, wide), nn.ReLU()]
        for weight in layers[-2].parameters():
            nn.init.normal_(weight, 0, 1.5 / narrow**0.5, generator=draws)
    return Learner(nn.Sequential(*layers[:-1], nn.Unflatten(1, shape)), sigmoid)


LEARNERS = {
    "real": learner([2, 512, 784], (1, 28, 28), sigmoid=True),
    "colour": learner([2, 8, 5, 36], (3, 4, 3), sigmoid=False),
    "letters": learner([2, 64, 80], (1, 10, 8), sigmoid=True),
}


def shows(part: Explorer) -> Callable[[Records], Section]:
    return lambda _: Section(part.name, [part])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with an explorer of each learner, that of letters inside their whole section."""
    root = tmp_path_factory.mktemp("explorer")
    project = ByHand(tmp_path_factory.mktemp("letters")).whole()
    project.letters(5, browsers.packed(LEARNERS["letters"].decoder, sigmoid=LEARNERS["letters"].sigmoid))
    bare = Records(root, 0.95, {}, {}, pd.DataFrame())
    y = torch.arange(40) % 2
    shown = records.read(0.95, project.root)
    sections: dict[str, Callable[[Records], Section]] = {"letters": lambda _: letters.section(shown)}
    for name in ("real", "colour"):
        taught = LEARNERS[name]
        x = torch.randn(40, 1, 2, 2, generator=torch.Generator().manual_seed(1))
        (root / name).mkdir()
        for what, content in browsers.files(taught, taught.decoder, x, y, sigmoid=taught.sigmoid).items():
            (root / name / f"arm-{what}").write_bytes(content)
        part = explorers.part(bare, Path(name), "arm", ["a", "b"], title=name, caption=name)
        sections[name] = shows(part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "SECTIONS", sections)
        (root / "index.html").write_text(page.render(bare), encoding="utf-8")
    return root / "index.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    if not found:
        pytest.skip("no browser walks over the plane: install one, as by `apt install chromium`")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=found[0], args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Walk:
    """One explorer of the open page."""

    page: Page
    name: str

    def __post_init__(self) -> None:
        self.root = self.page.locator(f"section#{self.name} .explorer")
        self.root.scroll_into_view_if_needed()

    def at(self, across: float, up: float) -> tuple[float, float]:
        """Where on the screen that share of the plane is."""
        box = self.root.locator(".plane > rect").last.bounding_box()
        assert box is not None
        return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]

    def z(self) -> list[float]:
        said = self.root.locator(".where").inner_text().replace("−", "-")
        match = re.fullmatch(r"z₁ = (-?\d\.\d{3}), z₂ = (-?\d\.\d{3})", said)
        assert match, said
        return [float(number) for number in match.groups()]

    def press(self, *keys: str) -> None:
        self.root.locator(".circle").focus()
        for key in keys:
            self.page.keyboard.press(key)

    def check(self) -> None:
        """The canvas at its own resolution against the decoder, at the numbers the page says."""
        drawn = self.root.locator("canvas").evaluate(
            "c => [c.width, c.height, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
        )
        width, height, data = drawn
        pixels = np.array(data).reshape(height, width, 4)
        told = LEARNERS[self.name].decode(self.z()).transpose(1, 2, 0)
        assert (pixels[..., 3] == 255).all()
        assert np.abs(pixels[..., :3] / 255 - told).max() <= 2 / 255


@pytest.fixture(params=LEARNERS)
def walk(request: pytest.FixtureRequest, browser: Browser, file: Path) -> Iterator[Walk]:
    """On a phone: it has the mouse and the keyboard too."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True, color_scheme="dark")
    context.set_offline(True)
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield Walk(opened, request.param)
    assert opened.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    context.close()
    assert asked == [file.as_uri()]
    assert wrong == []


def test_the_walk_begins_in_the_middle(walk: Walk) -> None:
    assert walk.z() == [0, 0]
    walk.check()


def test_dragging_decodes_every_point_on_the_way(walk: Walk) -> None:
    mouse = walk.page.mouse
    mouse.move(*walk.at(0.5, 0.5))
    mouse.down()
    images = set()
    for share in [(0.3, 0.6), (0.05, 0.95), (0.9, 0.7), (0.75, 0.02)]:
        mouse.move(*walk.at(*share), steps=3)
        assert norm.cdf(walk.z()) == pytest.approx(share, abs=0.005)
        walk.check()
        images.add(walk.root.locator("canvas").evaluate("c => c.toDataURL()"))
    assert len(images) == 4
    mouse.up()
    left = walk.z()
    mouse.move(*walk.at(0.2, 0.2))
    assert walk.z() == left


def test_beyond_the_edge_the_circle_stays_on_it(walk: Walk) -> None:
    mouse = walk.page.mouse
    mouse.move(*walk.at(0.5, 0.5))
    mouse.down()
    mouse.move(*walk.at(1.02, -0.05))
    assert walk.z() == pytest.approx([WIDEST, -WIDEST], abs=6e-4)
    walk.check()
    mouse.up()


def test_arrows_step_shift_leaps_home_is_the_middle_and_the_page_does_not_scroll(walk: Walk) -> None:
    walk.press("ArrowRight", "ArrowUp")
    before = walk.page.evaluate("scrollY")
    step = norm.ppf(0.5 + 4 / explorers.STEPS)
    assert walk.z() == pytest.approx([step, step], abs=6e-4)
    walk.check()
    walk.press("ArrowLeft", "Shift+ArrowLeft", "PageDown", "ArrowDown")
    assert walk.z() == pytest.approx(norm.ppf([0.5 - 40 / explorers.STEPS, 0.5 - 40 / explorers.STEPS]), abs=6e-4)
    walk.check()
    walk.press(*["Shift+ArrowUp"] * 12)
    assert walk.z()[1] == pytest.approx(WIDEST, abs=6e-4)
    walk.check()
    walk.press("Home")
    assert walk.z() == [0, 0]
    assert walk.page.evaluate("scrollY") == before


def test_a_finger_taps_and_drags_and_the_page_does_not_scroll(walk: Walk) -> None:
    walk.page.touchscreen.tap(*walk.at(0.2, 0.3))
    assert norm.cdf(walk.z()) == pytest.approx([0.2, 0.3], abs=0.005)
    walk.check()
    before = walk.page.evaluate("scrollY")
    fingers = walk.page.context.new_cdp_session(walk.page)
    for event, share in [("touchStart", 0.3), ("touchMove", 0.5), ("touchMove", 0.8)]:
        x, y = walk.at(0.6, share)
        fingers.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": [{"x": x, "y": y}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert norm.cdf(walk.z()) == pytest.approx([0.6, 0.8], abs=0.005)
    walk.check()
    assert walk.page.evaluate("scrollY") == before


def test_without_a_script_the_plane_is_there_and_promises_nothing(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(file.as_uri())
    assert opened.locator(".plane").first.is_visible()
    assert not opened.locator(".decoded").first.is_visible()
    context.close()
