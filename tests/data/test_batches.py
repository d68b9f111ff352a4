"""Batches visit all, views move what they say, few labels are the first of one order."""

import pytest
import torch

from tutelage import streams
from tutelage.data import batches, labels, views
from tutelage.errors import Mistake


def test_an_epoch_shows_each_example_at_most_once_and_epochs_leave_out_different_ones() -> None:
    source = batches.Batches({"x": torch.arange(10)}, 4, streams.generator(0, "batches"))
    epochs = [torch.cat([source.draw()["x"] for _ in range(source.per_epoch)]).tolist() for _ in range(20)]
    assert all(len(set(epoch)) == 8 for epoch in epochs)
    assert set().union(*({*range(10)} - {*epoch} for epoch in epochs)) == {*range(10)}


def test_fewer_examples_than_a_batch_are_a_batch() -> None:
    source = batches.Batches({"x": torch.arange(3)}, 64, streams.generator(0, "batches"))
    assert (source.size, source.per_epoch, sorted(source.draw()["x"].tolist())) == (3, 1, [0, 1, 2])


def test_columns_stay_in_step() -> None:
    source = batches.Batches({"x": torch.arange(9), "y": torch.arange(9) * 2}, 2, streams.generator(0, "batches"))
    drawn = source.draw()
    assert torch.equal(drawn["y"], 2 * drawn["x"])


def test_examples_of_some_classes_are_counted_anew() -> None:
    batch = {"x": torch.arange(6), "y": torch.tensor([0, 3, 1, 3, 2, 1])}
    kept = batches.of(batch, [3, 1])
    assert (kept["x"].tolist(), kept["y"].tolist()) == ([1, 2, 3, 5], [0, 1, 0, 1])


def test_a_shift_moves_a_pixel_and_lets_zeros_in() -> None:
    x = torch.zeros(3, 2, 4, 5)
    x[:, :, 1, 2] = 1
    moved = views.shifted(x, by=1, down=torch.tensor([1, 2, 0]), right=torch.tensor([1, 2, 1]))
    places = [moved[i, 1].nonzero().tolist() for i in range(3)]
    assert places == [[[1, 2]], [[2, 3]], [[0, 2]]]
    assert moved.shape == x.shape


def test_all_shifts_are_each_that_a_view_may_draw_and_the_middle_one_is_plain() -> None:
    x = torch.rand(2, 1, 4, 5)
    every = views.shifts(x, 1)
    assert torch.equal(every[4], x)
    assert len({one.numpy().tobytes() for one in every}) == 9
    view = views.shift(1)
    assert view
    drawn = view({"x": x}, streams.generator(0, "views"))["x"]
    assert all(any(torch.equal(one[i], drawn[i]) for one in every) for i in range(2))
    assert torch.equal(views.shifts(x, 0), x[None])


def test_views_do_not_move_the_order_of_batches() -> None:
    columns = {"x": torch.rand(12, 1, 4, 4), "y": torch.arange(12)}
    plain = batches.Batches(columns, 4, streams.generator(0, "batches"))
    moved = batches.Batches(columns, 4, streams.generator(0, "batches"), views.shift(2), streams.generator(0, "views"))
    assert all(torch.equal(plain.draw()["y"], moved.draw()["y"]) for _ in range(9))


def test_few_labels_are_so_many_a_class_and_two_hold_the_one() -> None:
    pool = {"x": torch.arange(90), "y": torch.arange(90) % 3}
    one, two = (
        labels.few(pool, m, ["a", "b", "c"], seed=5, name="pool", key="transfer.labels_per_class") for m in (1, 2)
    )
    assert torch.bincount(two["y"]).tolist() == [2, 2, 2]
    assert set(one["x"].tolist()) < set(two["x"].tolist())
    assert set(
        labels.few(pool, 2, ["a", "b", "c"], seed=6, name="pool", key="transfer.labels_per_class")["x"].tolist()
    ) != set(two["x"].tolist())


def test_a_class_with_too_few_examples_is_named() -> None:
    pool = {"x": torch.arange(5), "y": torch.tensor([0, 0, 0, 0, 1])}
    with pytest.raises(Mistake, match=r"labels_per_class asks for 2, and class <b> of pool has 1 examples"):
        labels.few(pool, 2, ["a", "<b>"], seed=0, name="pool", key="transfer.labels_per_class")


def test_labels_as_they_come_are_so_many_in_all_and_fifty_hold_the_ten() -> None:
    pool = {"x": torch.arange(900), "y": torch.arange(900) % 3}
    ten, fifty = (labels.as_they_come(pool, m, seed=5, name="pool", key="exam.labels") for m in (10, 50))
    assert len(set(fifty["x"].tolist())) == 50
    assert set(ten["x"].tolist()) < set(fifty["x"].tolist())
    assert (fifty["y"] == fifty["x"] % 3).all()
    counts = torch.bincount(labels.as_they_come(pool, 300, seed=5, name="pool", key="exam.labels")["y"])
    assert len(set(counts.tolist())) > 1  # shared out by chance
    with pytest.raises(Mistake, match=r"exam\.labels asks for 901 labels, and pool has 900 examples"):
        labels.as_they_come(pool, 901, seed=5, name="pool", key="exam.labels")
