"""What maps do beyond what every way of teaching owes."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data.batches import Batches
from tutelage.errors import Mistake
from tutelage.objectives import kohonen as grid
from tutelage.paradigms import kohonen
from tutelage.paradigms.competition import Course
from tutelage.params import Compute
from tutelage.training import fitting

BLOCK = params.read(kohonen.Params, "kohonen").model_copy(update={"size": (4, 3), "presentations": 3000, "k": 3})


def blobs() -> Tensor:
    """Four groups far from each other, twenty examples each."""
    draws = streams.generator(0, "blobs")
    middles = torch.tensor([[4.0, 0], [-4, 0], [0, 4], [0, -4]])
    return (middles.repeat(20, 1) + 0.3 * torch.randn(80, 2, generator=draws)).contiguous()


def build(arm: str, seed: int = 0, start: kohonen.Start | None = None, **other: Any) -> kohonen.Map:
    return kohonen.build(BLOCK.model_copy(update=other), arm, blobs(), seed, "blobs", start)


def fit(learners: list[kohonen.Map], compute: Compute) -> Any:
    return kohonen.fit(learners, blobs(), list(range(len(learners))), compute, size=10, looks=10)


def test_maps_side_by_side_are_as_each_alone(compute: Compute) -> None:
    side, alone = [build("map_online", seed) for seed in (0, 1)], build("map_online", 1)
    fit(side, compute)
    source = Batches({"x": blobs()}, 10, streams.generator(1, "batches"))
    fitting.fit(alone, source, steps=300, compute=compute)
    for name, state in alone.state_dict().items():
        if name != "seen":
            torch.testing.assert_close(side[1].state_dict()[name], state, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
@pytest.mark.parametrize("arm", ["map_online", "map_batch"])
def test_a_map_keeps_neighbours_together(arm: str, topology: str, compute: Compute) -> None:
    learner = build(arm, topology=topology, radius=Course(start=2, end=0.5))
    fit([learner], compute)
    sits = learner.encode(blobs())
    groups = [sits[i::4] for i in range(4)]
    within = max(float(torch.cdist(g, g).max()) for g in groups)
    assert within < float(torch.cdist(groups[0], groups[1]).mean())
    assert float((learner.reconstruct(blobs()) - blobs()).norm(dim=1).mean()) < 1


def test_the_batch_rule_does_not_see_the_order_of_examples(compute: Compute) -> None:
    one, other = build("map_batch"), build("map_batch")
    for _ in range(5):
        one.update({"x": blobs()}, {})
        other.update({"x": blobs().flip(0)}, {})
    torch.testing.assert_close(one.w, other.w)


@pytest.mark.parametrize(
    ("arm", "change", "said"),
    [
        ("map_batch", {"size": (9, 9)}, r"kohonen.size = \[9, 9\] asks for 81 nodes, and blobs has 80 examples"),
        ("map_online", {"k": 80}, "kohonen.k = 80 must be below half of the 80 examples of blobs"),
        ("map_batch", {"kernel": "mexican_hat"}, "mexican_hat: the batch rule divides by a sum of the kernel's values"),
    ],
)
def test_bad_input_is_one_line(arm: str, change: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistake, match=said) as raised:
        build(arm, **change)
    assert "\n" not in str(raised.value)


def test_all_kernels_are_named_alike_in_params_and_formulas() -> None:
    assert set(grid.KERNELS) == set(kohonen.Kernel.__args__)  # type: ignore[attr-defined]


def test_a_map_whose_centres_leave_the_data_is_refused(compute: Compute) -> None:
    one = build("map_online", kernel="mexican_hat", hat_rate=Course(start=0.9, end=0.9))
    with pytest.raises(Mistake, match=r"times as far out as any example; lower the rate \(hat_rate"):
        kohonen.fit([one], blobs(), [0], compute, size=16, looks=1)
