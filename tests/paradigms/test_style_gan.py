"""What is special to the style-based pair: path lengths, truncation, mixing, noise, and sizes it cannot make."""

import pytest
import torch
from torch import Tensor

from tutelage import params, streams
from tutelage.data import views
from tutelage.data.batches import Batch
from tutelage.errors import Mistake
from tutelage.objectives import adversarial
from tutelage.paradigms import style_gan
from tutelage.params import Compute
from tutelage.training import fitting

from .test_paradigms import ENCODER, STYLES, columns, equal, source, styled


def born(**changed: object) -> style_gan.StyleGan:
    return style_gan.build(STYLES.model_copy(update=changed), ENCODER, (1, 8, 8), 0)


def few() -> Batch:
    return {name: column[:8] for name, column in columns().items()}


def codes(n: int = 6) -> Tensor:
    return torch.randn(n, 3, generator=streams.generator(0, "codes"))


def test_path_lengths_are_asked_for_lazily_and_weigh_as_much_in_all() -> None:
    lengths = style_gan.PathLength(weight=0.5, lazy=3, memory=0.9)
    learner, asked = born(path_length=lengths), []
    optimizers = learner.optimizers()
    for _ in range(7):
        asked.append(float(learner.regular(few()).detach()) > 0)
        learner.update(few(), optimizers)
    assert asked == [True, False, False, True, False, False, True]
    lazy, always = (born(path_length=lengths.model_copy(update={"lazy": k})).regular(few()) for k in (3, 1))
    torch.testing.assert_close(lazy, 3 * always)


def test_the_mean_path_length_follows_by_its_memory_and_is_kept_with_the_weights() -> None:
    learner = born(path_length=style_gan.PathLength(weight=1.0, lazy=1, memory=0.75))
    half = {name: column[:4] for name, column in few().items()}
    w = learner._styles(half)
    lengths = adversarial.path_lengths(learner.generator.synthesis(w, half["pixels"]), w, along=half["along"])
    paid = learner.regular(few())
    torch.testing.assert_close(learner.length, 0.25 * lengths.mean().detach())
    torch.testing.assert_close(paid, (lengths - learner.length).square().mean())
    assert "length" in learner.state_dict()


def test_without_weight_no_path_is_asked_for() -> None:
    learner = born(path_length=style_gan.PathLength(weight=0.0, lazy=1, memory=0.9))
    assert float(learner.regular(few())) == 0
    assert float(learner.length) == 0


def test_truncation_leads_from_the_style_itself_to_one_style_for_all() -> None:
    learner, z = styled(0), codes()
    with torch.no_grad():
        whole, half, none = (learner.style(z, psi) for psi in (1, 0.5, 0))
        assert torch.equal(whole, learner.average.mapping(z))
        torch.testing.assert_close(half, (whole + none) / 2)
        torch.testing.assert_close(none, none[:1].expand_as(none))
        many = learner.style(codes(20000), 1).mean(0)
    torch.testing.assert_close(none[0], many, rtol=0, atol=0.05)


def test_an_image_of_one_style_is_the_same_wherever_it_is_cut() -> None:
    learner = styled(0)
    with torch.no_grad():
        w = learner.style(codes())
        for cut in range(learner.generator.synthesis.styles + 1):
            torch.testing.assert_close(learner.draw(w, w, cut), learner.decode(codes()))
        mixed = learner.draw(w, w.flip(0), 1)
    assert not torch.allclose(mixed, learner.decode(codes()))


def test_noise_tells_images_of_one_style_apart_once_its_strength_is_learned() -> None:
    learner = styled(0)
    draws = streams.generator(1, "noise")
    with torch.no_grad():
        w = learner.style(codes(2))
        for layer in (learner.average.synthesis.first, *learner.average.synthesis.keeping):
            layer.strength.fill_(0.5)
        one, other = (learner.draw(w, w, 0, learner.noise(2, draws)) for _ in range(2))
    assert not torch.allclose(one, other)


def test_a_sample_is_an_image_the_same_from_the_same_stream_and_of_the_average() -> None:
    learner = styled(0)
    with torch.no_grad():
        one, two = (learner.sample(4, streams.generator(1, "sample")) for _ in range(2))
        for weight in learner.average.parameters():
            weight.zero_()
        none = learner.sample(4, streams.generator(1, "sample"))
    assert one.shape == (4, 1, 8, 8)
    assert torch.equal(one, two)
    assert not torch.equal(one, none)
    assert learner.encode(one).shape == (4, ENCODER.width)


def test_both_styles_of_a_batch_teach() -> None:
    learner, batch = styled(0), few()
    for same in ({"codes": batch["codes"].flip(1)}, {"cut": torch.full_like(batch["cut"], 4)}):
        assert not torch.allclose(learner.fakes(batch | same), learner.fakes(batch))


def test_its_view_mixes_as_large_a_share_as_is_asked_for() -> None:
    x = torch.zeros(4000, 1, 2, 2)
    for share in (0.0, 0.7, 1.0):
        told = views.styles(3, layers=6, pixels=5, mixing=share)({"x": x}, streams.generator(0, "styles"))
        cut = told["cut"]
        assert float((cut < 6).float().mean()) == pytest.approx(share, abs=0.03)
        assert set(cut.tolist()) <= {1, 2, 3, 4, 5, 6}
        assert told["codes"].shape == (4000, 2, 3)
        assert told["along"].shape == x.shape


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)])
def test_it_learns_grey_and_coloured_images_of_every_size_it_can_make(shape: tuple[int, int, int]) -> None:
    learner = style_gan.build(STYLES.model_copy(update={"channels": (6, 4, 4)}), ENCODER, shape, 0)
    draws, before = streams.generator(0, "images"), styled(0)
    batch = learner.view()({"x": torch.rand(4, *shape, generator=draws)}, draws)
    logs = learner.update(batch, learner.optimizers())
    assert all(torch.isfinite(value) for value in logs.values())
    assert learner.decode(codes(2)).shape == (2, *shape)
    assert not equal(learner.head, before.head)


def test_in_bfloat16_it_learns_too_and_lengths_are_in_full(compute: Compute) -> None:
    learner = styled(0)
    fitting.fit(learner, source(), steps=6, compute=compute.model_copy(update={"precision": "bfloat16"}))
    assert learner.length.dtype == torch.float32
    assert float(learner.length) > 0


def test_images_of_a_size_it_cannot_make_are_named_with_the_way_out() -> None:
    with pytest.raises(Mistake, match=r"multiples of 2, and these are 27×28; bring them to such a size by images\.res"):
        style_gan.build(STYLES, ENCODER, (1, 27, 28), 0)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"latent": 0}, "style_gan.latent = 0: should be greater than 0"),
        (
            {"loss": "wasserstein", "r1": 0.0},
            "style_gan: wasserstein bounds no slope by itself; write gradient_penalty",
        ),
        ({"mixing": 1.5}, "style_gan.mixing = 1.5: should be less than or equal to 1"),
    ],
)
def test_a_mistake_in_the_block_is_one_line(changed: dict[str, object], line: str) -> None:
    with pytest.raises(Mistake) as told:
        params.parse(style_gan.Params, "style_gan", {"style_gan": STYLES.model_dump() | changed})
    assert line in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("psi", [-0.1, 1.2])
def test_a_truncation_out_of_range_is_one_line(psi: float) -> None:
    block = params.read(params.Styles, "styles").model_dump()
    with pytest.raises(Mistake, match=rf"^params\.yaml: styles\.truncation = {psi}: should be (greater|less) than"):
        params.parse(params.Styles, "styles", {"styles": block | {"truncation": psi}})
