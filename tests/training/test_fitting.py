"""A fit is the same twice, the same after a stop, and stops where its loss is no number."""

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch, Batches
from tutelage.errors import Mistake
from tutelage.paradigms import supervised
from tutelage.params import Compute
from tutelage.training import fitting, loop
from tutelage.training.checkpoint import Place
from tutelage.training.learner import Learner, Logs
from tutelage.training.schedule import WARM, warmed_cosine

BLOCK = supervised.Params(base_classes=(0, 1), learning_rate=0.01, weight_decay=0.01, shift=1)
ENCODER = params.Encoder(channels=(4, 4), kernel=3, groups=2, grid=2, width=6)


def learner() -> supervised.Classifier:
    return supervised.build(BLOCK, ENCODER, (1, 8, 8), 3, seed=1)


def source() -> Batches:
    draws = streams.generator(7, "data")
    columns = {"x": torch.rand(30, 1, 8, 8, generator=draws), "y": torch.randint(0, 3, (30,), generator=draws)}
    return Batches(columns, 8, streams.generator(1, "batches"), views.shift(1), streams.generator(1, "views"))


def equal(a: nn.Module, b: nn.Module) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


class Stop(Exception):
    """What a kill is to the fit: the end, at once."""


@pytest.mark.parametrize("at", [3, 6, 9, 11])
def test_a_stopped_fit_goes_on_as_if_it_had_not(tmp_path: Path, compute: Compute, at: int) -> None:
    whole, stopped, resumed = learner(), learner(), learner()
    told = fitting.fit(whole, source(), steps=11, compute=compute)
    place = Place(tmp_path / "fit.pt", "f")

    def kill(seen: list[dict[str, float]]) -> None:
        if seen[0]["step"] == at:
            raise Stop

    with pytest.raises(Stop):
        fitting.fit(stopped, source(), steps=11, compute=compute, place=place, watch=kill)
    assert fitting.fit(resumed, source(), steps=11, compute=compute, place=place) == told
    assert equal(whole, resumed)


def test_a_fit_that_was_over_is_not_taught_again(tmp_path: Path, compute: Compute) -> None:
    place = Place(tmp_path / "fit.pt", "f")
    first, second = learner(), learner()
    told = fitting.fit(first, source(), steps=7, compute=compute, place=place)
    assert fitting.fit(second, source(), steps=7, compute=compute, place=place) == told
    assert equal(first, second)


def test_looking_does_not_change_what_is_learned(compute: Compute) -> None:
    unseen, watched = learner(), learner()
    fitting.fit(unseen, source(), steps=9, compute=compute)

    def judge() -> dict[str, float]:
        assert not watched.training
        torch.rand(100)
        return {"accuracy": float(watched.predict(torch.rand(2, 1, 8, 8)).sum())}

    told = fitting.fit(watched, source(), steps=9, compute=compute, judge=judge)
    assert equal(unseen, watched)
    assert set(told[0][0]) == {"step", "train/loss", "valid/accuracy"}


def test_a_checkpoint_of_other_params_is_refused(tmp_path: Path, compute: Compute) -> None:
    fitting.fit(learner(), source(), steps=3, compute=compute, place=Place(tmp_path / "fit.pt", "one"))
    with pytest.raises(Mistake, match=r"fit\.pt belongs to other params, data or code; delete it or give them back"):
        fitting.fit(learner(), source(), steps=3, compute=compute, place=Place(tmp_path / "fit.pt", "other"))


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 half"])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, compute: Compute, content: bytes) -> None:
    (tmp_path / "fit.pt").write_bytes(content)
    with pytest.raises(Mistake, match=r"fit\.pt is no checkpoint of this project, or damaged; delete it"):
        fitting.fit(learner(), source(), steps=3, compute=compute, place=Place(tmp_path / "fit.pt", "f"))


def test_a_checkpoint_that_would_run_code_is_not_loaded(tmp_path: Path, compute: Compute) -> None:
    torch.save({"fingerprint": "f", "state": Path("x")}, tmp_path / "fit.pt")
    with pytest.raises(Mistake, match="is no checkpoint of this project"):
        fitting.fit(learner(), source(), steps=3, compute=compute, place=Place(tmp_path / "fit.pt", "f"))


class Explosive(Learner):
    """Its second term is no number from step 6 on."""

    def __init__(self) -> None:
        super().__init__(learning_rate=0.1, weight_decay=0)
        self.weight, self.steps = nn.Parameter(torch.ones(())), 0

    def loss(self, batch: Batch) -> tuple[Tensor, Logs]:
        self.steps += 1
        rate = self.weight * (math.nan if self.steps >= 6 else 1)
        return rate, {"distortion": 1 * self.weight, "rate": rate}


def test_a_loss_that_is_no_number_names_step_term_and_checkpoint(tmp_path: Path, compute: Compute) -> None:
    place = Place(tmp_path / "fit.pt", "f")
    with pytest.raises(
        Mistake, match=r"rate is nan at step 6; the checkpoint before it is .*fit\.pt; lower learning_rate"
    ):
        fitting.fit(Explosive(), source(), steps=30, compute=compute, place=place)
    assert torch.load(place.path, weights_only=True)["state"]["step"] == 3


def test_a_rate_rises_from_near_nothing_in_a_tenth_and_falls_to_zero_by_half_at_half() -> None:
    rates = [warmed_cosine(p) for p in (0, WARM / 2, 0.5, 1)]
    assert rates == pytest.approx([0, 0.5, 0.5, 0], abs=0.011)
    assert rates[0] > 0  # the first step is a step
    assert max(warmed_cosine(p / 100) for p in range(101)) == pytest.approx(1, abs=0.03)


def test_the_loop_sets_each_step_the_rate_of_its_progress(compute: Compute) -> None:
    one = learner()
    optimizers = one.optimizers()
    course = loop.epochs(
        one,
        source(),
        optimizers,
        steps=6,
        every=1,
        schedule=lambda p: 1 - p,
        autocast=torch.autocast("cpu", enabled=False),
    )
    rates = [(epoch.step, optimizers["adamw"].param_groups[0]["lr"]) for epoch in course]
    assert rates == [(step + 1, pytest.approx(0.01 * (1 - step / 6))) for step in range(6)]


def test_bfloat16_learns_and_keeps_its_weights_in_float32(compute: Compute) -> None:
    one, other = learner(), learner()
    fitting.fit(one, source(), steps=20, compute=compute.model_copy(update={"precision": "bfloat16"}))
    fitting.fit(other, source(), steps=20, compute=compute)
    assert all(weight.dtype == torch.float32 for weight in one.parameters())
    assert not equal(one, other)


def test_a_device_that_is_not_there_is_one_line() -> None:
    from tutelage.training import device

    if torch.cuda.is_available():
        assert (
            device.ready(Compute(device="cuda", precision="float32", matmul_precision="high", threads=1)).type == "cuda"
        )
        return
    with pytest.raises(Mistake, match=r"compute\.device is cuda, and torch sees no GPU here; write cpu"):
        device.ready(Compute(device="cuda", precision="float32", matmul_precision="high", threads=1))
