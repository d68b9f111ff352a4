"""Letters as faces draw them: whole, on one line, of one size, the same bytes every time."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from root import ROOT

from tutelage.data import fetching, glyphs
from tutelage.errors import Mistake

Letters = NDArray[np.uint8]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw") / "letters"
    fetching.fetch("letters", folder, ROOT / "data" / "catalogue.yaml")
    return folder


@pytest.fixture(scope="module")
def drawn(raw: Path) -> dict[str, Letters]:
    """The letters of each face, in their order."""
    images, _, faces = glyphs.read(raw)
    return {str(face): images[faces == face, 0] for face in np.unique(faces)}


def test_every_face_has_every_letter_and_no_two_look_the_same(drawn: dict[str, Letters]) -> None:
    assert len(drawn) == 21
    for face, letters in drawn.items():
        assert len({letter.tobytes() for letter in letters}) == len(glyphs.LETTERS) == 52, face
        assert letters.max(axis=(1, 2)).min() > 200, face


def test_none_is_clipped(drawn: dict[str, Letters]) -> None:
    for face, letters in drawn.items():
        rim = np.concatenate([letters[:, [0, -1]].reshape(52, -1), letters[:, :, [0, -1]].reshape(52, -1)], 1)
        assert rim.max() == 0, face


def test_letters_stand_on_one_line_at_one_size(drawn: dict[str, Letters]) -> None:
    for face, letters in drawn.items():
        rows = {name: np.flatnonzero(ink.any(1)) for name, ink in zip(glyphs.LETTERS, letters > 127, strict=True)}
        assert {rows[letter][-1] for letter in "HEFILTXkhimnx"} == {glyphs.BASELINE - 1}, face
        assert {len(rows[letter]) for letter in "HEFL"} == {glyphs.CAPITAL}, face
        assert glyphs.CAPITAL / 2 < len(rows["x"]) < len(rows["h"]), face
        assert rows["g"][-1] > glyphs.BASELINE + 1, face


def test_ink_is_in_the_middle(drawn: dict[str, Letters]) -> None:
    for face, letters in drawn.items():
        for letter in letters:
            columns = np.flatnonzero(letter.any(0))
            assert abs(columns[0] - (glyphs.SIDE - 1 - columns[-1])) <= 1, face


def test_reading_twice_gives_the_same_bytes(raw: Path) -> None:
    one, again = ([array.tobytes() for array in glyphs.read(raw)] for _ in range(2))
    assert one == again


def test_a_face_that_does_not_fit_its_frame_is_one_line(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "CAPITAL", 24)
    with pytest.raises(Mistake, match=r"/[\w ]+\.ttf: \w has no ink, or more than a frame of 28×28 holds; leave"):
        glyphs.read(raw)


@pytest.mark.parametrize("content", [b"", b"no font", None])
def test_a_damaged_font_is_one_line(raw: Path, tmp_path: Path, content: bytes | None) -> None:
    whole = (raw / "STIX" / "General.ttf").read_bytes()
    (tmp_path / "General.ttf").write_bytes(whole[: len(whole) // 3] if content is None else content)
    with pytest.raises(Mistake, match=r"^[^\n]+/General\.ttf is damaged \([^\n]+\); delete it and fetch it again$"):
        glyphs.read(tmp_path)
