"""What the report says of competition is what the record holds."""

import re
from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Section, Table, Words
from tutelage.report.sections import competition

from .by_hand import ByHand

ARM = {
    "arm": "winner_takes_all",
    "data": "table",
    "protocol": "competition",
    "at": "initialisation",
    "level": "samples",
}


def section(root: Path) -> Section:
    return competition.section(records.read(0.95, root))


def cells(table: Table) -> list[str]:
    return [" ".join(filter(None, (f"{cell.text} {cell.beside}".strip() for cell in row))) for row in table.rows]


def test_the_sentence_is_made_of_the_verdicts(tmp_path: Path) -> None:
    words, _, apart = section(ByHand(tmp_path).whole().root).parts
    assert isinstance(words, Words)
    never, time = words.paragraphs[0].split(" It ")
    claim = "in 1 of 2 comparisons (table from random, −{}); 1 stays open."
    assert never == "Soft competition leaves fewer centres idle than hard " + claim.format("9.0")
    assert time == "reaches the target in fewer presentations " + claim.format("9")
    assert isinstance(apart, Table)
    assert [row[-1].text for row in apart.rows] == ["better", "open", "better", "open"]
    assert "the 4 comparisons of this table" in apart.note


def test_below_five_seeds_nothing_is_claimed(tmp_path: Path) -> None:
    words, _, apart = section(ByHand(tmp_path).whole(seeds=4).root).parts
    assert isinstance(words, Words)
    assert words.paragraphs[0] == "Nothing is claimed: fewer than 5 seeds ran."
    assert isinstance(apart, Table)
    assert {row[-1].text for row in apart.rows} == {"too few seeds"}


def test_who_never_reaches_the_target_counts_all_presentations_there_are(tmp_path: Path) -> None:
    hand = ByHand(tmp_path).whole()
    faults = {"centres_never_chosen": 0.0, "quantization_error": 1.0, "reached_q": 0.0}
    late = {"reached_q": 1.0, "presentations_to_q": 7000.0}
    hand.scores(
        "competition",
        [
            {**ARM, "seed": str(seed), "metric": metric, "value": value}
            for seed in range(3)
            for metric, value in (faults | (late if seed == 2 else {})).items()
        ],
    )
    _, shown, _ = section(hand.root).parts
    assert isinstance(shown, Table)
    (row,) = cells(shown)
    assert re.search(r"hard 0\.0 \[0\.0, 0\.0\] 33 6,000 \[6,000, 6,000\] 1\.000", row)
