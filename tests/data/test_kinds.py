"""Problems on files: what their makers make of a few lines, and splits that cut no group."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tutelage import params
from tutelage.data import controls, docstrings, fever, kinds, makers, problems, pubmedqa, tweets, words, xquad
from tutelage.data.problems import Examples
from tutelage.errors import Mistake


def examples(n: int = 60, groups: int = 12) -> Examples:
    rows = np.arange(n)
    return Examples(rows[:, None] + np.zeros(3), -rows[:, None] + np.zeros(2), rows % 3, rows % groups)


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("split", range(5))
def test_no_group_is_on_both_sides_of_a_split(split: int) -> None:
    told = problems.drawn(examples(), labels=20, asked=13, split=split)
    assert (len(told.taught.y), len(told.asked.y)) == (20, 13)
    assert not set(told.taught.group) & set(told.asked.group)
    assert len(set(told.taught.x[:, 0])) == 20


def test_a_split_asks_the_same_whatever_the_labels_and_fewer_are_some_of_more() -> None:
    few, many = (problems.drawn(examples(), labels=n, asked=13, split=0) for n in (5, 20))
    assert np.array_equal(few.asked.x, many.asked.x)
    assert np.array_equal(few.taught.x, many.taught.x[:5])


def test_another_split_is_another_draw() -> None:
    one, other = (problems.drawn(examples(), labels=20, asked=13, split=split) for split in (0, 1))
    assert set(one.asked.group) != set(other.asked.group)


@pytest.mark.parametrize(
    ("labels", "asked", "said"),
    [
        (10, 61, "asked is 61, and there are 60 examples in all; lower it"),
        (
            50,
            13,
            "labels asks for 50, and of 60 examples 45 are in no group of the 13 that are asked; lower one of them",
        ),
    ],
)
def test_too_few_examples_are_one_line(labels: int, asked: int, said: str) -> None:
    with pytest.raises(Mistake) as told:
        problems.drawn(examples(), labels=labels, asked=asked, split=0)
    assert str(told.value) == said


def test_rows_of_words_have_unit_length_and_count_no_word_twice() -> None:
    rows = words.hashed([["a", "b", "a"], ["b", "a"], []], 64)
    np.testing.assert_allclose((rows**2).sum(1), [1, 1, 0], atol=1e-12)
    assert np.array_equal(rows[0], rows[1])


def test_a_row_of_words_is_the_same_whatever_others_there_are() -> None:
    assert np.array_equal(words.hashed([["a", "b"]], 64)[0], words.hashed([["c"], ["a", "b"]], 64)[1])


def test_rows_of_unit_length_are_not_standardised_and_controls_are_as_long() -> None:
    rows = words.hashed([[f"word {i}", f"word {i % 7}"] for i in range(60)], 32)
    of = examples()._replace(x=rows, star=rows[::-1].copy())
    split = problems.drawn(of, labels=20, asked=13, split=0)
    told = controls.stack([split], 2, standardised=False)
    assert np.array_equal(told.x[0], split.taught.x)
    for control in ("noise", "constant", "shuffled"):
        seen = controls.instead(control, told)
        assert seen is not None
        torch.testing.assert_close(seen.norm(dim=-1), torch.ones(1, 20, dtype=torch.float64))


def test_a_class_that_is_asked_and_never_taught_is_a_class_too() -> None:
    split = problems.drawn(examples(), labels=20, asked=13, split=0)
    sides = (split.taught._replace(y=np.zeros(20, np.int64)), split.asked._replace(y=np.full(13, 2)))
    split = problems.Split(*sides)
    assert controls.stack([split], 2).y.shape[-1] == 3


def test_a_docstring_is_cut_into_its_line_and_the_text_below_that_does_not_say_where_it_is() -> None:
    text = "f(x, *args)\n\nA wave.\n\nOf `scipy.signal.g`.\n\n>>> from scipy import signal\n... 1\n\nPeriodic."
    assert docstrings.cut(text) == ("A wave.", "Of ` `. Periodic.")
    assert docstrings.cut("Only a line.") is None


def test_docstrings_of_scipy_are_of_every_package_and_those_that_begin_alike_of_one_group() -> None:
    read = docstrings.read()
    assert {text.y for text in read} == set(docstrings.PACKAGES)
    assert len(read) > 900
    assert all(len(text.group) <= docstrings.ALIKE for text in read)
    assert not any("scipy" in text.star for text in read)


def test_a_tweet_without_text_is_left_out(tmp_path: Path) -> None:
    lines = 'textID,text,selected_text,sentiment\na,"Sooo SAD, I\'ll miss you",Sooo SAD,negative\nb,,,neutral\n'
    (text,) = tweets.read(written(tmp_path, "train.csv", lines))
    assert text == (["sooo", "sad", "i", "ll", "miss", "you"], ["sooo", "sad"], "negative", "a")


def test_a_question_meets_the_sentence_that_answers_it_and_one_that_answers_another(tmp_path: Path) -> None:
    sentences = ["Ann Lee won 308 points.", "It rained.", "She left in May."]
    breaks, asked = [[0, 23], [24, 34], [35, 51]], [("How many points?", 12, "308"), ("When did Ann leave?", 47, "May")]
    qas = [{"question": q, "answers": [{"answer_start": at, "text": t}]} for q, at, t in asked]
    paragraph = {"context": " ".join(sentences), "sentences": sentences, "sentence_breaks": breaks, "qas": qas}
    told = {"data": [{"title": "A", "paragraphs": [paragraph]}]}
    read = xquad.read(written(tmp_path, "xquad-r.en.json", json.dumps(told)))
    assert [text.y for text in read] == ["relevant", "other"] * 2
    assert [list(text.star) for text in read[:2]] == [["how:308", "how:number"], ["how:may", "how:name"]]
    assert "both:points" in read[0].x
    assert {text.group for text in read} == {"0"}


def test_a_claim_meets_its_article_and_what_was_marked_there(tmp_path: Path) -> None:
    evidence = [[{"docid": "Ann", "text": "Ann won ."}]]
    claim = {"query": "Ann lost.", "classification": "REFUTES", "docids": ["Ann"], "evidences": evidence}
    written(tmp_path, "docs/Ann", "Ann won .\nShe left .")
    (text,) = fever.read(written(tmp_path, "val.jsonl", json.dumps(claim) + "\n"))
    assert (text.y, text.group) == ("refutes", "Ann")
    assert "text:left" in text.x
    assert "text:left" not in text.star
    assert "missing:lost" in text.star


def test_a_paper_s_conclusion_is_in_x_star_alone(tmp_path: Path) -> None:
    paper = {"QUESTION": "Does it?", "CONTEXTS": ["One.", "Two."], "LONG_ANSWER": "It does.", "final_decision": "yes"}
    (text,) = pubmedqa.read(written(tmp_path, "ori_pqal.json", json.dumps({"7": paper})))
    assert text == (["question:does", "question:it", "one", "two"], ["it", "does"], "yes", "7")


def problem(**said: object) -> kinds.Problem:
    return params.parse(kinds.Entry, "lupi.a", {"lupi": {"a": {"problem": said, "splits": 3}}}).problem


def test_what_is_made_is_the_same_bytes_twice_and_comes_back(tmp_path: Path) -> None:
    block = problem(kind="documents", name="scipy", columns=16)
    for name in ("one", "two"):
        makers.prepare(block, tmp_path / "raw", tmp_path / name)
    files = [{p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two")]
    assert files[0] == files[1]
    made = problems.load(tmp_path / "one")
    assert made is not None
    assert made.classes == docstrings.PACKAGES
    assert not made.standardised
    assert made.examples.x.shape == made.examples.star.shape == (len(made.examples.y), 16)


def test_of_what_each_split_draws_anew_only_that_is_said(tmp_path: Path) -> None:
    makers.prepare(problem(kind="worlds", world="clean_labels", dim=5), tmp_path / "raw", tmp_path / "made")
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["about.json"]
    assert problems.load(tmp_path / "made") is None


def test_examples_that_nobody_made_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"about\.json is missing; run `make repro`, which makes it"):
        problems.load(tmp_path / "made")


def test_a_data_set_that_is_no_problem_of_its_kind_is_one_line() -> None:
    with pytest.raises(Mistake, match="'scipy' or 'tweet-sentiment'"):
        problem(kind="documents", name="tweets", columns=16)


def test_numbers_of_a_docstring_are_no_words_since_examples_may_draw_them_anew() -> None:
    told = [
        docstrings.cut(f"Draws.\n\nSamples are array([{n}, -1.5e-05]) of <f at 0x7f{n}a>; see dim 2d.") for n in (3, 47)
    ]
    assert told[0] == told[1]
    assert told[0] is not None
    assert "Samples are array" in told[0][1]
