"""Questions and abstracts of papers: x the question and what was found, x* the conclusion, y what experts answered."""

import json
from pathlib import Path

from tutelage.data.words import Text, marked, words


def read(raw: Path) -> list[Text]:
    """The thousand that experts labelled; a group a paper."""
    papers = json.loads((raw / "ori_pqal.json").read_text(encoding="utf-8"))
    return [
        Text(
            [*marked("question", words(paper["QUESTION"])), *words(" ".join(paper["CONTEXTS"]))],
            words(paper["LONG_ANSWER"]),
            paper["final_decision"],
            number,
        )
        for number, paper in papers.items()
    ]
