"""Outlines from files in the layouts there are, and the numbers of an outline that they are known of."""

import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from root import MIRROR

from tutelage.data import airfoils
from tutelage.simulators import airfoil, outlines

AROUND = airfoil.section(torch.tensor([[0.02, 0.4, 0.12]], dtype=torch.float64), panels=40)[0].numpy()


def rows(points: np.ndarray) -> str:
    return "".join(f"  {x:.8f}  {y: .8f}\n" for x, y in points)


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "one.dat").write_bytes(text.encode("latin-1"))
    return tmp_path / "one.dat"


LEDNICER = f"NACA 2412\n  21. 21.\n\n{rows(AROUND[20::-1])}\n{rows(AROUND[20:])}"


@pytest.mark.parametrize(
    "text",
    [
        f"NACA 2412\n{rows(AROUND)}",
        f"NACA 2412\r\n{rows(AROUND)}".replace("\n", "\r\n"),
        f"NACA 2412\n-2.0 3.0 -2.5 3.5\n{rows(AROUND)}\nhttp://example.org/d\xe9crit\n12 % thick\n",
        f"12 0.5\n\n{rows(AROUND)}".replace("  ", "\t"),  # the name is no point
        LEDNICER,
    ],
)
def test_every_layout_is_the_same_outline(text: str, tmp_path: Path) -> None:
    np.testing.assert_allclose(airfoils.read(written(tmp_path, text)), AROUND, atol=1e-8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name only", "0 points, fewer than 10"),
        (f"x\n{rows(AROUND[:9])}", "9 points, fewer than 10"),
        (f"x\n{rows(AROUND[:20])} (gap)\n{rows(AROUND[20:])}", "words between its points"),
        (f"x\n{rows(AROUND[:21])}", "a gap of 1 between its ends"),
        (f"x\n{rows(AROUND[:20])} nan 0\n{rows(AROUND[20:])}", "a point that is no number"),
        (LEDNICER.replace("21. 21.", "21. 20."), "42 points, and a count of 41"),
    ],
)
def test_what_is_no_outline_says_why(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        airfoils.read(written(tmp_path, text))


def test_an_outline_made_of_known_numbers_has_them() -> None:
    known = np.array([0.01, 0.2, 0.15, 0.1, -0.1, -0.05, -0.12])
    x = (1 + np.cos(np.linspace(0, np.pi, 51))) / 2
    above, below = (known[0] * (1 - x) + airfoils.forms(x, 3) @ side for side in (known[1:4], known[4:]))
    nodes = np.column_stack([np.append(x, x[-2::-1]), np.append(above, below[-2::-1])])
    np.testing.assert_allclose(airfoils.coefficients(nodes, 3), known, atol=1e-12)


def test_a_side_begins_as_round_as_its_nose() -> None:
    # y → A₀ √x, and NACA's half thickness 5 t · 0.2969 √x.
    nodes = airfoil.section(torch.tensor([[0.0, 0.4, 0.12]], dtype=torch.float64), panels=200)[0].numpy()
    told = airfoils.coefficients(nodes, 8)
    assert told[[1, 9]] == pytest.approx([5 * 0.12 * 0.2969, -5 * 0.12 * 0.2969], rel=0.05)


@pytest.mark.skipif(not (MIRROR / "airfoil-shapes").is_dir(), reason="the outlines are a download")
def test_real_files_are_read_and_those_that_cannot_be_are_named(tmp_path: Path) -> None:
    with tarfile.open(MIRROR / "airfoil-shapes/airfoil-shapes.tar.gz") as tar:
        tar.extractall(tmp_path, filter="data")
    failed = {}
    for path in (tmp_path / "airfoil_database").glob("*.dat"):
        try:
            assert outlines.repanelled(airfoils.read(path), 40).isfinite().all()
        except ValueError as error:
            failed[path.stem] = str(error)
    assert failed == {"ah93w480b": "a gap of 0.23 between its ends", "naca23021": "words between its points"}
