"""Windows of hours of transformers: files made here in the layout of theirs."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from tutelage import params
from tutelage.data import ett, kinds
from tutelage.errors import Mistake

HOURS = 3 * ett.BLOCK
BLOCK = {"kind": "ett", "history": 6, "horizon": 12, "around": 2}
OF = kinds.Ett.model_validate(BLOCK)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Oil is the hour's number, falling in the second file; loads are it and some thousands."""
    for name, way in zip(ett.FILES, (1, -1), strict=True):
        rows = [
            ",".join(["a date", *(str(way * hour + 1000 * load) for load in (1, 2, 3, 4, 5, 6, 0))])
            for hour in range(HOURS)
        ]
        (tmp_path / name).write_text("\n".join([",".join(ett.COLUMNS), *rows]) + "\n", encoding="utf-8")
    return tmp_path


def test_a_window_has_loads_and_oil_up_to_now_and_oil_around_the_hour_asked_about(raw: Path) -> None:
    of = ett.make(OF, raw).examples
    assert of.x[0].tolist() == [hour + 1000 * load for load in (1, 2, 3, 4, 5, 6, 0) for hour in range(6)]
    assert of.star[0].tolist() == [10, 11, 13, 14]
    assert of.x[1, -1] == of.x[0, -1] + ett.STEP
    half = len(of.y) // 2
    assert of.y.tolist() == [1] * half + [0] * half


def test_no_window_reaches_into_another_group_and_a_day_lies_between(raw: Path) -> None:
    of = ett.make(OF, raw).examples
    half = len(of.y) // 2
    begins, group = of.x[:half, -6], of.group[:half]
    assert np.array_equal(of.group[half:], group)
    ends = begins + 6 + 12 + 2 - 1
    spans = [(begins[group == k].min(), ends[group == k].max()) for k in range(3)]
    assert all(later[0] - earlier[1] > ett.GAP for earlier, later in itertools.pairwise(spans))


def test_all_hours_of_the_day_are_asked_about(raw: Path) -> None:
    of = ett.make(OF, raw).examples
    assert set(of.x[:, -1].astype(int) % 24) == set(range(24))


def test_x_star_that_would_reach_back_into_x_is_one_line() -> None:
    with pytest.raises(Mistake, match=r"around is 12; it must be below horizon, 12, or x\* is in x too"):
        params.parse(kinds.Ett, "problem", {"problem": BLOCK | {"around": 12}})


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("date,OT\n1,2\n", r"ETTh2\.csv is damaged \(its columns are date, OT\); delete it"),
        (",".join(ett.COLUMNS) + "\nd,1,2,3,4,5,6,seven\n", r"ETTh2\.csv is damaged \(could not convert"),
        ("", r"ETTh2\.csv is damaged \("),
        (None, r"ETTh2\.csv is missing; run `make repro`, which fetches ett$"),
    ],
)
def test_a_missing_and_a_damaged_file_are_one_line(raw: Path, content: str | None, line: str) -> None:
    path = raw / "ETTh2.csv"
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(Mistake, match=line) as told:
        ett.make(OF, raw)
    assert len(str(told.value).splitlines()) == 1
