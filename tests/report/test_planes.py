"""A plane of two latent numbers: everything where the axes say, classes told apart whatever their number."""

import base64
import io
import re

import numpy as np
from PIL import Image

from tutelage.report import figures, planes

from .by_hand import NASTY


def drawn(kinds: int) -> str:
    places = [((kind + 0.5) / kinds, 0.25, kind) for kind in range(kinds)]
    names = [NASTY, *(f"class {kind}" for kind in range(1, kinds))]
    return str(planes.scatter("plane", places, names, density=[[1.0]], title="Where", told="There"))


def test_a_dot_lies_where_the_priors_share_says_and_upwards_is_more() -> None:
    told = str(
        planes.scatter("plane", [(0.0, 1.0, 0), (0.5, 0.25, 0)], ["a"], density=[[1.0]], title="Where", told="There")
    )
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="2.4"/>', told)
    assert dots == [("0.0", "0.0"), (f"{planes.SIDE / 2:.1f}", f"{0.75 * planes.SIDE:.1f}")]
    (z, middle) = re.findall(r'x="([\d.]+)" y="\d+" text-anchor="middle">0<', told), planes.SIDE / 2
    assert z == [f"{middle:.1f}"]


def test_ten_classes_have_ten_colours() -> None:
    assert len(set(re.findall(r'<g fill="(var\(--series-\d+\))">', drawn(figures.COLOURS)))) == figures.COLOURS


def test_classes_beyond_the_colours_are_rings() -> None:
    told = drawn(figures.COLOURS + 3)
    assert told.count('<g fill="none" stroke=') == 3
    assert told.count('<circle r="0.7" stroke-width="0.4" fill="none" stroke=') == 3


def test_a_class_is_named_on_the_plane_and_in_the_key_and_its_name_is_text() -> None:
    told = drawn(3)
    assert told.count("class 2") == 3  # when pointed at, on the plane, in the key
    assert "&lt;/script&gt;&lt;b&gt;" in told
    assert "<b>" not in told


def test_a_class_nobody_is_of_is_in_the_key_alone() -> None:
    told = str(
        planes.scatter("plane", [(0.5, 0.5, 0)], ["here", "nowhere"], density=[[1.0]], title="Where", told="There")
    )
    assert told.count("nowhere") == 1


def test_letters_are_written_where_they_lie_in_their_groups_colours_and_the_learned_behind_them() -> None:
    learned, asked = [(0.5, 0.5, 0, 3)], [(0.0, 1.0, 1, 0), (0.25, 0.0, 0, 1)]
    told = str(
        planes.letters("plane", learned, asked, ["a", NASTY], ["One", "Two"], [[1.0]], title="Where", told="There")
    )
    assert 'class="heat"' in told
    inside = told[told.index('class="letters"') : told.index('class="ticks"')]
    written = re.findall(r'<text x="([\d.]+)" y="([\d.]+)">([^<]*)<', inside)
    assert written == [
        ("200.0", "200.0", "a"),
        ("0.0", "0.0", "&lt;/script&gt;&lt;b&gt;&#34;&#39;&amp;"),
        ("100.0", "400.0", "a"),
    ]
    assert inside.index('class="faint"') < inside.index("var(--series-0)") < inside.index("var(--series-1)")
    assert told.count("Two") == 2  # when pointed at, and in the key


def test_the_density_is_a_mask_for_the_pages_colour_full_where_the_codes_are_thick() -> None:
    density = [[0.0, planes.FULL / 2], [planes.FULL, 9.0]]
    told = str(planes.scatter("plane", [], ["a"], density=density, title="Where", told="There"))
    (png,) = re.findall(r'<mask id="plane-dense"><image [^>]*base64,([^"]+)"', told)
    light = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))))
    assert light.tolist() == [[0, 128], [255, 255]]
    assert 'mask="url(#plane-dense)"' in told
