"""What is known of groups never seen without a model: by hand, and in the limits."""

import torch

from tutelage.measure import held_out

TRAIN = torch.tensor([0.0, 1.0, 4.0, 7.0]).view(4, 1, 1, 1)
LETTERS = torch.tensor([0, 0, 1, 1])


def test_guesses_are_the_mean_of_all_of_the_letter_and_the_nearest() -> None:
    asked = torch.tensor([6.0, 0.9]).view(2, 1, 1, 1)
    told = held_out.guesses(TRAIN, LETTERS, asked, torch.tensor([0, 1]))
    assert {guess: x.flatten().tolist() for guess, x in told.items()} == {
        "mean": [3.0, 3.0],
        "class_mean": [0.5, 5.5],
        "nearest": [7.0, 1.0],
    }


def test_what_was_learned_from_is_its_own_nearest_and_a_lone_one_its_letters_mean() -> None:
    x, y = torch.rand(9, 1, 3, 3, generator=torch.Generator().manual_seed(0)), torch.arange(9)
    told = held_out.guesses(x, y, x, y)
    assert torch.equal(told["nearest"], x)
    assert torch.equal(told["class_mean"], x)


def test_errors_of_groups_weigh_their_own_examples_alone() -> None:
    errors, group = torch.tensor([1.0, 5.0, 3.0]), torch.tensor([1, 0, 1])
    assert held_out.by_group(errors, group).tolist() == [5.0, 2.0]
