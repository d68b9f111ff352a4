"""What is special to prototypes: the shots make the means, the queries the loss; classes held out."""

import pytest
import torch

from tutelage import params
from tutelage.errors import Mistake
from tutelage.paradigms import prototypes

from .test_paradigms import EPISODES, episodic


def batch(seed: int = 0) -> torch.Tensor:
    return torch.rand(3, 4, 1, 8, 8, generator=torch.Generator().manual_seed(seed))


def test_shots_of_a_class_may_come_in_any_order_and_queries_too() -> None:
    learner, x = episodic(2)(0), batch()
    known, _ = learner.loss({"episode": x})
    moved, _ = learner.loss({"episode": x[:, [1, 0, 3, 2]]})
    torch.testing.assert_close(known, moved)
    changed, _ = learner.loss({"episode": x[:, [2, 1, 0, 3]]})
    assert float((known - changed).detach().abs()) > 1e-4


def test_it_is_all_the_same_which_class_is_counted_first() -> None:
    learner, x = episodic(1)(0), batch()
    torch.testing.assert_close(learner.loss({"episode": x})[0], learner.loss({"episode": x[[2, 0, 1]]})[0])


def test_a_net_of_two_shots_is_born_as_one_of_one() -> None:
    one, two = episodic(1)(3), episodic(2)(3)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert (one.shots, two.shots) == (1, 2)


def test_a_class_that_the_images_do_not_have_is_named() -> None:
    assert prototypes.shown(EPISODES, "abcdefg") == [0, 1, 2, 3, 4, 6]
    with pytest.raises(Mistake, match=r"fewshot\.held_out has 5, and the images have classes 0 to 2"):
        prototypes.shown(EPISODES, "abc")
    with pytest.raises(Mistake, match=r"fewshot\.held_out leaves 1 of 2 classes; leave two to teach"):
        prototypes.shown(EPISODES.model_copy(update={"held_out": (0,)}), "ab")


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"queries": 0}, "fewshot.queries = 0: should be greater than 0"),
        ({"shots": [1, 1]}, "fewshot.shots: 1 stands there twice; once is enough"),
        ({"way": 1}, "fewshot.way = 1: should be greater than or equal to 2"),
    ],
)
def test_a_mistake_in_the_block_is_one_line(changed: dict[str, object], line: str) -> None:
    with pytest.raises(Mistake) as told:
        params.parse(prototypes.Params, "fewshot", {"fewshot": EPISODES.model_dump() | changed})
    assert str(told.value) == f"params.yaml: {line}"
