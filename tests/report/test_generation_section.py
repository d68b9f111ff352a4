"""What the page says of generators: who passes the bar, what Parzen windows prefer, who repeats training images."""

from collections.abc import Mapping
from pathlib import Path

from tutelage.report import records
from tutelage.report.parts import Section, Table, Words
from tutelage.report.sections import generation

from .by_hand import ByHand


def section(root: Path, seeds: int = 5, **changed: Mapping[str, float]) -> Section:
    root.mkdir(exist_ok=True)
    project = ByHand(root).whole(seeds)
    project.judged(seeds, **changed)
    return generation.section(records.read(0.95, root))


def said(root: Path, seeds: int = 5, **changed: Mapping[str, float]) -> str:
    parts = section(root, seeds, **changed).parts
    return " ".join(told for part in parts if isinstance(part, Words) for told in part.paragraphs)


def test_the_nearest_is_named_between_ceiling_and_floor(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert told.startswith(
        "Of what was taught with all 5 seeds, gan non_saturating makes the images nearest to unseen ones in the mean, "
        "at a Fréchet distance of 8.0 [8.0, 8.0]: nearer than gan minimax, vae bernoulli, autoencoder deep, "
        "vae gaussian and vae plane. Other"
    )
    assert "and noise at 300.0 [" in told


def test_of_who_is_nearest_in_the_mean_only_what_is_shown_is_claimed(tmp_path: Path) -> None:
    told = said(tmp_path, gan_minimax={"frechet": 8.001})
    assert (
        "nearer than vae bernoulli, autoencoder deep, vae gaussian and vae plane; against gan minimax nothing" in told
    )
    told = said(tmp_path / "b", vae_bernoulli={"frechet": 7.0})
    assert "with all 5 seeds, vae bernoulli makes the images nearest to unseen ones in the mean" in told
    assert "]: nearer than gan non_saturating, gan minimax, autoencoder deep, vae gaussian and vae plane." in told


def test_the_best_pair_passes_the_bar(tmp_path: Path) -> None:
    assert "of 2.20 nats or more. The best in the mean, gan non_saturating, passes, with 2.25 nats." in said(tmp_path)


def test_a_pair_that_is_no_better_than_blur_does_not_pass(tmp_path: Path) -> None:
    told = said(tmp_path, gan_minimax={"frechet": 41}, gan_non_saturating={"frechet": 40})
    assert "gan non_saturating, does not pass: it is not shown to be nearer than the Gaussian in PCA space." in told
    assert "seeds, vae bernoulli makes" in told


def test_a_pair_that_collapses_does_not_pass_and_says_why(tmp_path: Path) -> None:
    told = said(tmp_path, gan_non_saturating={"classes_hit": 9, "class_entropy": 1.9})
    assert "does not pass: in 5 of 5 seeds it misses classes and the entropy is 1.90 nats." in told


def test_less_distance_is_better_in_words_and_table(tmp_path: Path) -> None:
    made = section(tmp_path)
    words, *_ = [part for part in made.parts if isinstance(part, Words)]
    assert "vae plane is worse" in words.paragraphs[2]
    assert (
        "Fréchet distance, against vae bernoulli, vae gaussian and vae plane: gan non_saturating and gan minimax are "
        "better." in words.paragraphs[2]
    )
    differences = next(part for part in made.parts if isinstance(part, Table) and part.folded)
    rows = {(row[0].text, row[1].text): row for row in differences.rows}
    row = rows["gan minimax", "Gaussian in PCA space"]
    assert (row[2].text, row[-1].text) == ("−31.0", "better")
    assert len(rows) == 6 + 6 * 5 // 2 + 2


def test_parzen_windows_that_prefer_centroids_to_real_images_are_told(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert "against unseen images: vae bernoulli and k-means centroids are better; training images" in told
    assert "Means of training images come out likelier than real images: nats alone say little." in told
    assert "nats alone say little" not in said(tmp_path / "b", centroids={"parzen": 60})


def test_a_generator_that_repeats_training_images_is_named(tmp_path: Path) -> None:
    told = said(tmp_path)
    assert "Nearer than unseen images lie the samples of vae bernoulli and vae plane;" in told
    assert "By Fréchet distance training images and k-means centroids come before gan non_saturating, in the" in told
    told = said(tmp_path / "b", gan_minimax={"nearest_distance": 0.5}, centroids={"frechet": 8.5})
    assert "Nearer than unseen images lie the samples of gan minimax, vae bernoulli and vae plane;" in told
    assert "By Fréchet distance training images come before gan non_saturating, in the mean the nearest" in told
    assert "By Fréchet distance k-means" not in told


def test_of_who_repeats_and_comes_first_in_the_mean_nothing_is_claimed_that_is_not_shown(tmp_path: Path) -> None:
    told = said(tmp_path, centroids={"frechet": 7.999})
    assert "By Fréchet distance training images come before gan non_saturating, in the mean the nearest" in told
    assert (
        "By Fréchet distance k-means centroids come before gan non_saturating in the mean; nothing is claimed. " in told
    )


def test_nobody_nearer_than_unseen_images_is_told(tmp_path: Path) -> None:
    far = {"nearest_distance": 6.0}
    assert "Of nothing that was taught it is shown that its samples lie nearer than unseen images do." in said(
        tmp_path, vae_bernoulli=far, vae_plane=far
    )


def test_below_five_seeds_nothing_is_claimed_of_generators(tmp_path: Path) -> None:
    told = said(tmp_path, seeds=2)
    assert told.count("nothing is claimed below 5 seeds") == 6
    assert "nearer than" not in told
    assert "nats alone say little" not in told
    assert "The best in the mean, gan non_saturating, is not judged" in told


def test_every_table_has_its_ceiling_and_its_floor_and_how_many_samples(tmp_path: Path) -> None:
    whole = [part for part in section(tmp_path).parts if isinstance(part, Table) and not part.folded]
    for table in whole:
        assert [row[1].text for row in table.rows][:3] == ["unseen images", "training images", "gan non_saturating"]
        marked = {row[1].text: row[1].beside for row in table.rows if row[1].beside}
        assert marked == {"unseen images": "ceiling", "noise": "floor"}
        assert len(table.rows) == 12
    assert "500 samples of each, and 500 images to compare with" in whole[0].caption


def test_no_more_components_are_named_than_images_have_pixels(tmp_path: Path) -> None:
    def note(components: int) -> str:
        project = ByHand(tmp_path).whole()
        block = project.root / "params.yaml"
        text = block.read_text(encoding="utf-8")
        block.write_text(text.replace("components: 32 ", f"components: {components} "), encoding="utf-8")
        parts = generation.section(records.read(0.95, tmp_path)).parts
        return next(part for part in parts if isinstance(part, Table)).note

    assert "Gaussian in PCA space: over 32 components" in note(32)
    assert "Gaussian in PCA space: over 64 components" in note(100)  # images are 8×8
    assert "Gaussian in PCA space: over 5 components" in note(5)


def test_a_grid_of_windows_that_is_too_narrow_is_told(tmp_path: Path) -> None:
    def note(root: Path, sigma: float) -> str:
        tables = [p for p in section(root, noise={"parzen_sigma": sigma}).parts if isinstance(p, Table)]
        return " ".join(table.note for table in tables)

    assert "at an end of what it may choose from" not in note(tmp_path, 0.5)
    assert "at an end of what it may choose from for noise." in note(tmp_path / "b", 1.0)
