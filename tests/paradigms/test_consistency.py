"""What each arm is shown and what it may not see; FixMatch at both ends of λ and τ."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data import drawn
from tutelage.data.batches import Batch
from tutelage.data.two_views import Strength
from tutelage.errors import Mistake
from tutelage.paradigms import consistency
from tutelage.paradigms.consistency import ALONE, ARMS, Thresholds
from tutelage.paradigms.supervised import Classifier
from tutelage.params import Compute

from .test_paradigms import AUGMENTED, ENCODER, MATCHED

BLOCK = MATCHED.model_copy(update={"presentations": 2400})


def at(threshold: float) -> dict[str, Any]:
    return {"threshold": Thresholds(pseudo=threshold, fixmatch=threshold)}


def born(arm: str, **changed: Any) -> Classifier:
    return consistency.build(BLOCK.model_copy(update=changed), arm, ENCODER, (1, 12, 12), 2, 0)


def pool() -> Batch:
    blobs = drawn.blobs(200, side=12, noise=0.05, seed=0, name="train")
    return {"x": blobs["x"], "y": (blobs["y"][:, 0] > 0).long()}


def few(of: Batch) -> Batch:
    return {name: column[:20] for name, column in of.items()}


def taught(
    arm: str, of: Batch, compute: Compute, strength: Strength = AUGMENTED, **changed: Any
) -> tuple[Classifier, list[dict[str, float]], int]:
    learner = born(arm, **changed)
    block = BLOCK.model_copy(update=changed)
    return learner, *consistency.fit(block, strength, arm, learner, of, few(pool()), 0, compute)


def batch() -> Batch:
    draws = streams.generator(0, "data")
    x = {name: torch.rand(5, 1, 12, 12, generator=draws).double() for name in ("x_labelled", "weak", "strong")}
    return {**x, "y": torch.tensor([0, 1, 1, 0, 1]), "truth": torch.tensor([1, 1, 0, 0, 1])}


def gradient(learner: Classifier, of: Batch) -> dict[str, Tensor]:
    learner.double().zero_grad()
    learner.loss(of)[0].backward()
    return {name: w.grad.clone() for name, w in learner.named_parameters() if w.grad is not None}


def test_all_arms_start_from_the_same_weights() -> None:
    for arm in ARMS:
        torch.testing.assert_close(born(arm).state_dict(), born("plain").state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize("arm", ["pseudo", "fixmatch"])
@pytest.mark.parametrize("changed", [{"weight": 0.0}, at(1.0)])
def test_with_no_weight_or_nobody_sure_it_is_labels_alone(arm: str, changed: dict[str, Any]) -> None:
    of = batch()
    alone = gradient(born("weak"), {"x": of["x_labelled"], "y": of["y"]})
    torch.testing.assert_close(gradient(born(arm, **changed), of), alone)


@pytest.mark.parametrize("arm", ["pseudo", "fixmatch"])
def test_where_all_are_sure_what_it_says_of_a_weak_view_is_the_label_of_the_one_it_learns(arm: str) -> None:
    of, learner = batch(), born(arm, weight=2.0, **at(1e-9)).double()
    with torch.no_grad():
        told = learner.head(learner.encoder(of["weak"])).argmax(1)
    plain = born("plain")
    labelled = gradient(plain, {"x": of["x_labelled"], "y": of["y"]})
    learned = gradient(plain, {"x": of["strong" if arm == "fixmatch" else "weak"], "y": told})
    both = gradient(learner, of)
    for name, slope in both.items():
        torch.testing.assert_close(slope, labelled[name] + 2 * learned[name])


def test_who_is_sure_and_who_is_right_are_counted_over_all_unlabelled() -> None:
    of, learner = batch(), born("fixmatch", **at(1e-9)).double()
    _, terms = learner.loss(of)
    with torch.no_grad():
        right = (learner.predict(of["weak"]).argmax(1) == of["truth"]).double().mean()
    assert float(terms["sure"]) == 1
    assert float(terms["sure_and_right"]) == pytest.approx(float(right))


@pytest.mark.parametrize("arm", ["pseudo", "fixmatch"])
def test_the_truth_of_unlabelled_images_is_told_and_never_learned(arm: str, compute: Compute) -> None:
    of = pool()
    told = [taught(arm, {**of, "y": y}, compute, **at(0.6)) for y in (of["y"], 1 - of["y"])]
    torch.testing.assert_close(told[0][0].state_dict(), told[1][0].state_dict(), rtol=0, atol=0)
    right = [seen[-1]["train/sure_and_right"] for _, seen, _ in told]
    assert right[0] + right[1] == pytest.approx(told[0][1][-1]["train/sure"])
    assert right[0] > right[1]


def test_every_view_of_an_image_is_counted_and_every_arm_is_shown_equally_many(compute: Compute) -> None:
    spent = {arm: taught(arm, pool(), compute)[1:] for arm in ARMS}
    assert {shown for _, shown in spent.values()} == {BLOCK.presentations}
    steps = {arm: seen[-1]["step"] for arm, (seen, _) in spent.items()}
    # A batch is 8 labels alone, else 4 labelled and 8 unlabelled, these once or twice.
    assert steps == dict.fromkeys(ALONE, 300) | {"pseudo": 200, "fixmatch": 120}


@pytest.mark.parametrize("arm", ARMS)
def test_it_learns_classes(arm: str, compute: Compute) -> None:
    of = pool()
    learner, _, _ = taught(arm, of, compute)
    with torch.no_grad():
        right = learner.predict(of["x"][20:]).argmax(1) == of["y"][20:]
    assert float(right.float().mean()) > 0.8


def test_labels_alone_differ_by_their_views_and_by_nothing_else(compute: Compute) -> None:
    still = Strength(**dict.fromkeys(Strength.model_fields, 0))
    plain, weak, strong = (taught(arm, pool(), compute, still, shift=0)[0].state_dict() for arm in ALONE)
    torch.testing.assert_close(weak, plain, rtol=0, atol=0)
    torch.testing.assert_close(strong, plain, rtol=1e-2, atol=1e-2)  # an affine map that changes nothing rounds
    moved = [next(iter(taught(arm, pool(), compute)[0].parameters())) for arm in ALONE]
    assert not torch.equal(moved[0], moved[1])
    assert not torch.equal(moved[1], moved[2])


def test_each_arm_is_taught_at_each_count_in_each_seed() -> None:
    made = consistency.fits([10, 50], [3, 4])
    assert len(set(made)) == len(made) == len(ARMS) * 2 * 2
    assert {(fit.arm, fit.labels, fit.seed) for fit in made} >= {("plain", 10, 3), ("fixmatch", 50, 4)}


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {"threshold": {"pseudo": 0.0, "fixmatch": 1.0}},
            "consistency.threshold.pseudo = 0.0: should be greater than 0",
        ),
        (
            {"threshold": {"pseudo": 0.5, "fixmatch": 1.5}},
            "consistency.threshold.fixmatch = 1.5: should be less than or equal to 1",
        ),
        ({"weight": -1.0}, "consistency.weight = -1.0: should be greater than or equal to 0"),
    ],
)
def test_a_mistake_is_one_line(changed: dict[str, Any], line: str) -> None:
    told = BLOCK.model_dump(mode="json") | changed
    with pytest.raises(Mistake) as mistake:
        params.parse(consistency.Params, "consistency", {"consistency": told})
    assert str(mistake.value) == f"params.yaml: {line}"
