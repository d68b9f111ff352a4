"""What the page says of tables that surrogates learn."""

from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Figures, Part, Table, Words
from tutelage.report.sections import surrogate, surrogate_tables

from .by_hand import ByHand


def parts(root: Path, *, seeds: int = 5, happens: bool = False, gain: float = 0.1) -> list[Part]:
    hand = ByHand(root)
    hand.surrogate_table(seeds, happens, gain)
    return surrogate_tables.parts(records.read(0.95, hand.root))


def said(made: list[Part]) -> str:
    text = " ".join(told for part in made if isinstance(part, Words) for told in part.paragraphs)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_they_end_the_section_of_surrogates_and_without_a_record_it_is_as_it_was(tmp_path: Path) -> None:
    hand = ByHand(tmp_path)
    hand.surrogates(5)
    before = list(surrogate.section(records.read(0.95, hand.root)).parts)
    assert surrogate_tables.parts(records.read(0.95, hand.root)) == []
    hand.surrogate_table(5)
    left = records.read(0.95, hand.root)
    assert list(surrogate.section(left).parts) == [*before, *surrogate_tables.parts(left)]


def test_errors_are_held_against_the_ensemble_and_what_failed_is_counted(tmp_path: Path) -> None:
    told = said(parts(tmp_path))
    assert "1,000 rows: 2 parameters, 1 answer. Each seed keeps 25 % of 80 spectra for its test, whole ones." in told
    assert "Left out: 2 with no answer and 1 with words." in told
    assert "Somebody, 2013; CC BY 4.0." in told
    assert "Against the ensemble: one_net, linear and mean are worse everywhere." in told
    assert "Within 1.96 of the ensemble's spreads lie 40 % of the truths" in told


def test_what_happens_is_held_against_the_base_rate(tmp_path: Path) -> None:
    told = said(parts(tmp_path, happens=True))
    assert "Of all 8.5 % are crashed, so that whoever always says completed is right in 91.5 %" in told
    assert "Log-likelihood, against the base rate: ensemble, one_net and linear are better everywhere." in told
    assert "spreads lie" not in told


def test_who_is_no_likelier_than_the_base_rate_is_said_to_be_worse(tmp_path: Path) -> None:
    told = said(parts(tmp_path, happens=True, gain=-0.1))
    assert "Log-likelihood, against the base rate: ensemble, one_net and linear are worse everywhere." in told


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    assert "Against the ensemble: nothing is claimed below 5 seeds." in said(parts(tmp_path, seeds=4))


def test_both_kinds_are_drawn_and_told_in_tables(tmp_path: Path) -> None:
    made = [*parts(tmp_path), *parts(tmp_path, happens=True)]
    drawn = [title for part in made if isinstance(part, Figures) for title, _ in part.drawings]
    assert drawn == ["noise: error, %", "crashes: nll, nats"]
    errors, compared, apart, _ = [part for part in made if isinstance(part, Table)]
    assert list(errors.columns[2:]) == ["50 rows", "400 rows"]
    assert [errors.rows[0][column].text for column in (0, 3)] == ["ensemble", "20.2"]
    assert compared.rows[0][2].text == "+1.0"  # one net's
    assert list(apart.columns[2:4]) == ["nll, nats", "area under hits by false alarms"]
