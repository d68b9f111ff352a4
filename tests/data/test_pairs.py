"""Two kinds of examples at a draw: each kind in its own order, the same again from a saved state."""

import torch

from tutelage import streams
from tutelage.data.batches import Batches
from tutelage.data.pairs import Pair


def pair(free: int = 10, known: int = 5) -> Pair:
    pool = {"x": torch.arange(free), "y": torch.full((free,), -9)}
    labelled = {"x": 100 + torch.arange(known), "y": torch.arange(known)}
    return Pair(
        Batches(pool, 3, streams.generator(0, "unlabelled")), Batches(labelled, 2, streams.generator(0, "labelled"))
    )


def test_a_draw_holds_both_kinds_and_no_label_of_the_unlabelled() -> None:
    source = pair()
    for _ in range(7):
        drawn = source.draw()
        assert list(drawn) == ["x", "x_labelled", "y"]
        assert (len(drawn["x"]), len(drawn["x_labelled"]), source.size) == (3, 2, 5)
        assert torch.equal(drawn["x_labelled"], 100 + drawn["y"])
        assert drawn["x"].max() < 100


def test_each_kind_is_drawn_as_if_it_were_alone() -> None:
    source, alone = pair(), pair().labelled
    assert all(torch.equal(source.draw()["y"], alone.draw()["y"]) for _ in range(11))


def test_it_is_the_same_twice_and_goes_on_from_a_state_between_epochs_of_the_unlabelled() -> None:
    for known in (1, 2, 5, 9):  # the labelled are then at the start, within, or at the end of an epoch of theirs
        for epochs in range(5):
            whole, again = pair(known=known), pair(known=known)
            for _ in range(epochs * whole.per_epoch):
                whole.draw()
            again.restore([part.clone() for part in whole.state()])
            for _ in range(8):
                one, other = whole.draw(), again.draw()
                assert all(torch.equal(one[name], other[name]) for name in one)
