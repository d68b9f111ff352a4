"""Verdicts in words and in tables: nothing is said that was not found."""

import pytest

from tutelage.measure.significance import Difference
from tutelage.report import comparisons, verdicts
from tutelage.report.comparisons import Comparison


def family(told: dict[str, str], seeds: int = 5) -> list[Comparison]:
    """An arm each, a sign a level: + better, - worse, . open."""
    means = {"+": 0.2, "-": -0.2, ".": 0.0}
    made = []
    for arm, signs in told.items():
        for level, sign in zip(("1", "5", "50"), signs, strict=False):
            p = 1.0 if sign == "." else 0.001
            d = Difference(means[sign], means[sign] - 0.1, means[sign] + 0.1, seeds, p)
            made.append(Comparison((level,), arm, "pca", d, p, comparisons.verdict(d, p, 0.95)))
    return made


def said(told: list[Comparison]) -> str:
    return verdicts.said(told, "Accuracy, against pca", verdicts.at("labels"))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"deep": "+++"}, "deep is better everywhere."),
        ({"deep": "+.-"}, "deep is better at 1 labels; deep is worse at 50 labels; elsewhere nothing is claimed."),
        ({"deep": "++.", "tied": "++."}, "deep and tied are better at 1 and 5 labels; elsewhere nothing is claimed."),
        ({"deep": "---", "tied": "..."}, "deep is worse everywhere; of tied nothing is claimed."),
        ({"deep": "..."}, "of deep nothing is claimed."),
    ],
)
def test_words_are_the_verdicts(told: dict[str, str], words: str) -> None:
    assert said(family(told)) == f"Accuracy, against pca: {words}"


def test_where_there_is_one_cell_no_place_is_named() -> None:
    told = [c for c in family({"deep": "+", "tied": "-"}) if c.cell == ("1",)]
    assert verdicts.said(told, "Error", lambda cells: "") == "Error: deep is better; tied is worse."


def test_only_who_is_better_is_said_where_that_is_asked() -> None:
    told = family({"deep": "+--", "tied": "---"})
    assert verdicts.said(told, "Error", verdicts.at("labels"), gains=True) == "Error: deep is better at 1 labels."
    assert verdicts.said(told[3:], "Error", verdicts.at("labels"), gains=True) == "Error: none is better."


def test_below_five_seeds_words_claim_nothing() -> None:
    assert said(family({"deep": "+++"}, seeds=4)) == "Accuracy, against pca: nothing is claimed below 5 seeds."
    assert verdicts.counted(family({"deep": "+++"}, seeds=4)) == ""


def test_each_comparison_is_counted_once() -> None:
    told = verdicts.counted(family({"deep": "++-", "tied": "..-"}))
    assert told == "Of 6 comparisons 2 are better, 2 worse, 2 open."


def test_a_negative_scale_shows_scores_that_were_turned_as_they_were() -> None:
    (better,) = family({"deep": "+"})
    plain, turned = (comparisons.told(better, scale=scale)[0] for scale in (1, -1))
    assert (plain.text, plain.beside) == ("+0.2", "[+0.1, +0.3]")
    assert (turned.text, turned.beside) == ("−0.2", "[−0.3, −0.1]")
    assert comparisons.told(better, scale=-1)[-1].text == "better"


def test_a_table_has_a_row_a_comparison_and_says_how_many_were_corrected_together() -> None:
    table = verdicts.table("Accuracy", ["way", "labels"], family({"deep": "+-", "tied": ".."}))
    assert len(table.rows) == 4
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert "for the 4 comparisons" in table.note
    assert [row[-1].tone for row in table.rows] == ["better", "worse", "open", "open"]
