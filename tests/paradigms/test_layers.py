"""Layers that are copied, kept or tuned."""

import copy
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data.batches import Batch, Batches
from tutelage.nn import dense
from tutelage.nn.conv import Encoder
from tutelage.paradigms import layers
from tutelage.paradigms.supervised import Classifier
from tutelage.training import fitting

ENCODER = params.Encoder(channels=(4, 4), kernel=3, groups=2, grid=2, width=6)
BLOCK = layers.Params(depths=(1, 2, 3, 4), random=2, hidden=5, presentations=320, learning_rate=0.02, weight_decay=0.01)
DEPTHS = range(1, len(layers.DEPTHS) + 1)


def build(seed: int, born: str, below: Any = None, *, frozen: bool = False) -> layers.Layered:
    return layers.build(BLOCK, ENCODER, (1, 8, 8), 3, seed, born, below, frozen=frozen)


def pool() -> Batch:
    """Three classes told apart by which third of the picture is bright."""
    y = torch.arange(60) % 3
    x = 0.2 * torch.rand(60, 1, 8, 8, generator=streams.generator(3, "data"))
    for i, k in enumerate(y.tolist()):
        x[i, :, :, 3 * k : 3 * k + 2] += 0.7
    return {"x": x, "y": y}


def taught(net: layers.Layered, compute: params.Compute, born: str = "anew") -> layers.Layered:
    layers.fit(BLOCK, net, pool(), 0, born, 16, compute)
    return net


def state(net: nn.Module) -> list[Tensor]:
    return [weight.clone() for weight in net.state_dict().values()]


def equal(a: list[Tensor], b: list[Tensor]) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def test_the_layers_are_those_of_the_encoder_and_a_head_each_with_one_matrix() -> None:
    net: Any = build(0, "B")
    matrices = [[type(part) for part in layer if isinstance(part, nn.Conv2d | nn.Linear)] for layer in net.head]
    assert matrices == [[nn.Conv2d], [nn.Conv2d], [nn.Linear], [nn.Linear], [nn.Linear]]
    assert [type(layer[1]) for layer in net.head[:2]] == [nn.GroupNorm] * 2
    with streams.born(0, "layers/B"):
        f, g = Encoder((1, 8, 8), **ENCODER.model_dump()), dense.head(6, hidden=5, classes=3)
    x = pool()["x"]
    assert torch.equal(net.predict(x), g(f(x)).log_softmax(1))
    assert torch.equal(net.head[:3](x), f(x))


@pytest.mark.parametrize("frozen", [True, False])
def test_with_nothing_copied_it_is_a_base(frozen: bool, compute: params.Compute) -> None:
    base, other = build(0, "anew"), build(0, "A")
    net = build(0, "anew", other.first(0), frozen=frozen)
    assert equal(state(net), state(base))
    assert equal(state(taught(net, compute)), state(taught(base, compute)))


@pytest.mark.parametrize("depth", DEPTHS)
def test_kept_layers_do_not_move_and_tuned_ones_do(depth: int, compute: params.Compute) -> None:
    source = build(0, "A")
    before = state(source)
    kept, tuned = (taught(build(0, "anew", source.first(depth), frozen=frozen), compute) for frozen in (True, False))
    assert equal(state(kept.encoder), state(source.head[:depth]))
    assert not any(
        torch.equal(x, y) for x, y in zip(tuned.encoder.parameters(), source.head[:depth].parameters(), strict=True)
    )
    assert equal(state(source), before), "copies, not the base's own"


@pytest.mark.parametrize("depth", DEPTHS)
def test_nets_differ_in_what_is_copied_and_share_what_is_born_anew(depth: int) -> None:
    a, b = build(0, "A"), build(0, "B")
    on_a, on_b = (build(0, "anew", base.first(depth), frozen=True) for base in (a, b))
    assert equal(state(on_a.encoder), state(a.head[:depth]))
    assert equal(state(on_b.encoder), state(b.head[:depth]))
    assert equal(state(on_a.head), state(on_b.head))
    assert not equal(state(on_b.head), state(b.head[depth:])), "not as the base was born, with which they learned"


def test_with_all_layers_kept_it_is_a_linear_probe_of_the_last_ones_units(compute: params.Compute) -> None:
    base = taught(build(0, "A"), compute, "A")
    net = build(0, "anew", base.first(4), frozen=True)
    assert [tuple(w.shape) for w in net.parameters() if w.requires_grad] == [(3, 5), (3,)]
    units, probe = base.head[:4](pool()["x"]).detach(), copy.deepcopy(net.head)
    taught(net, compute)
    told = probe(units).log_softmax(1)
    assert not torch.allclose(net.predict(pool()["x"]), told)  # before the probe has learned
    source = Batches({"x": units, "y": pool()["y"]}, 16, streams.generator(0, "layers/anew/batches"))
    learner = Classifier(nn.Identity(), probe, learning_rate=0.02, weight_decay=0.01)  # type: ignore[arg-type]
    fitting.fit(learner, source, steps=20, compute=compute)
    torch.testing.assert_close(net.head.state_dict(), probe.state_dict(), rtol=1e-4, atol=1e-5)


def test_what_kept_layers_make_of_an_image_is_computed_once_and_nothing_else_changes(compute: params.Compute) -> None:
    base = build(0, "A")
    once, whole = (build(0, "anew", base.first(2), frozen=True) for _ in range(2))
    cost = layers.fit(BLOCK, once, pool(), 0, "anew", 16, compute)
    source = Batches(pool(), 16, streams.generator(0, "layers/anew/batches"))
    history = fitting.fit(whole, source, steps=20, every=5, compute=compute)
    torch.testing.assert_close(once.state_dict(), whole.state_dict(), rtol=1e-4, atol=1e-5)
    assert cost == pytest.approx(history[-1][0]["train/loss"], rel=1e-4), "of the last quarter"


def test_every_cut_and_seed_has_two_bases_and_every_arm_at_every_depth() -> None:
    bases, grafts = layers.fits(BLOCK, [0, 1])
    assert len(bases) == 3 * 2 * 2
    assert len(grafts) == 3 * 2 * 4 * 5
    assert len({*bases, *grafts}) == len(bases) + len(grafts)


def test_a_depth_beyond_the_net_is_named() -> None:
    with pytest.raises(ValidationError, match="5 is beyond the net, which has 4 layers below its last"):
        BLOCK.model_validate({**BLOCK.model_dump(), "depths": (1, 5)})
