"""The joint loss is the sum of its parts, at both ends of λ too, and learns classes and numbers."""

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data import drawn
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.measure import regression
from tutelage.paradigms import supervised_autoencoder
from tutelage.paradigms.supervised_autoencoder import Fit, SupervisedAutoencoder, Target
from tutelage.params import Compute

ENCODER = params.Encoder(channels=(4, 4), kernel=3, groups=2, grid=4, width=6)
BLOCK = supervised_autoencoder.Params(
    labels=(10,),
    weights=(0, 3),
    shift=0,
    presentations=4000,
    batch_size=supervised_autoencoder.Sizes(unlabelled=8, labelled=8),
    learning_rate=supervised_autoencoder.Rates(alone=0.01, probe=0.01, together=0.01),
    weight_decay=0.05,
    numbers=supervised_autoencoder.Drawn(labels=(10,), weights=(0, 3), images=100, side=8, noise=0.1),
)


def born(
    arm: str, weight: float = 3.0, *, target: Target = "classes", out: int = 3, side: int = 8
) -> SupervisedAutoencoder:
    fit = Fit(target, arm, {"alone": 1.0, "probe": 0.0}.get(arm, weight), (10,), 0)
    return supervised_autoencoder.build(BLOCK, fit, ENCODER, params.Decoder(hidden=16), (1, side, side), out)


def batch(target: Target = "classes") -> Batch:
    draws = streams.generator(0, "data")
    x, known = torch.rand(7, 1, 8, 8, generator=draws).double(), torch.rand(5, 1, 8, 8, generator=draws).double()
    y = torch.tensor([0, 1, 2, 0, 1]) if target == "classes" else torch.randn(5, 3, generator=draws).double()
    return {"x": x, "x_labelled": known, "y": y}


def gradient(learner: SupervisedAutoencoder, of: Batch) -> dict[str, Tensor]:
    learner.double().loss(of)[0].backward()
    return {name: torch.zeros_like(w) if w.grad is None else w.grad for name, w in learner.named_parameters()}


@pytest.mark.parametrize("target", ["classes", "numbers"])
def test_the_gradient_of_both_losses_is_the_sum_of_their_gradients(target: Target) -> None:
    of = batch(target)
    both = gradient(born("together", target=target), of)
    back = gradient(born("probe", target=target), {"x": of["x"]})
    told = gradient(born("alone", target=target), {"x_labelled": of["x_labelled"], "y": of["y"]})
    for name, slope in both.items():
        torch.testing.assert_close(slope, back[name] + 3 * told.get(name, torch.zeros_like(slope)))


def test_the_more_the_labels_weigh_the_nearer_the_direction_is_to_that_of_labels_alone() -> None:
    of = batch()
    alone = torch.cat([slope.flatten() for slope in gradient(born("alone"), of).values()])
    near = []
    for weight in (0.0, 1.0, 100.0, 1e6):
        both = gradient(born("together", weight), of)
        slope = torch.cat([slope.flatten() for name, slope in both.items() if not name.startswith("decoder")])
        near.append(float(torch.cosine_similarity(alone, slope, dim=0)))
    assert near == sorted(near)
    assert near[-1] == pytest.approx(1, abs=1e-6)


def test_arms_start_from_the_same_encoder_and_head() -> None:
    alone, probe, together = (born(arm) for arm in supervised_autoencoder.ARMS)
    for part in ("encoder", "head"):
        for other in (probe, together):
            torch.testing.assert_close(
                getattr(alone, part).state_dict(), getattr(other, part).state_dict(), rtol=0, atol=0
            )


def pool(target: Target = "classes") -> Batch:
    blobs = drawn.blobs(200, side=12, noise=0.05, seed=0, name="train")
    return blobs if target == "numbers" else {"x": blobs["x"], "y": (blobs["y"][:, 0] > 0).long()}


def taught(arm: str, images: Batch, compute: Compute, labels: int = 20) -> SupervisedAutoencoder:
    target: Target = "numbers" if images["y"].ndim == 2 else "classes"
    learner = born(arm, target=target, out=1 if target == "numbers" else 2, side=12)
    few = {name: column[:labels] for name, column in images.items()}
    supervised_autoencoder.fit(BLOCK, learner, images, few, 0, compute)
    return learner


def test_at_weight_0_the_head_stays_as_it_is_born(compute: Compute) -> None:
    taught_head = taught("probe", pool(), compute).head.state_dict()
    torch.testing.assert_close(taught_head, born("probe", out=2, side=12).head.state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize("arm", supervised_autoencoder.ARMS)
def test_labels_of_unlabelled_examples_never_enter(arm: str, compute: Compute) -> None:
    images, few = pool(), {name: column[:20] for name, column in pool().items()}
    without = {"x": images["x"]}
    told = []
    for seen in (images, without):
        learner = born(arm, out=2, side=12)
        supervised_autoencoder.fit(BLOCK, learner, seen, few, 0, compute)
        told.append(learner.state_dict())
    torch.testing.assert_close(*told, rtol=0, atol=0)


@pytest.mark.parametrize("arm", ["alone", "together"])
def test_it_learns_numbers(arm: str, compute: Compute) -> None:
    images = pool("numbers")
    learner = taught(arm, images, compute, labels=100)
    assert regression.direct(learner, images["x"][100:], images["y"][100:])["r2"] > 0.7


@pytest.mark.parametrize("arm", ["alone", "together"])
def test_it_learns_classes(arm: str, compute: Compute) -> None:
    images = pool()
    learner = taught(arm, images, compute, labels=100)
    with torch.no_grad():
        right = learner.predict(images["x"][100:]).argmax(1) == images["y"][100:]
    assert float(right.float().mean()) > 0.8


def test_every_arm_is_shown_equally_many_examples(compute: Compute) -> None:
    images = pool()
    few = {name: column[:20] for name, column in images.items()}
    spent = {
        supervised_autoencoder.fit(BLOCK, born(arm, out=2, side=12), images, few, 0, compute)["presentations"]
        for arm in supervised_autoencoder.ARMS
    }
    assert spent == {BLOCK.presentations}


def test_each_arm_is_taught_at_each_count_and_by_all_and_the_autoencoder_alone_once() -> None:
    block = BLOCK.model_copy(update={"labels": (10, 20), "weights": (0.0, 3.0, 30.0)})
    told = [fit[1:4] for fit in supervised_autoencoder.fits(block, 50, [7]) if fit.target == "classes"]
    assert told == [*(("alone", 1, (m,)) for m in (10, 20, 50)), ("probe", 0, (10, 20))] + [
        ("together", weight, (m,)) for weight in (3, 30) for m in (10, 20, 50)
    ]


@pytest.mark.parametrize("arm", supervised_autoencoder.ARMS)
def test_every_arm_is_shown_moved_images(arm: str, compute: Compute) -> None:
    images = pool()
    few = {name: column[:20] for name, column in images.items()}
    told = []
    for shift in (0, 1):
        learner = born(arm, out=2, side=12)
        supervised_autoencoder.fit(BLOCK.model_copy(update={"shift": shift}), learner, images, few, 0, compute)
        told.append(next(iter(learner.encoder.parameters())))
    assert not torch.equal(*told)


def test_labels_that_do_not_share_out_among_the_classes_are_named() -> None:
    assert supervised_autoencoder.per_class(50, 10) == 5
    with pytest.raises(Mistake, match=r"labels has 25, and the images have 10 classes; give a multiple of 10"):
        supervised_autoencoder.per_class(25, 10)


@pytest.mark.parametrize(
    ("weights", "line"),
    [
        ([0, -1.5], "block.weights.1 = -1.5: should be greater than or equal to 0"),
        ([1, 10], "block.weights: it is [1.0, 10.0]; it holds 0, for the autoencoder alone, and another"),
    ],
)
def test_a_wrong_weight_is_one_line(weights: list[float], line: str) -> None:
    told = BLOCK.model_dump(mode="json") | {"weights": weights}
    with pytest.raises(Mistake) as mistake:
        params.parse(supervised_autoencoder.Params, "block", {"block": told})
    assert str(mistake.value) == f"params.yaml: {line}"
