"""Judging generators: the same numbers for all that makes images, between real images and noise."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from tutelage import runs
from tutelage.report import comparisons, parts, tables, verdicts
from tutelage.report.comparisons import Comparison
from tutelage.report.parts import Cell, Figures, Section, Table, Words
from tutelage.report.pictures import png
from tutelage.report.records import Records
from tutelage.report.sections import generation_found as found
from tutelage.report.sections.generation_found import CENTROIDS, GAUSSIAN, NOISE, TRAIN, UNSEEN, Cells

REAL = {"unseen": UNSEEN, "train": TRAIN}
UNTAUGHT = {"centroids": CENTROIDS, "pca_gaussian": GAUSSIAN, "noise": NOISE}
ALONE = {"style_gan@style": "style_gan"}  # what is no entry of a family
BESIDE = {UNSEEN: "ceiling", NOISE: "floor"}
SAMPLES = (
    "The first samples of each, of one seed; none is chosen. Beside what was taught stand unseen images, k-means "
    "centroids and a Gaussian in PCA space."
)
NEAREST = (
    "Samples, and below each the training image that is nearest to it by its pixels: what repeats training images is "
    "the same above and below."
)
# Of each metric its column, its decimals and its scale.
ALIKE = {
    "frechet": ("Fréchet distance", 1, 1),
    "kernel_distance": ("kernel distance", 1, 1),
    "precision": ("precision, %", 0, 100),
    "recall": ("recall, %", 0, 100),
    "density": ("density", 2, 1),
    "coverage": ("coverage, %", 0, 100),
}
FURTHER = {
    "classes_hit": ("classes hit", 1, 1),
    "class_entropy": ("their entropy, nats", 2, 1),
    "parzen": ("Parzen, nats", 0, 1),
    "parzen_error": ("its error", 1, 1),
    "parzen_sigma": ("its σ", 2, 1),
    "nearest_distance": ("nearest training image", 2, 1),
}
PLAIN = ("parzen_error", "parzen_sigma")  # shown without an interval


def section(records: Records) -> Section:
    """Needs the record and the pictures of `generation`."""
    scores, level = records.of("generation"), records.level
    scores = scores[scores["with"] == ""]  # truncated samples are another section's
    named = {arm: (REAL | UNTAUGHT | ALONE).get(arm, arm.replace("@", " ")) for arm in dict.fromkeys(scores["arm"])}
    files = {name: arm.replace("@", "-") for arm, name in named.items()}
    scores = scores.assign(arm=scores["arm"].map(named))
    cells = tables.cells(scores, ("arm", "metric"), level)
    taught = [name for arm, name in named.items() if "@" in arm]
    taught.sort(key=lambda name: cells[name, "frechet"].mean)
    rivals = [GAUSSIAN, *(name for name in taught if name.startswith("vae "))]
    few = [name for name in taught if cells[name, "frechet"].n < cells[UNSEEN, "frechet"].n]  # too few to be compared
    many = [name for name in taught if name not in few]
    against = [(name, GAUSSIAN) for name in many]
    # All pairs, since who is nearest is chosen by the same numbers; adversarial pairs less the others.
    against += combinations(sorted(many, key=lambda name: not name.startswith("gan ")), 2)
    against += [(name, many[0]) for name in (TRAIN, CENTROIDS)]
    frechet = _compared(scores.assign(value=-scores["value"]), "frechet", against, level)  # more is taken for better
    order = [*REAL.values(), *taught, *UNTAUGHT.values()]
    likely = _compared(scores, "parzen", [(name, UNSEEN) for name in order[1:] if name not in few], level)
    away = _compared(scores, "nearest_distance", [(name, UNSEEN) for name in many], level)
    first = [
        found.nearest(cells, many, few, frechet),
        *found.bar(scores, cells, frechet, records),
        found.rivals(frechet, rivals),
        *found.silent(cells, few),
    ]
    return Section(
        "Judging generators",
        [
            Words(first),
            _pictures(records, files, [UNSEEN, *taught, CENTROIDS, GAUSSIAN], "samples", SAMPLES),
            _alike(records, cells, order, next(iter(scores["level"]))),
            _differences(frechet, "Fréchet distance", -1, 1, level, "Less is better."),
            Words([found.likely(cells, many, likely)], heading="What Parzen windows say"),
            Words(found.memorised(cells, many, away, frechet), heading="Whether training images are repeated"),
            _pictures(records, files, [*taught, UNSEEN, CENTROIDS], "nearest", NEAREST),
            _further(records, scores, cells, order),
            _differences(likely, "Parzen windows, nats", 1, 0, level, "More is taken for better."),
            _differences(away, "Distance to the nearest training image", 1, 2, level, "Nearer is taken for worse."),
        ],
    )


def _compared(scores: pd.DataFrame, metric: str, pairs: Sequence[tuple[str, str]], level: float) -> list[Comparison]:
    """One family; each comparison's cell is whom it is against."""
    family = comparisons.compare(scores[scores["metric"] == metric], pairs, ["at"], level)
    return [c._replace(cell=(c.against,)) for c in family]


def _alike(records: Records, cells: Cells, order: Sequence[str], n: str) -> Table:
    seed, block = records.blocks["budget"]["seeds"][0], records.blocks["generation"]
    return _table(
        f"Beside unseen images, as a classifier sees them; {n} samples of each, and {n} images to compare with",
        records.level,
        cells,
        order,
        ALIKE,
        f"To compare with: {n} test images, which neither classifier nor generator saw; unseen images: {n} others of "
        f"the test part, cut anew for each seed. The classifier is pretrain's on all classes, seed {seed}, its weights "
        f"fixed; its features are the {records.blocks['encoder']['width']} numbers before its last layer, computed "
        "with in double precision; samples are cut to [0, 1]. Distances: less is better; between samples of one kind a "
        "kernel distance is 0 in the mean, half of the time below, and a Fréchet distance of so few above. Precision "
        f"to coverage: by balls up to nearest neighbour number {block['neighbours']}. {GAUSSIAN}: over "
        f"{_components(records)} components of the training images. "
        "Autoencoders: codes are drawn from the Gaussian with the mean and covariance of training images' codes.",
    )


def _components(records: Records) -> int:
    """No more than images have pixels, and than so many images span."""
    about = records.about("images")
    return min(records.blocks["generation"]["components"], math.prod(about["shape"]), about["counts"]["train"] - 1)


def _further(records: Records, scores: pd.DataFrame, cells: Cells, order: Sequence[str]) -> Table:
    grid = records.blocks["generation"]["sigmas"]
    chosen = scores[(scores["metric"] == "parzen_sigma") & scores["value"].isin([min(grid), max(grid)])]
    narrow = f", at an end of what it may choose from for {parts.series(list(dict.fromkeys(chosen['arm'])))}"
    return _table(
        "Classes, Parzen windows and nearness",
        records.level,
        cells,
        order,
        FURTHER,
        f"Entropy of the classes: at most {math.log(len(records.about('images')['classes'])):.2f}. Parzen: ln p of the "
        "images to compare with, under windows around the samples, and its standard error over these images; σ is "
        f"chosen by the validation part{narrow if len(chosen) else ''}. Nearest training image: Euclidean distance, "
        "pixels in [0, 1], in the mean over samples.",
    )


def _table(
    caption: str,
    level: float,
    cells: Cells,
    order: Sequence[str],
    columns: Mapping[str, tuple[str, int, float]],
    note: str,
) -> Table:
    groups = dict.fromkeys(REAL.values(), "real") | dict.fromkeys(UNTAUGHT.values(), "untaught")
    rows = []
    for name in order:
        told = [
            Cell(parts.number(cells[name, metric].mean, digits))
            if metric in PLAIN
            else parts.interval(cells[name, metric], digits, scale=scale)
            for metric, (_, digits, scale) in columns.items()
        ]
        kind = groups.get(name, "taught")
        rows.append([Cell(kind), Cell(name, BESIDE.get(name, "")), *told, Cell(str(cells[name, "frechet"].n))])
    heads = ["", "samples", *(column for column, _, _ in columns.values()), "n"]
    alone = "; of one seed there is no interval" if any(cells[name, "frechet"].n == 1 for name in order) else ""
    whole = f"{caption}: mean over n seeds [{parts.share(level)} interval]{alone}"
    return Table(whole, heads, rows, words=2, note=note)


def _differences(family: Sequence[Comparison], what: str, scale: float, digits: int, level: float, note: str) -> Table:
    caption = f"{what}, less that of another: mean paired difference [{parts.share(level)} interval]"
    return verdicts.table(caption, ["samples", "less that of"], family, scale=scale, digits=digits, words=2, note=note)


def _pictures(records: Records, files: Mapping[str, str], names: Sequence[str], what: str, told: str) -> Figures:
    folder = runs.PICTURES / "generation"
    return Figures(
        [(name, png(records, folder / f"{files[name]}-{what}.png", f"{name}, {what}. {told}")) for name in names], told
    )
