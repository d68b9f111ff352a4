"""What is asked of an image is what its drawing has, in closed form; which examples answer is drawn."""

import math

import pytest
import torch
from torch import Tensor

from tutelage import streams
from tutelage.data import tasks
from tutelage.data.batches import Batch
from tutelage.errors import Mistake

TITLES = [str(c) for c in range(10)]


def gaussian(across: float, down: float, lean: float = 0.0, side: int = 61) -> Tensor:
    """A blob of these standard deviations in pixels, each row moved right by `lean` pixels a row upwards."""
    at = torch.arange(side).double() - side // 2 + 2  # off the centre
    x = at[None, :] + lean * at[:, None]
    return torch.exp(-0.5 * ((x / across).square() + (at[:, None] / down).square()))[None]


@pytest.mark.parametrize("degrees", [-30.0, 0.0, 12.0])
def test_an_image_sheared_by_an_angle_has_that_slant(degrees: float) -> None:
    lean = math.tan(math.radians(degrees))
    assert float(tasks.slant(gaussian(3, 5, lean))) == pytest.approx(lean, abs=1e-6)


def test_what_leans_to_the_right_has_its_ink_moved_right_at_the_top() -> None:
    strokes = torch.zeros(2, 9, 9).double()
    for row in range(9):
        strokes[0, row, 8 - row] = 1  # a slash
        strokes[1, row, row] = 1
    assert tasks.slant(strokes).tolist() == pytest.approx([1.0, -1.0])


def test_width_and_aspect_are_those_of_the_blob() -> None:
    blob = gaussian(3, 5)
    assert float(tasks.width(blob)) == pytest.approx(3, rel=1e-6)
    assert float(tasks.aspect(blob)) == pytest.approx(math.log(5 / 3), rel=1e-6)


def test_a_quarter_turn_changes_the_sign_of_the_aspect_and_ink_is_its_mean() -> None:
    x = torch.rand(4, 9, 9, dtype=torch.float64, generator=streams.generator(0, "x"))
    torch.testing.assert_close(tasks.aspect(x.rot90(1, (1, 2))), -tasks.aspect(x))
    torch.testing.assert_close(tasks.ink(x), x.flatten(1).mean(1))


def test_a_uniform_bar_is_as_wide_as_a_uniform_distribution_is_spread() -> None:
    bar = torch.zeros(1, 20, 20).double()
    bar[:, 4:10, 3:15] = 0.5
    assert float(tasks.width(bar)) == pytest.approx(math.sqrt((12**2 - 1) / 12))
    assert float(tasks.slant(bar)) == pytest.approx(0, abs=1e-12)


def part(n: int = 200, name: str = "train") -> Batch:
    draws = streams.generator(0, name)
    return {"x": torch.rand(n, 1, 6, 6, generator=draws), "y": torch.randint(0, 10, (n,), generator=draws)}


ALL = [tasks.pair(0, 1, TITLES), tasks.pair(4, 7, TITLES), *map(tasks.named, ("parity", "size", *tasks.NUMBERS))]


def test_classes_are_those_of_the_labels_and_a_pair_is_asked_of_its_two() -> None:
    images = part()
    (table,) = tasks.tables(ALL, [images], 10)
    for row, label in zip(table.tolist(), images["y"].tolist(), strict=True):
        assert row[2:4] == [label % 2, label >= 5]
        if label in (4, 7):
            assert row[1] == (label == 7)
        assert math.isnan(row[1]) == (label not in (4, 7))
        assert math.isnan(row[0]) == (label not in (0, 1))


def test_numbers_have_mean_0_and_variance_1_where_they_are_learned_and_the_same_units_elsewhere() -> None:
    images, other = part(), part(50, "test")
    table, shown = tasks.tables(ALL, [images, other], 10)
    numbers = table[:, 4:].double()
    torch.testing.assert_close(numbers.mean(0), torch.zeros(4).double(), atol=1e-6, rtol=0)
    torch.testing.assert_close(numbers.std(0, correction=0), torch.ones(4).double(), atol=1e-6, rtol=0)
    ink = images["x"].mean((1, 2, 3))
    told = (other["x"].mean((1, 2, 3)) - ink.mean()) / ink.std(correction=0)
    torch.testing.assert_close(shown[:, 4], told, atol=1e-4, rtol=0)


def test_an_empty_image_and_an_unlabelled_one_are_of_no_task_that_needs_more() -> None:
    images = part()
    images["x"][0] = 0
    images["y"][1] = -1
    (table,) = tasks.tables(ALL, [images], 10)
    assert table[0, 5:].isnan().all()
    assert not table[0, 4].isnan()
    assert table[1, :4].isnan().all()
    assert not table[1, 4:].isnan().any()


def test_a_draw_has_its_size_of_each_task_classes_in_turn_and_holds_smaller_draws() -> None:
    (table,) = tasks.tables(ALL, [part()], 10)
    one, more = (tasks.drawn(table, ALL, size, seed=3) for size in (6, 14))
    assert ((~one.isnan()).sum(0) == 6).all()
    assert one[:, :4].nansum(0).tolist() == [3, 3, 3, 3]
    assert torch.equal(one[~one.isnan()], more[~one.isnan()])
    assert torch.equal(more[~more.isnan()], table[~more.isnan()])
    assert not torch.equal(one.isnan(), tasks.drawn(table, ALL, 6, seed=4).isnan())


def test_a_task_draws_the_same_whichever_others_there_are() -> None:
    (table,) = tasks.tables(ALL, [part()], 10)
    few = tasks.drawn(table[:, [2]], [ALL[2]], 6, seed=0)
    torch.testing.assert_close(few[:, 0], tasks.drawn(table, ALL, 6, seed=0)[:, 2], rtol=0, atol=0, equal_nan=True)


def test_what_cannot_be_learned_names_the_task_and_the_class() -> None:
    images = part()
    images = {name: column[images["y"] != 7] for name, column in images.items()}
    with pytest.raises(Mistake, match=r"^task 4 or 7 has no examples of 7 to learn from; leave it out of multitask"):
        tasks.tables(ALL, [images], 10)
    few = {name: column[images["y"] < 4] for name, column in images.items()}
    with pytest.raises(Mistake, match=r"^task 4 or 7 has no examples to learn from"):
        tasks.tables(ALL, [few], 10)
    images["x"][:] = 0.5
    with pytest.raises(Mistake, match=r"^task ink asks for one number only"):
        tasks.tables([tasks.named("ink")], [images], 10)
    (table,) = tasks.tables(ALL, [part()], 10)
    with pytest.raises(Mistake, match=r"asks for 500 examples of a task, and task 0 or 1 has \d+ to learn from"):
        tasks.drawn(table, ALL, 500, seed=0)
    with pytest.raises(Mistake, match=r"has a task \[3, 12\]: the images have classes 0 to 9"):
        tasks.pair(3, 12, TITLES)


def test_too_few_examples_are_told_with_their_key_before_any_are_drawn() -> None:
    table = torch.full((9, 2), torch.nan)
    table[:, 0], table[:4, 1] = 1.0, 0.0
    asked = [tasks.named("ink"), tasks.named("parity")]
    tasks.enough(table, asked, 4, "learnability.sizes")
    with pytest.raises(Mistake) as mistake:
        tasks.enough(table, asked, 5, "learnability.sizes")
    assert str(mistake.value) == (
        "params.yaml: multitask.learnability.sizes asks for 5 examples of a task, and task parity has 4 to learn from; "
        "ask for fewer"
    )
