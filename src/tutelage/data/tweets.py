"""Tweets: x what was written, x* the phrase by which a reader told its mood, y the mood."""

import csv
from pathlib import Path

from tutelage.data.words import Text, words


def read(raw: Path) -> list[Text]:
    """In the order of the file, without the one that has no text. A neutral one's phrase is nearly all of it."""
    with (raw / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip()]
    return [Text(words(row["text"]), words(row["selected_text"]), row["sentiment"], row["textID"]) for row in rows]
