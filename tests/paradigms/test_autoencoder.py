"""What is special to autoencoders: the linear one is PCA, penalties make few, noise is seen and not asked for."""

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from sklearn.decomposition import PCA

from tutelage import params, streams
from tutelage.data import augmentation, views
from tutelage.data.batches import Batches
from tutelage.errors import Mistake
from tutelage.nn import weights
from tutelage.paradigms import autoencoder
from tutelage.params import Compute
from tutelage.training import fitting

from .test_paradigms import AUTOENCODERS, ENCODER, PLAIN, columns, unlabelled

X = columns()["x"]


def taught(name: str, compute: Compute, strength: float = 0.05, steps: int = 60) -> autoencoder.Autoencoder:
    block = AUTOENCODERS[name]
    penalty = block.penalty.model_copy(update={"strength": strength})
    learner = unlabelled(block.model_copy(update={"penalty": penalty}))(0)
    fitting.fit(learner, Batches({"x": X}, 16, streams.generator(0, "batches")), steps=steps, compute=compute)
    return learner


def test_solved_it_gives_back_what_scikit_learns_pca_gives_back() -> None:
    learner = unlabelled(PLAIN.model_copy(update={"kind": "pca", "tied": True}))(0).double()
    autoencoder.solve(learner, X.double())
    with torch.no_grad():
        told, z = learner.reconstruct(X.double()).flatten(1).numpy(), learner.encode(X.double()).numpy()
    rows = X.double().flatten(1).numpy()
    known = PCA(ENCODER.width).fit(rows)
    np.testing.assert_allclose(told, known.inverse_transform(known.transform(rows)), atol=1e-6)
    np.testing.assert_allclose(np.abs(z), np.abs(known.transform(rows)), atol=1e-6)


def test_l1_makes_weights_exactly_zero_and_l2_makes_them_small(compute: Compute) -> None:
    plain, few, small = (taught(name, compute, s) for name, s in (("deep", 0), ("weights l1", 1), ("weights l2", 1)))
    weights = [torch.cat([m.detach().flatten() for m in f.matrices()]) for f in (plain, few, small)]
    zeros = [float(w.eq(0).float().mean()) for w in weights]
    sizes = [float(w.square().mean()) for w in weights]
    assert zeros[0] == zeros[2] == 0
    assert zeros[1] > 0.1
    assert sizes[2] < sizes[0]


def test_a_penalty_on_codes_makes_numbers_of_a_code_exactly_zero_the_more_the_stronger(compute: Compute) -> None:
    codes = [taught("codes l1", compute, strength).encode(X) for strength in (0.0, 0.1, 0.5)]
    shares = [float(z.eq(0).float().mean()) for z in codes]
    assert shares[0] == 0
    assert shares[0] < shares[1] < shares[2]


def test_a_rate_that_is_asked_for_is_approached(compute: Compute) -> None:
    free, held = (taught("codes rate", compute, s, steps=200).encode(X).mean().item() for s in (0.0, 20.0))
    assert abs(held - 0.2) < abs(free - 0.2)


def test_what_it_sees_is_noisy_and_what_it_is_asked_for_is_not() -> None:
    learner, view = unlabelled(PLAIN)(0), views.noise("masking", 0.5)
    assert view is not None
    batch = view({"x": X}, streams.generator(0, "noise"))
    with torch.no_grad():
        loss, _ = learner.loss(batch)
        told = learner.decode(learner.encode(batch["noisy"]))
    torch.testing.assert_close(loss, (told - X).square().flatten(1).sum(1).mean())


VIEWS = augmentation.Strength(shift=1, turn=15, scale=0.1, shear=0.1, hole=0, noise=0)
STILL = VIEWS.model_copy(update=dict.fromkeys(["shift", "turn", "scale", "shear"], 0))


def seeing(extent: augmentation.Strength | None, compute: Compute, steps: int = 20) -> autoencoder.Autoencoder:
    """An autoencoder that was shown views as far from their images, or images as they are."""
    kind: Literal["views", "none"] = "views" if extent else "none"
    block = PLAIN.model_copy(update={"noise": autoencoder.Noise(kind=kind, strength=0, views=extent)})
    learner, order, draws = unlabelled(block)(0), streams.generator(0, "batches"), streams.generator(0, "noise")
    fitting.fit(learner, Batches({"x": X}, 16, order, block.noise.view(), draws), steps=steps, compute=compute)
    return learner


def test_views_that_lie_nowhere_but_at_their_image_teach_what_images_teach(compute: Compute) -> None:
    still, plain, moved = (seeing(extent, compute).state_dict() for extent in (STILL, None, VIEWS))
    torch.testing.assert_close(still, plain, rtol=0, atol=1e-3)  # but for the rounding of bilinear weights
    assert any(not torch.allclose(moved[name], plain[name], rtol=0, atol=1e-2) for name in plain)


def test_a_view_is_what_it_sees_and_the_image_is_what_it_is_asked_for() -> None:
    noise = autoencoder.Noise(kind="views", strength=0, views=VIEWS)
    view, learner = noise.view(), unlabelled(PLAIN.model_copy(update={"noise": noise}))(0)
    assert view is not None
    batch = view({"x": X}, streams.generator(0, "noise"))
    assert torch.equal(batch["x"], X)
    assert torch.equal(batch["noisy"], augmentation.seen(X, VIEWS, streams.generator(0, "noise")))
    with torch.no_grad():
        told = learner.decode(learner.encode(batch["noisy"]))
        torch.testing.assert_close(learner.loss(batch)[0], (told - X).square().flatten(1).sum(1).mean())


def test_views_teach_the_same_bytes_twice(compute: Compute) -> None:
    torch.testing.assert_close(seeing(VIEWS, compute).state_dict(), seeing(VIEWS, compute).state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("kind", "strength", "extent", "told"),
    [
        ("views", 0, None, "kind is views; views are null unless it is views, which needs them"),
        ("gaussian", 0.3, VIEWS, "kind is gaussian; views are null unless"),
        ("views", 0.3, VIEWS, "kind is views and strength is 0.3; write 0"),
    ],
)
def test_views_stand_with_their_kind_and_have_no_other_strength(
    kind: Literal["views", "gaussian"], strength: float, extent: augmentation.Strength | None, told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        autoencoder.Noise(kind=kind, strength=strength, views=extent)


def test_bernoulli_gives_back_shares_of_ink() -> None:
    with torch.no_grad():
        told = unlabelled(AUTOENCODERS["bernoulli"])(0).reconstruct(X)
    assert 0 < float(told.min()) < float(told.max()) < 1


def test_a_code_wider_than_the_image_is_refused() -> None:
    with pytest.raises(Mistake, match=r"encoder.width is 65, and an image has 64 numbers; narrow it"):
        autoencoder.build(PLAIN, ENCODER.model_copy(update={"width": 65}), params.Decoder(hidden=4), (1, 8, 8), 0)


def kept(kind: Literal["deep", "linear"], to: Path) -> autoencoder.Autoencoder:
    """An autoencoder of that kind as its stage would leave it."""
    block, decoder = PLAIN.model_copy(update={"kind": kind}), params.Decoder(hidden=12)
    learner = autoencoder.build(block, ENCODER, decoder, (1, 8, 8), 0)
    blocks = {"autoencoder": block.model_dump(), "encoder": ENCODER.model_dump(), "decoder": decoder.model_dump()}
    (to / "about.json").write_text(json.dumps(blocks | {"shape": [1, 8, 8]}), encoding="utf-8")
    weights.keep(learner.state_dict(), to / "deep-3.safetensors")
    return learner


def test_a_vectoriser_is_the_encoder_as_it_was_taught(tmp_path: Path) -> None:
    learner = kept("deep", tmp_path)
    with torch.no_grad():
        assert torch.equal(autoencoder.vectoriser(tmp_path, "deep", 3)(X), learner.encode(X))


def test_a_matrix_is_no_vectoriser(tmp_path: Path) -> None:
    kept("linear", tmp_path)
    with pytest.raises(Mistake, match=r"autoencoders\.deep has a matrix for its encoder; `embedded` needs kind: deep"):
        autoencoder.vectoriser(tmp_path, "deep", 3)
