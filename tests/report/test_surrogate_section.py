"""What the page says of surrogates of simulators."""

import json
import re
from pathlib import Path

import pytest

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.records import Missing
from tutelage.report.sections import surrogate

from .by_hand import ByHand


def parts(root: Path, seeds: int = 5, **told: float) -> list[Part]:
    hand = ByHand(root)
    hand.surrogates(seeds, **told)
    return list(surrogate.section(records.read(0.95, hand.root)).parts)


def said(made: list[Part]) -> str:
    text = " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_errors_are_those_of_the_records_with_the_most_runs(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert (
        "Airfoil: with 500 runs the ensemble errs by 2 %, in its worst answer by 4.01 %; gaussian_process by 1 %, "
        "boosting by 20 %, linear by 50.1 %, mean by 100 % and one_net by 3.01 %. Of the deviation among all runs that "
        "is 1 %; the bar of 2 % is reached with 100 runs." in told
    )


def test_the_bar_that_is_not_reached_is_said(tmp_path: Path) -> None:
    assert said(parts(tmp_path, ours=0.08)).count("the bar of 2 % is not reached with 500 runs either") == 2


def test_every_way_is_held_against_the_ensemble(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert (
        "Against the ensemble: gaussian_process is better everywhere; one_net, boosting, linear and mean are worse "
        "everywhere." in told
    )
    assert (
        "Climate, runs where the ensemble disagrees most, against as many of the even design: asking_ensemble is "
        "better at 100 runs." in told
    )


def test_below_five_designs_nothing_is_claimed(tmp_path: Path) -> None:
    told = said(parts(tmp_path, seeds=4))
    assert told.count("nothing is claimed below 5 seeds") == 4
    assert " better " not in told


@pytest.mark.parametrize(("sure", "said_so"), [(0.7, True), (0.94, False)])
def test_who_is_surer_than_it_may_be_is_told(sure: float, said_so: bool, tmp_path: Path) -> None:
    told = said(parts(tmp_path, sure=sure))
    assert f"For climate they are of ensemble {100 * sure:.3g} % inside and {100 * sure - 10:.3g} % outside" in told
    assert ("is surer than it may be" in told) == said_so
    assert ("is not surer than it may be" in told) == (not said_so)


def test_runs_that_jump_are_counted_and_what_is_left_without_them(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert "Outside the region of climate the ensemble errs by 10 %, 5 times as much as inside" in told
    assert "There 3 runs jump" in told
    assert "Less these the ensemble errs by 4.01 %, gaussian_process by 2 %." in told
    assert told.count("runs jump") == 1  # of the airfoil none does
    assert "runs jump" not in said(parts(tmp_path, jumped=0))


def test_runs_that_failed_are_counted(tmp_path: Path) -> None:
    assert said(parts(tmp_path, failed=7)).count("7 of the simulator's runs failed and are left out.") == 2
    assert "failed" not in said(parts(tmp_path))


def test_without_the_arm_that_asks_nothing_is_said_of_it(tmp_path: Path) -> None:
    parts(tmp_path)
    params = tmp_path / "params.yaml"
    text = params.read_text(encoding="utf-8")
    params.write_text(re.sub(r"  asking: \{.*?\}", "  asking: null", text), encoding="utf-8")
    for name in ("climate", "airfoil"):
        path = tmp_path / f"reports/stages/surrogate@{name}/scores.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told["rows"] = [row for row in told["rows"] if row[0] != "asking_ensemble"]
        path.write_text(json.dumps(told), encoding="utf-8")
    made = list(surrogate.section(records.read(0.95, tmp_path)).parts)
    assert "disagrees most" not in said(made)
    assert all("asking_ensemble" not in row[0].text for part in made if isinstance(part, Table) for row in part.rows)


def test_errors_places_and_comparisons_are_tables_and_both_simulators_are_drawn(tmp_path: Path) -> None:
    made = parts(tmp_path)
    drawn = [title for part in made if isinstance(part, Figures) for title, _ in part.drawings]
    assert drawn[:2] == ["climate: error, %", "airfoil: error, %"]
    assert drawn[2:] == [
        "Two climates of one kind of planet",
        "Pressure on a section: camber 2.0 % at 40 %, thickness 12 %, 3.0°",
    ]
    errors, places, *compared = [part for part in made if isinstance(part, Table)]
    assert list(errors.columns[2:]) == ["50 runs", "100 runs", "500 runs"]
    (process,) = [row for row in errors.rows if (row[0].text, row[1].text) == ("climate", "gaussian_process")]
    assert [cell.text for cell in process[2:]] == ["2.00", "1.50", "1.00"]
    (ours,) = [row for row in places.rows if (row[0].text, row[1].text) == ("airfoil", "ensemble")]
    assert [cell.text for cell in ours[2:]] == ["2.00", "10", "4.01", "90.0"]
    assert [len(table.rows) for table in compared] == [16, 16]
    (less,) = [row for row in compared[0].rows if (row[0].text, row[1].text) == ("gaussian_process", "500")]
    assert less[2].text == "−1.00"
    assert less[-1].text == "better"


def test_a_simulator_whose_record_is_missing_leaves_the_section_out(tmp_path: Path) -> None:
    parts(tmp_path)
    (tmp_path / "reports/stages/surrogate@climate/scores.json").unlink()
    with pytest.raises(Missing, match="surrogate@climate"):
        surrogate.section(records.read(0.95, tmp_path))
