"""What every way of teaching owes, asked of each module in `paradigms`; a new one adds a line to CASES."""

import copy
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Generator, Tensor, nn

from tutelage import paradigms, params, streams
from tutelage.data import augmentation, tasks, two_views, views
from tutelage.data.batches import Batch, Batches
from tutelage.data.task_sets import Parts
from tutelage.data.two_views import Strength
from tutelage.nn import weights
from tutelage.paradigms import (
    autoencoder,
    centres,
    competition,
    consistency,
    distillation,
    gan,
    kohonen,
    layers,
    linear_autoencoder,
    multitask,
    prototypes,
    redundancy,
    relative_patches,
    style_gan,
    supervised,
    supervised_autoencoder,
    surrogate,
    surrogate_table,
    task_sets,
    transfer,
    vae,
)
from tutelage.params import Compute
from tutelage.simulators.region import Parameter
from tutelage.training import fitting
from tutelage.training.checkpoint import Place
from tutelage.training.learner import Learner

ENCODER = params.Encoder(channels=(4, 4), kernel=3, groups=2, grid=2, width=6)
LABELS = supervised.Params(base_classes=(0, 1), learning_rate=0.02, weight_decay=0.01, shift=0)
RATES = transfer.Rates(frozen=0.05, finetuned=0.02, scratch=0.02, random=0.05)
FEW = transfer.Params(labels_per_class=(1,), steps=1, batch_size=16, learning_rate=RATES, weight_decay=0.01)
BOTH_RATES = transfer.RatesByLabels(frozen=(0.1, 0.05), finetuned=(0.1, 0.02), scratch=(0.1, 0.02), random=(0.1, 0.05))
DEEPER = transfer.Embedded(
    labels_per_class=(1, 10), hidden=5, steps=1, batch_size=16, learning_rate=BOTH_RATES, weight_decay=0.01
)


PLAIN = autoencoder.Params(
    kind="deep",
    tied=False,
    code="linear",
    loss="squared",
    noise=autoencoder.Noise(kind="none", strength=0, views=None),
    penalty=autoencoder.Penalty(kind="none", strength=0, rate=0.2),
    learning_rate=0.02,
    weight_decay=0.0,
)
SPARSE = {
    on: PLAIN.penalty.model_copy(update={"kind": on, "strength": 0.05})
    for on in ("weights_l1", "weights_l2", "codes_l1", "codes_rate")
}
AUTOENCODERS = {
    "deep": PLAIN,
    "deep tied": PLAIN.model_copy(update={"tied": True}),
    "linear": PLAIN.model_copy(update={"kind": "linear"}),
    "linear tied": PLAIN.model_copy(update={"kind": "linear", "tied": True}),
    "bernoulli": PLAIN.model_copy(update={"loss": "bernoulli"}),
    "absolute": PLAIN.model_copy(update={"loss": "absolute"}),
    "weights l1": PLAIN.model_copy(update={"penalty": SPARSE["weights_l1"]}),
    "weights l2": PLAIN.model_copy(update={"penalty": SPARSE["weights_l2"]}),
    "codes l1": PLAIN.model_copy(update={"penalty": SPARSE["codes_l1"]}),
    "codes rate": PLAIN.model_copy(update={"code": "sigmoid", "penalty": SPARSE["codes_rate"]}),
}


def unlabelled(block: autoencoder.Params) -> Callable[[int], autoencoder.Autoencoder]:
    return lambda seed: autoencoder.build(block, ENCODER, params.Decoder(hidden=12), (1, 8, 8), seed)


SHRINKS = competition.Course(start=0.5, end=0.1)
MAP = kohonen.Params(
    size=(3, 2), topology="hexagonal", kernel="gaussian", initialisation="random", radius=SHRINKS, rate=SHRINKS,
    hat_rate=SHRINKS, presentations=960, passes=60, block=7, k=5, seeds=2,
)  # fmt: skip
CENTRES = competition.Params(
    centres=4,
    presentations=960,
    rate=competition.Rates(winner_takes_all=SHRINKS, winner_takes_most=SHRINKS),
    width=SHRINKS,
    relative=True,
    memory=0.1,
    still=0.01,
    seeds=2,
    target=1.1,
)


def labelled(seed: int) -> supervised.Classifier:
    return supervised.build(LABELS, ENCODER, (1, 8, 8), 3, seed)


LATENT = vae.Params(
    pixels="bernoulli",
    sigma=0.5,
    latent=3,
    beta=1.0,
    samples=1,
    presentations=None,
    learning_rate=0.02,
    weight_decay=0.0,
)


def variational(block: vae.Params) -> Callable[[int], vae.Vae]:
    return lambda seed: vae.build(block, ENCODER, params.Decoder(hidden=12), (1, 8, 8), seed)


BOTH = supervised_autoencoder.Params(
    labels=(3,),
    weights=(0, 2),
    shift=1,
    presentations=96,
    batch_size=supervised_autoencoder.Sizes(unlabelled=8, labelled=4),
    learning_rate=supervised_autoencoder.Rates(alone=0.02, probe=0.02, together=0.02),
    weight_decay=0.01,
    numbers=supervised_autoencoder.Drawn(labels=(3,), weights=(0, 2), images=60, side=8, noise=0.1),
)


def with_labels(arm: str) -> Callable[[int], supervised_autoencoder.SupervisedAutoencoder]:
    decoder = params.Decoder(hidden=12)
    weight = {"alone": 1.0, "probe": 0.0, "together": 2.0}[arm]
    return lambda seed: supervised_autoencoder.build(
        BOTH, supervised_autoencoder.Fit("classes", arm, weight, (3,), seed), ENCODER, decoder, (1, 8, 8), 3
    )


def linear(seed: int) -> linear_autoencoder.LinearAutoencoder:
    rates = {"learning_rate": 0.02, "weight_decay": 0.0}
    return linear_autoencoder.build(64, width=6, tied=False, seed=seed, **rates).float()


def transferred(arm: str) -> Callable[[int], supervised.Classifier]:
    return lambda seed: transfer.build(FEW, arm, labelled(0).encoder, 3, seed, labels=1)


def embedded(arm: str) -> Callable[[int], supervised.Classifier]:
    return lambda seed: transfer.build(DEEPER, arm, labelled(0).encoder, 3, seed, labels=10)


STACKED = layers.Params(
    depths=(2,), random=1, hidden=5, presentations=96, learning_rate=0.02, weight_decay=0.01
)  # fmt: skip


def on_layers(arm: str) -> Callable[[int], supervised.Classifier]:
    below = layers.build(STACKED, ENCODER, (1, 8, 8), 3, 0, layers.ARMS[arm]).first(2)
    return lambda seed: layers.build(STACKED, ENCODER, (1, 8, 8), 3, seed, "anew", below, frozen=arm[-1] != "+")


def competing(arm: str) -> Callable[[int], competition.Centres]:
    return lambda seed: competition.build(CENTRES, arm, columns()["x"].flatten(1), seed, "stripes", "random")


def mapped(arm: str) -> Callable[[int], kohonen.Map]:
    return lambda seed: kohonen.build(MAP, arm, columns()["x"].flatten(1), seed, "stripes", "random")


PAIR = gan.Params(
    nets="conv",
    loss="non_saturating",
    latent=3,
    hidden=(8, 4),
    pieces=2,
    gradient_penalty=0.0,
    r1=0.0,
    lazy=2,
    spectral=False,
    average=0.9,
    learning_rate=gan.Rates(generator=0.001, discriminator=0.03),
    betas=(0.5, 0.9),
    ahead=10,
)
PAIRS = {
    "minimax": PAIR.model_copy(update={"loss": "minimax"}),
    "dense": PAIR.model_copy(update={"nets": "mlp"}),
    "r1": PAIR.model_copy(update={"r1": 0.01, "lazy": 4}),
    "spectral": PAIR.model_copy(update={"loss": "hinge", "spectral": True}),
    "wasserstein": PAIR.model_copy(update={"loss": "wasserstein", "gradient_penalty": 1.0}),
    "least squares": PAIR.model_copy(update={"loss": "least_squares"}),
}


def adversaries(block: gan.Params) -> Callable[[int], gan.Gan]:
    return lambda seed: gan.build(block, ENCODER, (1, 8, 8), seed)


STYLES = style_gan.Params(
    loss="non_saturating",
    latent=3,
    gradient_penalty=0.0,
    r1=0.01,
    lazy=3,
    average=0.9,
    learning_rate=gan.Rates(generator=0.001, discriminator=0.03),
    betas=(0.5, 0.9),
    seeds=(0,),
    batch_size=16,
    width=5,
    depth=2,
    mapping_rate=0.1,
    channels=(6, 4),
    mixing=0.5,
    path_length=style_gan.PathLength(weight=0.5, lazy=2, memory=0.9),
)


def styled(seed: int) -> style_gan.StyleGan:
    return style_gan.build(STYLES, ENCODER, (1, 8, 8), seed)


MANY = multitask.Params(
    pairs=((2, 3),),
    others=("ink", "slant"),
    balance="mean",
    learning_rate=0.02,
    weight_decay=0.01,
    shift=0,
    presentations=320,
    learnability=multitask.Learnability(tasks=((2, 3), "ink"), sizes=(4, 8), size=8),
    learning_to_learn=multitask.LearningToLearn(
        classes=(8, 9), numbers=("slant",), tasks=(1, 2), sizes=(8,), labels=4, strengths=(1.0,)
    ),
)
SETS = task_sets.Params(
    parts=Parts(valid=0.2, test=0.25),
    hidden=None,
    balance="sum",
    learning_rate=0.02,
    weight_decay=0.01,
    shift=0,
    batch_size=16,
    learnability=task_sets.Learnability(tasks=("a", "b"), sizes=(2, 4), presentations=320),
    learning_to_learn=task_sets.LearningToLearn(
        held_out=1, tasks=(1, 2), sizes=(4,), presentations=320, labels=3, strengths=(1.0,)
    ),
)
ASKED = [tasks.pair(0, 1, "abc"), tasks.named("parity"), tasks.named("ink")]


def many(balance: multitask.Balance) -> Callable[[int], multitask.Multitask]:
    return lambda seed: multitask.build(MANY, ENCODER, (1, 8, 8), ASKED, seed, balance)


TWINS = redundancy.Params(
    views=augmentation.Strength(shift=1, turn=10, scale=0.1, shear=0.1, hole=2, noise=0.1),
    hidden=8,
    projected=5,
    weight=0.05,
    batch_size=16,
    learning_rate=0.02,
    weight_decay=0.01,
)


def twins(seed: int) -> redundancy.Twins:
    return redundancy.build(TWINS, ENCODER, (1, 8, 8), seed)


PATCHES = relative_patches.Params(
    side=2,
    gap=1,
    jitter=0,
    wander=None,
    colour="dropped",
    hidden=12,
    presentations=None,
    learning_rate=0.02,
    weight_decay=0.01,
)


def placed(seed: int) -> relative_patches.RelativePatches:
    return relative_patches.build(PATCHES, ENCODER, (1, 8, 8), seed)


def placed_alone(seed: int) -> relative_patches.RelativePatches:
    return relative_patches.build(PATCHES, ENCODER, (1, 8, 8), seed, alone=True)


EPISODES = prototypes.Params(
    held_out=(5,),
    way=3,
    shots=(1, 2),
    queries=2,
    learning_rate=0.02,
    weight_decay=0.01,
    episodes=3,
    strength=1.0,
    finetuned=prototypes.Tuned(arms=(), episodes=1, steps=1, learning_rate=0.01, weight_decay=0.0),
)


def episodic(shots: int) -> Callable[[int], prototypes.Prototypes]:
    return lambda seed: prototypes.build(EPISODES, ENCODER, (1, 8, 8), seed, shots=shots)


MATCHED = consistency.Params(
    threshold=consistency.Thresholds(pseudo=0.8, fixmatch=0.8),
    weight=1.0,
    shift=1,
    presentations=96,
    batch_size=consistency.Sizes(alone=8, labelled=4, unlabelled=8),
    learning_rate=consistency.Rates(**dict.fromkeys(consistency.ARMS, 0.02)),
    weight_decay=0.01,
)


AUGMENTED = Strength(shift=1, turn=10, scale=0.1, shear=0.1, hole=2, noise=0.05, contrast=0.2)


def matched(arm: str) -> Callable[[int], supervised.Classifier]:
    return lambda seed: consistency.build(MATCHED, arm, ENCODER, (1, 8, 8), 3, seed)


DISTILLED = distillation.Params(
    teacher=ENCODER.model_copy(update={"channels": (8, 8), "width": 20}),
    students=(ENCODER,),
    asked=0,
    temperature=2.0,
    labels_weight=1.0,
    smoothing=0.1,
    shift=1,
    views=4,
    few=3,
    noise=10,
    omitted=2,
    lessons=96,
    presentations=96,
    batch_size=16,
    learning_rate=distillation.Rates(teacher=0.02, student=0.02),
    weight_decay=0.01,
)


def distilled(arm: str) -> Callable[[int], distillation.Student]:
    return lambda seed: distillation.build(DISTILLED, arm, ENCODER, (1, 8, 8), 3, seed)


AMONG = centres.Params(passes=60, radius=SHRINKS, block=7)


def among(arm: str, light: float = 0.1) -> Callable[[int], centres.Centres]:
    """Born among darker images than it is then shown: it has something to learn."""
    return lambda seed: centres.build(AMONG, arm, 6, light * columns()["x"].flatten(1), seed, "stripes")


SIMULATOR = (Parameter("heat", "K", -1.0, 3.0), Parameter("start", "1", 0.0, 1.0, ends=True))
ENSEMBLE = surrogate.Params(
    sizes=(4, 60),
    members=3,
    hidden=8,
    depth=2,
    steps=60,
    batch_size=16,
    learning_rate=0.02,
    weight_decay=0.01,
    asking=surrogate.Asking(first=4, batch=4, last=12),
    gaussian_process=surrogate.GaussianProcess(fitted_on=4),
    boosting=None,
    linear=surrogate.Linear(strengths=(1.0,)),
)


def nets(seed: int) -> surrogate.Surrogates:
    return surrogate.build(ENSEMBLE, SIMULATOR, columns()["answers"].numpy().astype(float), seed)


def rare(seed: int) -> surrogate.Surrogates:
    return surrogate_table.build(ENSEMBLE, SIMULATOR, np.repeat([[0.0, 1.0]], 3, axis=0).T, seed)


CASES: dict[str, tuple[str, Callable[[int], Learner]]] = {
    "supervised": ("supervised", labelled),
    **{f"autoencoder {name}": ("autoencoder", unlabelled(block)) for name, block in AUTOENCODERS.items()},
    "vae bernoulli": ("vae", variational(LATENT)),
    "vae gaussian": ("vae", variational(LATENT.model_copy(update={"pixels": "gaussian"}))),
    **{
        f"supervised autoencoder {arm}": ("supervised_autoencoder", with_labels(arm))
        for arm in supervised_autoencoder.ARMS
    },
    "linear autoencoder": ("linear_autoencoder", linear),
    **{f"transfer {arm}": ("transfer", transferred(arm)) for arm in transfer.ARMS},
    **{f"embedded {arm}": ("transfer", embedded(arm)) for arm in transfer.ARMS},
    "layers base": ("layers", lambda seed: layers.build(STACKED, ENCODER, (1, 8, 8), 3, seed, "B")),
    **{f"layers {arm}": ("layers", on_layers(arm)) for arm in layers.ARMS},
    **{arm: ("competition", competing(arm)) for arm in competition.ARMS},
    **{arm: ("kohonen", mapped(arm)) for arm in kohonen.ARMS},
    **{f"gan {name}": ("gan", adversaries(block)) for name, block in PAIRS.items()},
    "style gan": ("style_gan", styled),
    "redundancy": ("redundancy", twins),
    "surrogate": ("surrogate", nets),
    "surrogate table": ("surrogate_table", rare),
    **{f"consistency {arm}": ("consistency", matched(arm)) for arm in consistency.ARMS},
    **{f"distillation {arm}": ("distillation", distilled(arm)) for arm in distillation.ARMS},
    "task_sets": ("task_sets", lambda seed: task_sets.build(SETS, ENCODER, (1, 8, 8), ASKED, seed, "some")),
    **{f"multitask {balance}": ("multitask", many(balance)) for balance in multitask.BALANCES},
    **{f"prototypes {shots}": ("prototypes", episodic(shots)) for shots in EPISODES.shots},
    **{f"centres {arm}": ("centres", among(arm)) for arm in centres.ARMS},
    "relative patches": ("relative_patches", placed),
    "relative patches second alone": ("relative_patches", placed_alone),
}
SOLVED = {
    "lupi",
    "machines",
    "svm_plus",
}  # a convex programme, with neither a seed to be born from nor a step: its own tests ask all
each = pytest.mark.parametrize("build", [build for _, build in CASES.values()], ids=list(CASES))
DESCENTS = {
    name: build
    for name, (of, build) in CASES.items()
    if of not in ("centres", "competition", "gan", "kohonen", "style_gan")
}
descends = pytest.mark.parametrize("build", list(DESCENTS.values()), ids=list(DESCENTS))


def columns() -> Batch:
    """Three classes told apart by which third of the picture is bright."""
    draws = streams.generator(3, "data")
    y = torch.arange(60) % 3
    x = 0.2 * torch.rand(60, 1, 8, 8, generator=draws)
    for i, k in enumerate(y.tolist()):
        x[i, :, :, 3 * k : 3 * k + 2] += 0.7
    table = torch.stack([torch.where(y < 2, y, torch.nan), y % 2, y - 1], 1).float()
    columns = {"x": x, "tasks": table, "x_labelled": x, "y": y, "noise": torch.randn(60, 1, 3, generator=draws)}
    columns["episode"] = x[:, None] + 0.1 * torch.randn(60, 4, 1, 8, 8, generator=draws)  # each image is a class
    told = 6 * torch.nn.functional.one_hot(y, 3).float()  # what a teacher is sure of
    columns["parameters"] = torch.stack([y - 1.0, 2.0 * (y % 2) - 1], 1)  # and what a simulator was asked
    columns |= {"first": x, "second": x.flip(3), "neighbour": y}  # three of the eight
    columns = views.styles(3, layers=4, pixels=144, mixing=0.5)(columns, draws)  # for who makes images of styles
    columns = augmentation.twins(TWINS.views)(columns, draws)  # for who compares two views
    return {**columns, "weak": columns["x"], "strong": columns["one"], "truth": y, "answers": told}


def source() -> Batches:
    return Batches(columns(), 16, streams.generator(0, "batches"))


def equal(a: nn.Module, b: nn.Module) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def test_every_module_in_paradigms_is_asked_and_has_its_three_names() -> None:
    modules = {found.name for found in pkgutil.iter_modules(paradigms.__path__)}
    modules -= SOLVED
    assert modules == {module for module, _ in CASES.values()}
    for module in modules:
        loaded = importlib.import_module(f"tutelage.paradigms.{module}")
        assert issubclass(loaded.Params, params.Block)
        assert callable(loaded.build)
        assert any(isinstance(x, type) and issubclass(x, Learner) for x in vars(loaded).values())


@each
def test_it_is_born_the_same_from_a_seed_and_another_from_another(build: Callable[[int], Learner]) -> None:
    torch.manual_seed(1)
    one = build(4)
    torch.rand(3)
    assert equal(one, build(4))
    assert not equal(one, build(5))


@each
def test_it_leaves_the_global_generator_alone(build: Callable[[int], Learner], compute: Compute) -> None:
    before = torch.random.get_rng_state()
    fitting.fit(build(0), source(), steps=4, compute=compute)
    assert torch.equal(torch.random.get_rng_state(), before)


@each
def test_it_learns(build: Callable[[int], Learner], compute: Compute) -> None:
    history = fitting.fit(build(0), source(), steps=60, compute=compute)
    assert history[-1][0]["train/loss"] < 0.8 * history[0][0]["train/loss"]


@descends
def test_its_gradient_is_that_of_finite_differences(build: Callable[[int], Learner]) -> None:
    learner, batch = build(0).double(), columns()
    batch = {name: column[:4].double() if column.is_floating_point() else column[:4] for name, column in batch.items()}
    loss, _ = learner.loss(batch)
    loss.backward()
    draws = streams.generator(0, "directions")
    for weight in (w for w in learner.parameters() if w.requires_grad):
        along = torch.randn(weight.shape, generator=draws, dtype=torch.float64)
        step = 1e-6
        with torch.no_grad():
            weight.add_(step * along)
            up = learner.loss(batch)[0]
            weight.sub_(2 * step * along)
            down = learner.loss(batch)[0]
            weight.add_(step * along)
        slope = float((up - down) / (2 * step))
        assert weight.grad is not None
        assert float((weight.grad * along).sum()) == pytest.approx(slope, rel=1e-4, abs=1e-7)


@each
def test_it_is_the_same_twice_and_after_a_stop(
    build: Callable[[int], Learner], compute: Compute, tmp_path: Path
) -> None:
    whole, again, resumed = build(0), build(0), build(0)
    told = fitting.fit(whole, source(), steps=9, compute=compute)
    assert fitting.fit(again, source(), steps=9, compute=compute) == told
    place = Place(tmp_path / "fit.pt", "f")

    def kill(seen: list[dict[str, float]]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitting.fit(build(0), source(), steps=9, compute=compute, place=place, watch=kill)
    place = Place(tmp_path / "other.pt", "f")
    with pytest.raises(KeyboardInterrupt):
        fitting.fit(
            build(0),
            source(),
            steps=9,
            compute=compute,
            place=place,
            watch=lambda s: kill(s) if s[0]["step"] > 3 else None,
        )
    assert place.path.exists()
    assert fitting.fit(resumed, source(), steps=9, compute=compute, place=place) == told
    assert equal(whole, again)
    assert equal(whole, resumed)


@each
def test_it_can_be_saved_and_given_its_weights_back(
    build: Callable[[int], Learner], compute: Compute, tmp_path: Path
) -> None:
    taught, other = build(0), build(1)
    fitting.fit(taught, source(), steps=5, compute=compute)
    weights.keep(taught.state_dict(), tmp_path / "w.safetensors")
    weights.give(other, tmp_path / "w.safetensors")
    assert equal(taught, other)


@pytest.mark.parametrize("arm", ["frozen", "random"])
def test_a_frozen_encoder_is_not_moved(arm: str, compute: Compute) -> None:
    learner = transferred(arm)(0)
    before = copy.deepcopy(learner.encoder.state_dict())
    transfer.fit(FEW.model_copy(update={"steps": 30}), arm, [learner], [columns()], [0], compute)
    torch.testing.assert_close(learner.encoder.state_dict(), before, rtol=0, atol=0)


def test_arms_differ_in_what_they_start_from_and_share_the_head() -> None:
    taught = labelled(0).encoder
    started = {arm: transferred(arm)(7) for arm in transfer.ARMS}
    for arm in ("frozen", "finetuned"):
        torch.testing.assert_close(started[arm].encoder.state_dict(), taught.state_dict(), rtol=0, atol=0)
    torch.testing.assert_close(
        started["scratch"].encoder.state_dict(), started["random"].encoder.state_dict(), rtol=0, atol=0
    )
    assert not equal(started["scratch"].encoder, taught)
    assert all(equal(started["frozen"].head, other.head) for other in started.values())


TUNED = params.Finetuned(labels=(6,), steps=30, batch_size=16, learning_rate=0.02, weight_decay=0.01)


@pytest.mark.parametrize("build", [labelled, unlabelled(PLAIN), variational(LATENT), styled, twins, among("kmeans", 1)])
def test_whatever_encodes_goes_on_learning_under_a_head_and_is_itself_left_alone(
    build: Callable[[int], Learner], compute: Compute
) -> None:
    learner: Any = build(0)
    batch, before = {name: columns()[name] for name in ("x", "y")}, copy.deepcopy(learner)
    one, two = (transfer.finetuned(TUNED, learner, batch, 3, 5, compute) for _ in range(2))
    assert equal(learner, before)
    assert equal(one, two)
    assert not torch.equal(one.encode(batch["x"]), before.encode(batch["x"]))
    assert float((one.predict(batch["x"]).argmax(1) == batch["y"]).float().mean()) > 0.9


def test_few_labels_in_augmented_views_fill_a_batch_several_times(compute: Compute) -> None:
    few = {name: columns()[name][:5] for name in ("x", "y")}
    seen: list[Tensor] = []

    def view(batch: Batch, draws: Generator) -> Batch:
        seen.append(batch["x"])
        return two_views.strong(AUGMENTED)(batch, draws)

    plain, moved, again = (transfer.finetuned(TUNED, labelled(0), few, 3, 5, compute, v) for v in (None, view, view))
    assert {len(x) for x in seen} == {TUNED.batch_size}
    assert all(1 <= int((x == image).flatten(1).all(1).sum()) <= 4 for x in seen for image in few["x"])
    assert equal(moved, again)
    assert not equal(moved, plain)


def test_a_deeper_classifier_has_a_rate_for_each_number_of_labels() -> None:
    assert [DEEPER.rate("scratch", m) for m in (1, 10)] == [0.1, 0.02]
    assert embedded("scratch")(0).learning_rate == 0.02


@pytest.mark.parametrize("build", [transferred("frozen"), embedded("frozen")], ids=["transfer", "embedded"])
def test_heads_taught_together_say_what_a_whole_frozen_classifier_says(
    build: Callable[[int], supervised.Classifier], compute: Compute
) -> None:
    together, alone = [build(seed) for seed in (0, 1)], build(1)
    block = FEW.model_copy(update={"steps": 20})
    transfer.fit(block, "frozen", together, [columns(), columns()], [0, 1], compute)
    fitting.fit(alone, Batches(columns(), 16, streams.generator(1, "transfer/batches")), steps=20, compute=compute)
    torch.testing.assert_close(together[1].head.state_dict(), alone.head.state_dict(), rtol=1e-4, atol=1e-5)
