"""What is special to the adversarial pair: two players, lazy penalties, an average, and what a certain judge leaves."""

import copy
import math

import pytest
import torch
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.paradigms import gan
from tutelage.params import Compute
from tutelage.training import device, fitting

from .test_paradigms import ENCODER, PAIR, PAIRS, adversaries, columns, equal, source


def born(**changed: object) -> gan.Gan:
    return adversaries(PAIR.model_copy(update=changed))(0)


def few() -> Batch:
    return {name: column[:8] for name, column in columns().items()}


def stepped(learner: gan.Gan, steps: int = 1) -> list[dict[str, Tensor]]:
    optimizers = learner.optimizers()
    return [learner.update(few(), optimizers) for _ in range(steps)]


def test_the_discriminator_steps_first_and_the_generators_rate_is_nothing_to_it() -> None:
    one, other = (born(learning_rate=gan.Rates(generator=rate, discriminator=0.03)) for rate in (1e-9, 0.1))
    stepped(one), stepped(other)
    assert equal(one.encoder, other.encoder)
    assert equal(one.head, other.head)
    assert not equal(one.generator, other.generator)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_generator_descends_what_the_moved_discriminator_tells(precision: str, compute: Compute) -> None:
    learner = born(learning_rate=gan.Rates(generator=0.01, discriminator=0.1))  # one step moves it far
    untaught = born()
    with device.autocast(compute.model_copy(update={"precision": precision})):
        before = untaught.game.generator(untaught.logit(untaught.fakes(few())).float()).mean()
        (logs,) = stepped(learner)
        known = learner.game.generator(learner.logit(untaught.fakes(few())).float()).mean()
    torch.testing.assert_close(logs["generator_loss"], known)
    assert abs(float((known - before).detach())) > 0.1
    slopes = torch.autograd.grad(known, list(untaught.generator.parameters()))
    torch.testing.assert_close(logs["generator_gradient"], torch.cat([s.flatten() for s in slopes]).norm())


@pytest.mark.parametrize("block", PAIRS.values(), ids=PAIRS)
def test_every_game_is_played_in_bfloat16_too(block: gan.Params, compute: Compute) -> None:
    learner = adversaries(block)(0)
    before = copy.deepcopy(learner)
    history = fitting.fit(learner, source(), steps=6, compute=compute.model_copy(update={"precision": "bfloat16"}))
    assert all(math.isfinite(value) for (seen,) in history for value in seen.values())
    assert not equal(learner.generator, before.generator)
    assert not equal(learner.encoder, before.encoder)


@pytest.mark.parametrize("nets", ["mlp", "conv"])
def test_the_average_follows_by_its_decay_and_makes_the_samples(nets: str) -> None:
    learner = born(nets=nets, average=0.75)
    known = {name: weight.clone() for name, weight in learner.generator.named_parameters()}
    optimizers = learner.optimizers()
    for _ in range(3):
        learner.update(few(), optimizers)
        known = {name: 0.75 * known[name] + 0.25 * w for name, w in learner.generator.named_parameters()}
    torch.testing.assert_close(dict(learner.average.named_parameters()), known, check_layout=False)
    with torch.no_grad():
        torch.testing.assert_close(learner.decode(torch.ones(2, 3)), learner.average(torch.ones(2, 3)))


def test_without_decay_the_average_is_the_generator() -> None:
    learner = born(average=0.0)
    stepped(learner, 2)
    torch.testing.assert_close(learner.average.state_dict(), learner.generator.state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize("kind", ["r1", "gradient_penalty"])
def test_a_lazy_penalty_comes_every_so_many_steps_and_weighs_as_much_in_all(kind: str) -> None:
    lazy = [float(logs["penalty"]) for logs in stepped(born(**{kind: 0.5, "lazy": 3}), 7)]
    assert [paid > 0 for paid in lazy] == [True, False, False, True, False, False, True]
    (always,) = stepped(born(**{kind: 0.5, "lazy": 1}))
    assert lazy[0] == pytest.approx(3 * float(always["penalty"]), rel=1e-5)
    (twice,) = stepped(born(**{kind: 1.0, "lazy": 1}))
    assert float(twice["penalty"]) == pytest.approx(2 * float(always["penalty"]), rel=1e-5)


def test_r1_is_the_slope_at_real_images() -> None:
    (logs,) = stepped(born(r1=2.0, lazy=1))
    learner, x = born(), few()["x"].requires_grad_()
    (slope,) = torch.autograd.grad(learner.logit(x).sum(), x)
    torch.testing.assert_close(logs["penalty"], slope.square().sum() / 8)


def test_with_a_penalty_slopes_stay_flat(compute: Compute) -> None:
    steep = []
    for r1 in (0.0, 10.0):
        learner = born(r1=r1, lazy=1)
        fitting.fit(learner, source(), steps=40, compute=compute)
        x = columns()["x"].requires_grad_()
        steep.append(float(torch.autograd.grad(learner.logit(x).sum(), x)[0].square().sum()))
    assert steep[1] < 0.1 * steep[0]


def test_under_spectral_normalisation_no_matrix_stretches(compute: Compute) -> None:
    learner = adversaries(PAIRS["spectral"])(0)
    fitting.fit(learner, source(), steps=40, compute=compute)
    layers = [*learner.encoder.modules(), *learner.head.modules()]
    matrices = [layer.weight.flatten(1) for layer in layers if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert len(matrices) == 4
    for matrix in matrices:
        assert float(torch.linalg.matrix_norm(matrix.detach(), 2)) == pytest.approx(1, abs=0.1)


def test_of_a_certain_discriminator_the_saturating_gradient_is_next_to_nothing() -> None:
    gradients = {}
    for loss in ("minimax", "non_saturating"):
        learner = born(loss=loss, learning_rate=gan.Rates(generator=1e-9, discriminator=1e-9))
        with torch.no_grad():
            weight, bias = learner.head.parameters()
            weight.mul_(1e-3)  # all logits are the same but for a little
            bias.fill_(-12)
        (logs,) = stepped(learner)
        gradients[loss] = float(logs["generator_gradient"])
    # Slopes of D and of 1 − D, along the same directions.
    assert gradients["minimax"] / gradients["non_saturating"] == pytest.approx(math.exp(-12), rel=0.01)


def test_ahead_only_the_discriminator_learns_and_the_same_in_both_games(compute: Compute) -> None:
    told = {}
    for loss in ("minimax", "non_saturating"):
        learner = gan.build(PAIR.model_copy(update={"loss": loss}), ENCODER, (1, 8, 8), 0, gan.Ahead)
        told[loss] = [look[0] for look in fitting.fit(learner, source(), steps=40, every=10, compute=compute)]
        assert equal(learner.generator, born().generator)
    assert [look["train/loss"] for look in told["minimax"]] == [look["train/loss"] for look in told["non_saturating"]]
    last = {loss: looks[-1]["train/generator_gradient"] for loss, looks in told.items()}
    assert told["minimax"][-1]["train/fake_accuracy"] == 1
    assert last["minimax"] < 0.1 * last["non_saturating"]


def test_where_logits_have_no_zero_accuracy_is_about_their_middle(compute: Compute) -> None:
    learner = adversaries(PAIRS["wasserstein"])(0)
    with torch.no_grad():
        list(learner.head.parameters())[-1].fill_(100)
    history = fitting.fit(learner, source(), steps=40, compute=compute)
    assert history[-1][0]["train/real_accuracy"] > 0.9
    assert history[-1][0]["train/fake_accuracy"] > 0.9


def test_a_sample_is_an_image_and_the_same_from_the_same_stream() -> None:
    with torch.no_grad():
        one, two = (born().sample(4, streams.generator(1, "sample")) for _ in range(2))
    assert one.shape == (4, 1, 8, 8)
    assert torch.equal(one, two)
    assert born().encode(one).shape == (4, ENCODER.width)


def test_images_of_a_size_that_convolutions_cannot_make_are_named_with_the_way_out() -> None:
    with pytest.raises(Mistake, match=r"27×28; bring them to such a size by images\.resize, or write mlp"):
        gan.build(PAIR, ENCODER, (1, 27, 28), 0)
    assert gan.build(PAIRS["dense"], ENCODER, (1, 27, 28), 0).sample(1, torch.Generator()).shape == (1, 1, 27, 28)


def test_channels_that_make_no_groups_are_named() -> None:
    with pytest.raises(Mistake, match=r"hidden = \[8, 5\]: encoder\.groups = 2 must divide both"):
        gan.build(PAIR.model_copy(update={"hidden": (8, 5)}), ENCODER, (1, 8, 8), 0)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"latent": 0}, "gans.one.latent = 0: should be greater than 0"),
        ({"loss": "wasserstein"}, "wasserstein bounds no slope by itself; write gradient_penalty: 10"),
        ({"average": 1.0}, "gans.one.average = 1.0: should be less than 1"),
    ],
)
def test_a_mistake_in_the_block_is_one_line(changed: dict[str, object], line: str) -> None:
    with pytest.raises(Mistake) as told:
        params.parse(gan.Params, "gans.one", {"gans": {"one": PAIR.model_dump() | changed}})
    assert line in str(told.value)
    assert "\n" not in str(told.value)
