"""The page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tutelage.measure import significance
from tutelage.report import page, parts, records

from .by_hand import NASTY, ByHand


class Seen(HTMLParser):
    """Every element with its attributes, and the text a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def render(root: Path) -> str:
    return page.render(records.read(0.95, root))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(ByHand(tmp_path_factory.mktemp("whole")).whole().root)


def test_the_page_is_the_same_bytes_twice(whole: str, tmp_path: Path) -> None:
    assert render(ByHand(tmp_path).whole().root) == whole


def test_the_page_fetches_nothing(whole: str) -> None:
    for tag, attributes in Seen(whole).elements:
        assert tag not in ("link", "iframe", "object", "embed"), tag
        assert re.match("data:image/(png|webp);base64,", attributes.get("src") or "data:image/png;base64,"), attributes
        assert tag != "img" or attributes["alt"]
        assert re.match("#|data:image/png;base64,", attributes.get("href") or "#"), attributes
    assert whole.count("<script>") == 2  # ours, for picking a node of a map and for walking over a plane
    assert not re.search(r"https?:|url\((?!#)|@import|xmlns", whole)


def test_every_drawing_says_what_it_shows_to_who_cannot_see_it(whole: str) -> None:
    elements = Seen(whole).elements
    ids = {a["id"] for _, a in elements if "id" in a}
    drawings = [a for tag, a in elements if tag == "svg" and "aria-hidden" not in a]
    assert len(drawings) == 72
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= ids
    assert re.findall(r"<title[^>]*></title>|<desc[^>]*></desc>", whole) == []


def test_no_id_is_there_twice(whole: str) -> None:
    ids = [a["id"] for _, a in Seen(whole).elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_what_a_data_set_is_called_is_text(tmp_path: Path) -> None:
    hand = ByHand(tmp_path).whole(name=NASTY, classes=[NASTY, *"123456789"])
    seen = Seen(render(hand.root))
    tags = [tag for tag, _ in seen.elements]
    assert "b" not in tags
    assert (
        tags.count("script") == 5
    )  # picking a node and walking over a plane, what they know of one map and of two planes
    assert NASTY in seen.text


@pytest.mark.parametrize(
    "gone",
    [
        {
            "transfer": "reports/stages/transfer/scores.json",
            "exam": "reports/stages/exam_pretrain/scores.json",
            "learning": "reports/history/pretrain.csv",
        },
        {"data": "data/prepared/target/about.json", "transfer": "data/prepared/target/about.json"},
    ],
    ids=["stages", "data"],
)
def test_a_missing_record_is_named_and_the_rest_is_there(tmp_path: Path, gone: dict[str, str]) -> None:
    hand = ByHand(tmp_path).whole()
    for path in set(gone.values()):
        (hand.root / path).unlink()
    made = render(hand.root)
    for section, path in gone.items():
        assert f"<strong>{section}</strong>: {path} is missing; `make repro` makes it" in made
        assert f'<section id="{section}"' not in made
    assert '<section id="costs"' in made


def test_a_project_that_has_run_nothing_has_a_page(tmp_path: Path) -> None:
    assert "There is none yet" in render(ByHand(tmp_path).root)


def test_the_numbers_of_the_page_are_those_of_the_table(whole: str, tmp_path: Path) -> None:
    scores = records.read(0.95, ByHand(tmp_path).whole().root).scores
    text = re.sub(r"\s+", " ", Seen(whole).text)
    shown = scores[(scores["stage"] == "transfer") & (scores["metric"] == "accuracy")]
    for _, cell in shown.groupby(["arm", "with_level", "level"]):
        told = parts.interval(significance.interval(cell["value"].to_numpy(), 0.95), scale=100)
        assert f"{told.text} {told.beside}" in text
    near = shown[(shown["with_level"] == "near") & (shown["level"] == "2")].set_index(["arm", "seed"])["value"]
    d = significance.difference(near["finetuned"].to_numpy(), near["scratch"].to_numpy(), 0.95)
    assert f"near finetuned 2 +{100 * d.mean:.1f} {parts.apart(d, scale=100)}" in text


def test_both_losses_at_once_gain_where_they_beat_both_rivals_and_else_nothing(whole: str) -> None:
    text = re.sub(r"\s+", " ", Seen(whole).text)
    assert (
        "Of classes, an autoencoder that sees the labels is better than labels alone in 2 of 4 comparisons, worse in "
        "2, and better than the autoencoder with a probe after it in 4 of 4 comparisons, worse in 0. "
        "It beats both rivals at 10 labels with λ = 10 and 100 labels with λ = 10. "
        "That probe is itself better than labels alone in 0 of 2 comparisons, worse in 2." in text
    )
    assert (
        "Of widths, an autoencoder that sees the labels is better than labels alone in 0 of 4 comparisons, worse in "
        "0, and better than the autoencoder with a probe after it in 0 of 4 comparisons, worse in 0. "
        "Nowhere does it beat both rivals: beyond the better of the two, nothing is shown to be gained." in text
    )
    assert "Labels alone teach 47,146 weights; with a decoder there are 466,010." in text


def test_each_class_has_its_recall_beside_the_mean(whole: str, tmp_path: Path) -> None:
    scores = records.read(0.95, ByHand(tmp_path).whole().root).scores
    text = re.sub(r"\s+", " ", Seen(whole).text)
    seven = scores.query("metric == 'recall' and level == '7' and arm == 'all'")["value"].to_numpy()
    told = parts.interval(significance.interval(seven, 0.95), scale=100)
    assert f"7 {told.text} {told.beside}" in text


def test_the_answer_says_who_is_better_where_and_where_nothing_is_claimed(whole: str) -> None:
    text = re.sub(r"\s+", " ", Seen(whole).text)
    assert "A pre-trained encoder is better than labels alone in 4 of 8 comparisons, worse in 0; 4 stay open." in text
    assert "Near, finetuned is better than labels alone at 2 (" in text
    assert "Far, frozen: nothing is claimed at 2 and 10 labels a class." in text


def test_each_section_says_what_was_found(whole: str) -> None:
    text = re.sub(r"\s+", " ", Seen(whole).text)
    assert "A deeper classifier, against scratch (labels alone): finetuned and frozen are better everywhere." in text
    assert "Of what was tuned, against pixels, pca and deep: finetuned is worse everywhere." in text
    assert "Of what was tuned, against scratch: finetuned is better everywhere." in text
    assert "ln p(x) of bernoulli pixels, against bernoulli: of plane nothing is claimed." in text
    assert "of the same images: bernoulli 7.0 [7.0, 7.0] nats" in text
    assert "Squared error against the clean image, against deep: of" in text
    assert "Against random (an encoder as it is born). " in text


@pytest.mark.parametrize("seeds", [1, 4])
def test_below_five_seeds_the_page_claims_nothing(tmp_path: Path, seeds: int) -> None:
    seen = Seen(render(ByHand(tmp_path).whole(seeds).root))
    assert f"Nothing is claimed: {seeds} seed{'s' * (seeds > 1)} ran" in seen.text
    tones = {tone for tag, a in seen.elements if tag == "td" for tone in (a["class"] or "").split()}
    assert "few" in tones
    assert not tones & {"better", "worse"}
    assert not re.search(r"\b(inf|nan)\b|[▲▼] [+−]", seen.text)


def test_a_number_is_rounded_and_never_minus_zero() -> None:
    assert parts.number(-0.0004) == "0.0"
    assert parts.number(-1234.56, 1) == "−1,234.6"
    assert parts.number(0.123, 1, scale=100, sign=True) == "+12.3"
