"""The letters of fonts: what a plane makes of faces that it never saw, and where their letters lie on it."""

import json
from typing import Any

import numpy as np
import pandas as pd

from tutelage import runs
from tutelage.measure import significance
from tutelage.measure.significance import Difference
from tutelage.report import comparisons, explorers, parts, planes, tables
from tutelage.report.parts import Cell, Figures, Part, Section, Table, Words
from tutelage.report.pictures import png
from tutelage.report.records import Records

STAGE, PICTURES = "exam_letters_vae", runs.PICTURES / "letters"
METRICS = {"sse": "Σ(x̂ − x)²", "distortion": "distortion", "rate": "rate", "elbo": "lower bound"}
GUESSES = {"mean": "mean of all", "class_mean": "mean of the letter", "nearest": "nearest image"}


def section(records: Records) -> Section:
    """Needs the record and pictures of the exam of letters, and what is said of the letters themselves."""
    scores, about = records.of(STAGE), records.about("letters")
    arms = list(records.blocks["letters_vae"])
    made: list[Part] = [Words([_small(about), *(told for arm in arms for told in _found(records, scores, arm))])]
    made += [_errors(records, scores, arms), _faces(records, scores, arms)]
    for arm in arms:
        if records.blocks["letters_vae"][arm]["latent"] == 2:
            made += _plane(records, about, arm)
        made.append(_reconstructions(records, about, arm))
    return Section("Letters of fonts", made)


def called(face: str) -> str:
    """A face's family and its own name."""
    return face.replace("/", " ")


def _small(about: dict[str, Any]) -> str:
    groups, counts, classes = about["groups"], about["counts"], about["classes"]
    families = {face.rpartition("/")[0] for faces in groups.values() for face in faces}
    return (
        f"{len(classes)} letters in {sum(map(len, groups.values()))} faces of {len(families)} families of fonts are "
        f"{parts.number(sum(counts.values()), 0)} images. {len(groups['train'])} faces are learned from "
        f"({counts['train']} images), {len(groups['valid'])} are for validation ({counts['valid']}), "
        f"{len(groups['test'])} are held out ({counts['test']}): {parts.series([called(f) for f in groups['test']])}. "
        "That is small: two numbers for so many letters make a picture to walk in, and no result beyond it."
    )


def _found(records: Records, scores: pd.DataFrame, arm: str) -> list[str]:
    """How much worse faces never seen come back, whether better than their letters' means, how many are told apart."""
    own = scores[(scores["arm"] == arm) & (scores["at"] == "part")]
    errors = own[own["metric"] == "sse"].pivot_table(index="seed", columns="level", values="value")
    seen, unseen = errors["train"].to_numpy(), errors["test"].to_numpy()
    means = np.full_like(unseen, _guess(scores, "class_mean"))
    claims = [significance.difference(unseen, others, records.level) for others in (seen, means)]
    worse, than_means = (
        _apart(told, p, records.level) for told, p in zip(claims, significance.holm([c.p for c in claims]), strict=True)
    )
    right = tables.cells(own[own["metric"] == "accuracy"], ("arm",), records.level)[arm,]
    cell, chance = parts.interval(right, 0, scale=100), 100 / len(records.about("letters")["classes"])
    pixels = float(scores[(scores["arm"] == "pixels") & (scores["metric"] == "accuracy")]["value"].iloc[0])
    return [
        f"{arm}: letters of faces learned from come back with a squared error of {parts.number(seen.mean())}, those of "
        f"faces held out with {parts.number(unseen.mean())}: {worse}. Against the mean "
        f"of the same letter over the faces learned from, {parts.number(means[0])}, that is "
        f"{than_means}. The nearest image learned from, whatever its letter, has "
        f"{parts.number(_guess(scores, 'nearest'))}.",
        f"Of held-out letters {f'{cell.text} % {cell.beside}'.strip()} are told by the "
        f"{records.blocks['exam']['neighbours']} nearest codes of {arm}; by chance {parts.number(chance, 0)} %, by the "
        f"nearest images {parts.number(pixels, 0, scale=100)} %.",
    ]


def _apart(told: Difference, p: float, level: float) -> str:
    """`3.3 [2.8, 3.7] more`, paired by seed, or how far apart without a claim; p is corrected for the paragraph."""
    verdict = comparisons.verdict(told, p, level)
    if verdict == "worse":
        told = Difference(-told.mean, -told.high, -told.low, told.n, told.p)
    claim = {"better": " more", "worse": " less", "open": " more, which is no claim"}
    claim["few"] = f" more; nothing is claimed below {comparisons.FEWEST} seeds"
    cell = parts.interval(significance.Interval(*told[:4]))
    return f"{cell.text} {cell.beside}".strip() + claim[verdict]


def _guess(scores: pd.DataFrame, guess: str) -> float:
    return float(scores[(scores["arm"] == guess) & (scores["at"] == "part")]["value"].iloc[0])


def _errors(records: Records, scores: pd.DataFrame, arms: list[str]) -> Table:
    cells = tables.cells(scores[scores["at"] == "part"], ("arm", "level", "metric"), records.level)
    rows = [
        [
            Cell(arm),
            Cell(said),
            *(parts.interval(cells[arm, part, metric], 1) for metric in METRICS),
            Cell(str(cells[arm, part, "sse"].n)),
        ]
        for arm in arms
        for part, said in (("train", "learned from"), ("test", "held out"))
    ]
    empty = [Cell("")] * len(METRICS)
    rows += [
        [Cell(told), Cell("held out"), Cell(parts.number(_guess(scores, guess), 1)), *empty]
        for guess, told in GUESSES.items()
    ]
    return Table(
        f"Of a letter, mean over n seeds [{parts.share(records.level)} interval]; without a model there is no seed",
        ["entry", "faces", *METRICS.values(), "n"],
        rows,
        words=2,
        note="Distortion, rate and bound are in nats. Mean of all: of the images learned from, which knows nothing. "
        "Mean of the letter: of the same letter over the faces learned from, which knows the letter alone. Nearest "
        "image: of those learned from, whatever its letter. The two differences above are paired by seed, and claimed "
        "by p corrected by Holm for both.",
    )


def _faces(records: Records, scores: pd.DataFrame, arms: list[str]) -> Table:
    cells = tables.cells(scores[scores["at"] == "face"], ("arm", "level"), records.level)
    rows = [
        [
            Cell(called(face)),
            *(parts.interval(cells[arm, face], 1) for arm in arms),
            *(Cell(parts.number(cells[guess, face].mean, 1)) for guess in GUESSES),
        ]
        for face in records.about("letters")["groups"]["test"]
    ]
    return Table(
        f"Σ(x̂ − x)² of a letter, by face held out, mean over seeds [{parts.share(records.level)} interval]",
        ["face", *arms, *GUESSES.values()],
        rows,
    )


def _plane(records: Records, about: dict[str, Any], arm: str) -> list[Part]:
    faces = [called(face) for face in about["groups"]["test"]]
    learned, asked, density = (
        json.loads(records.picture(PICTURES / f"{arm}-{part}.json")) for part in ("train", "test", "density")
    )
    title = f"A walk over letters: {arm}"
    said = f"{len(asked)} letters of {len(faces)} faces held out, each where its code lies, a colour a face"
    explorer = explorers.walk(
        records,
        PICTURES,
        arm,
        planes.letters(
            f"letters-{arm}", learned, asked, about["classes"], faces, density, title=title, told=f"{said}."
        ),
        title=title,
        caption=f"{arm}, one seed. {said}; faint behind them the {len(learned)} learned from, over the density of "
        "codes drawn from these ones' posteriors, as a multiple of the prior's. Beside it what the "
        "decoder makes of the point under the circle: the page computes it from the decoder's own weights, in 16 bits.",
    )
    told = "Letters decoded over the plane of two latent numbers, evenly by the prior's share: the middle is z = 0."
    decoded = records.picture(PICTURES / f"{arm}-plane.png")
    grid = planes.picture(f"letters-{arm}-grid", decoded, title="What is decoded", told=told)
    return [explorer, Figures([("The whole plane of letters", grid)], f"{arm}, one seed. {told}")]


def _reconstructions(records: Records, about: dict[str, Any], arm: str) -> Figures:
    faces = [called(face) for face in about["groups"]["test"]]
    told = "Letters held out, and below each row what comes back of their codes."
    drawings = [
        (face, png(records, PICTURES / f"{arm}-face-{number}.png", f"{arm}, {face}. {told}"))
        for number, face in enumerate(faces)
    ]
    return Figures(drawings, f"{arm}, one seed. {told}")
