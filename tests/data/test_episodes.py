"""Episodes: what is drawn of a tensor, and what cannot be."""

import pytest
import torch

from tutelage import streams
from tutelage.data.episodes import Episodes, Members, Size
from tutelage.errors import Mistake

Y = torch.tensor([4, 2, 2, 7, 4, 2, 7, 4, 7, 2, 9, 9, 9])  # unequal counts, in no order
SIZE = Size(way=3, shots=1, queries=2)


def drawn(episodes: int = 500, size: Size = SIZE) -> torch.Tensor:
    return Members(Y).draw(size, episodes, streams.generator(0, "episodes"))


def test_an_episode_has_so_many_classes_and_of_each_so_many_examples_none_twice() -> None:
    rows = drawn()
    assert rows.shape == (500, 3, 3)
    classes = Y[rows]
    assert (classes == classes[:, :, :1]).all()
    assert all(len(set(one)) == 3 for one in classes[:, :, 0].tolist())
    assert all(len(set(one)) == 3 for episode in rows.tolist() for one in episode)


def test_each_class_and_each_of_its_examples_is_as_likely_as_another() -> None:
    rows = drawn(20000)
    classes = torch.bincount(Y[rows[:, :, 0]].flatten())[[2, 4, 7, 9]]
    assert (classes / 15000 - 1).abs().max() < 0.03
    shots = torch.bincount(rows[:, :, 0].flatten(), minlength=13)
    for c in (2, 4):
        of = shots[c == Y]
        assert (of / of.double().mean() - 1).abs().max() < 0.06


def test_a_source_gives_images_and_goes_on_as_it_would_have_after_a_stop() -> None:
    x = torch.arange(13.0).view(13, 1, 1, 1)
    one, other = (Episodes(x, Members(Y), SIZE, streams.generator(1, "episodes")) for _ in range(2))
    one.draw()
    state = one.state()
    known = [one.draw()["episode"] for _ in range(3)]
    other.restore(state)
    assert all(torch.equal(a, other.draw()["episode"]) for a in known)
    assert known[0].shape == (3, 3, 1, 1, 1)
    assert one.size == 9


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (Size(5, 1, 1), r"params\.yaml: fewshot\.way asks for 5 classes, and the test part has 4 \(a, b, c, d\)"),
        (
            Size(2, 2, 2),
            r"queries ask for 2 \+ 2 examples of each class, and class b has 3 in the test part",
        ),
    ],
)
def test_what_cannot_be_drawn_is_one_line_that_names_the_class(size: Size, line: str) -> None:
    y = torch.tensor([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    with pytest.raises(Mistake, match=line):
        Members(y, ["a", "b", "c", "d"]).fits(size, "fewshot", "the test part")


def test_one_class_only_is_refused() -> None:
    with pytest.raises(Mistake, match="has 1 "):
        Members(torch.zeros(9, dtype=torch.long)).fits(Size(1, 1, 1), "fewshot", "the test part")
