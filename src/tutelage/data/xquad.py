"""Questions and sentences: x both, x* what readers marked in the sentence as an answer, y whether to this question.

A sentence in which nothing is marked is no candidate: that it is none would stand in x*.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tutelage.data.words import Text, marked, words


class Answer(NamedTuple):
    """What was marked, and in which sentence."""

    question: str
    sentence: str
    span: str


def read(raw: Path) -> list[Text]:
    """Each question with the sentence that answers it, and with the next that answers another; groups are articles."""
    articles = json.loads((raw / "xquad-r.en.json").read_text(encoding="utf-8"))["data"]
    return [
        text
        for number, article in enumerate(articles)
        for paragraph in article["paragraphs"]
        for text in _paired(list(_answers(paragraph)), str(number))
    ]


def _answers(paragraph: dict[str, Any]) -> Iterator[Answer]:
    sentences = list(zip(paragraph["sentence_breaks"], paragraph["sentences"], strict=True))
    for asked in paragraph["qas"]:
        answer = asked["answers"][0]
        for (begin, end), sentence in sentences:
            if begin <= answer["answer_start"] < end:
                yield Answer(asked["question"], sentence, answer["text"])


def _paired(answers: list[Answer], article: str) -> Iterator[Text]:
    for at, own in enumerate(answers):
        turned = answers[at + 1 :] + answers[:at]
        other = next((one for one in turned if one.sentence != own.sentence), None)
        if other:  # as many of either kind
            yield _text(own.question, own, "relevant", article)
            yield _text(own.question, other, "other", article)


def _text(question: str, answer: Answer, y: str, article: str) -> Text:
    """What is asked for (who, when, how many) meets what kinds of words there are: numbers and names."""
    q = words(question)
    asks = next((word for word in q if word in ASKING), "")
    return Text(_met(q, asks, answer.sentence), _met(q, asks, answer.span), y, article)


def _met(q: list[str], asks: str, text: str) -> list[str]:
    told = words(text)
    kinds = {"number" if word.isdigit() else "name" for word in re.findall(r"\d+|[A-Z]\w+", text)} or {"plain"}
    return [*marked("both", [w for w in q if w in told]), *marked(asks, told), *marked(asks, sorted(kinds))]


ASKING = {"who", "whose", "whom", "when", "where", "what", "which", "why", "how", "many", "much", "year"}
