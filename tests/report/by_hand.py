"""Records made by hand, small, in a folder of their own."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from root import ROOT
from ruamel.yaml import YAML
from torch import nn

from tutelage import runs
from tutelage.measure import browsers, mosaics

PROBED = {"linear": ["10", "3600"], "knn": ["10", "3600"], "finetune": ["10"]}
NASTY = "</script><b>\"'&"
ARMS = {"finetuned": 0.30, "frozen": 0.20, "scratch": 0.05, "random": 0.0}


class ByHand:
    """A project's folder with dvc.yaml and params.yaml, and whatever records a test leaves in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for file in ("dvc.yaml", "params.yaml"):
            shutil.copy(ROOT / file, root / file)

    def scores(self, stage: str, scores: Sequence[Mapping[str, Any]]) -> None:
        columns = runs.SCORE[1:]
        rows = [[score.get(column, "") for column in columns] for score in scores]
        self._write(f"reports/stages/{stage}/scores.json", json.dumps({"columns": columns, "rows": rows}))

    def about(self, role: str, name: str, classes: Sequence[str], **more: Any) -> None:
        told = {"name": name, "classes": classes, "counts": {"train": 1234, "valid": 5, "test": 6}, "shape": [1, 8, 8]}
        self._write(f"data/prepared/{role}/about.json", json.dumps(told | more | {"licence": NASTY, "citation": NASTY}))

    def pair(self, arm: str, slope: float, seeds: int, hit: int, entropy: float = 2.21) -> None:
        """What an adversarial pair leaves; with so many classes among its samples at the end, and that entropy."""
        columns = "generator_gradient", "real_accuracy", "fake_accuracy"
        head = ",".join(["arm,seed,step", *(f"train/{c}" for c in columns)])
        rows = [f"{arm},{s},{at},{slope},0.7,0.8,{hit},{entropy + 0.01 * s},0.6" for s in range(seeds) for at in (1, 2)]
        seen = "valid/classes_hit,valid/class_entropy,valid/effective_rank"
        self._write(f"reports/history/gan@{arm}.csv", "\n".join([f"{head},{seen}", *rows]))
        self.scores(
            f"gan@{arm}",
            [
                {"arm": arm, "metric": metric, "at": "ahead", "level": str(at), "seed": str(s)}
                | {"value": value / at + 0.001 * s}
                for metric, value in (("generator_gradient", slope), ("fake_accuracy", 0.5))
                for at in (10, 20)
                for s in range(seeds)
            ],
        )

    def judged(self, seeds: int, **changed: Mapping[str, float]) -> None:
        """What `generation` leaves; `changed` says by metric what of an arm (`gan_minimax`) is other than as it is."""
        # Fréchet distance, Parzen nats, distance to the nearest training image.
        arms = {
            "unseen": (1, 80, 5),
            "train": (1, 79, 0),
            "gan@minimax": (9, 10, 6),
            "gan@non_saturating": (8, 11, 6),
            "style_gan@style": (12, 12, 6),
            "vae@bernoulli": (19, 120, 4.8),
            "vae@gaussian": (37, -20, 7),
            "vae@plane": (67, 70, 4.7),
            "autoencoder@deep": (28, 75, 5.4),
            "pca_gaussian": (40, 50, 5.8),
            "centroids": (4, 210, 3),
            "noise": (300, -600, 15),
        }
        metrics = {"kernel_distance": 5.0, "precision": 0.8, "recall": 0.7, "density": 0.4, "coverage": 0.5}
        metrics |= {"parzen_error": 6.0}
        rows: list[dict[str, Any]] = []
        for number, (arm, (frechet, nats, away)) in enumerate(arms.items()):
            told = {"frechet": frechet, "parzen": nats, "nearest_distance": away, **metrics}
            fixed = {"classes_hit": 10, "class_entropy": 2.25, "parzen_sigma": 0.2}
            told |= changed.get(arm.replace("@", "_"), {})
            fixed |= {metric: told.pop(metric) for metric in fixed if metric in told}
            rows += [
                {"arm": arm, "protocol": "generation", "metric": metric, "at": "samples", "level": "500"}
                | {"seed": str(s), "value": value + (0.01 * ((s * 7 + number) % 5) if metric in told else 0)}
                for metric, value in (told | fixed).items()
                for s in range(seeds if arm != "style_gan@style" else 1)
            ]
            for what in ("samples", "nearest"):
                self._picture(f"generation/{arm.replace('@', '-')}-{what}")
        rows += [
            row | {"with": "truncation", "with_level": psi, "value": row["value"] * (1.5 - float(psi))}
            for row in rows
            if row["arm"] == "style_gan@style"
            for psi in ("0.5", "1.0")
        ]
        self.scores("generation", rows)

    def styled(self, hit: int = 10, entropy: float = 2.21) -> None:
        """What `style_gan` and `styles` leave, of one seed."""
        terms = "train/generator_gradient,train/real_accuracy,train/fake_accuracy"
        head = f"arm,seed,step,{terms},valid/classes_hit,valid/class_entropy,valid/effective_rank"
        rows = [f"style,0,{at},0.3,0.7,0.8,{hit},{entropy},9" for at in (1, 2)]
        self._write("reports/history/style_gan.csv", "\n".join([head, *rows]))
        said = {"arm": "style", "seed": "0"}
        self.scores("style_gan", [{"arm": "style", "metric": "weights", "value": 87606.0}])
        self.scores(
            "styles",
            [
                {**said, "metric": "deviation", "at": "drawn", "level": what, "value": value}
                for what, value in (("noise", 0.003), ("style", 0.16))
            ],
        )
        for name in ("truncated", "mixed-4x4", "mixed-8x8", "noise", "still"):
            self._picture(f"styles/{name}")
        (self.root / "reports/pictures/styles/walk.webp").write_bytes(b"moving")

    def letters(self, seeds: int, packed: bytes, held_out: float = 24.0, right: float = 0.4) -> None:
        """What the exam of letters leaves, of faces learned from whose error is 20, beside means at 22."""
        faces = {"train": ["A/One", "B/One", "B/Two"], "valid": ["A/Two"], "test": ["A/Three", "B/<b>&"]}
        self.about("letters", "letters", "xyz", groups=faces)
        said = {"data": "letters", "protocol": "direct", "metric": "sse"}
        places = [("part", "test"), *(("face", face) for face in faces["test"])]
        errors = [("plane", "part", "train", 20.0), *(("plane", *place, held_out) for place in places)]
        guesses = [("mean", 38.0), ("class_mean", 22.0), ("nearest", 15.0)]
        told = {"arm": "plane", "data": "letters", "at": "part"}
        self.scores(
            "exam_letters_vae",
            [
                {
                    **said,
                    "arm": arm,
                    "at": at,
                    "level": level,
                    "seed": str(s),
                    "value": value + 0.01 * s * (s + len(level)),
                }
                for arm, at, level, value in errors
                for s in range(seeds)
            ]
            + [
                {**said, "arm": arm, "at": at, "level": level, "value": value}
                for arm, value in guesses
                for at, level in places
            ]
            + [
                {**told, "protocol": "direct", "level": part, "metric": metric, "seed": str(s), "value": 5.0 + s}
                for part in ("train", "test")
                for metric in ("distortion", "rate", "elbo")
                for s in range(seeds)
            ]
            + [
                {**told, "protocol": "knn", "level": "test", "metric": "accuracy", "seed": str(s), "value": right}
                for s in range(seeds)
            ]
            + [{**told, "arm": "pixels", "protocol": "knn", "level": "test", "metric": "accuracy", "value": 0.9}],
        )
        for part in ("train", "test"):
            self._write(f"reports/pictures/letters/plane-{part}.json", "[[0.1, 0.2, 1, 0], [0.5, 0.9, 0, 1]]")
        self._write("reports/pictures/letters/plane-density.json", "[[0.0, 1.0], [2.0, 1.0]]")
        (self.root / "reports/pictures/letters/plane-decoder.safetensors").write_bytes(packed)

    def whole(self, seeds: int = 5, name: str = "images", classes: Sequence[str] = "0123456789") -> "ByHand":
        """All that the page shows, of so many seeds."""
        self.about("images", name, classes)
        self.about("target", name, classes)
        said = {"data": name, "protocol": "direct"}
        metrics = ("accuracy", "balanced_accuracy", "nll", "ece", "brier")
        self.scores(
            "exam_pretrain",
            [
                {**said, "arm": arm, "metric": metric, "seed": str(seed), "value": 0.9 + 0.01 * seed}
                for arm in ("all", "base")
                for metric in metrics
                for seed in range(seeds)
            ]
            + [
                {**said, "arm": arm, "metric": "recall", "at": "class", "level": title, "seed": str(seed), "value": v}
                for arm, few in (("all", classes), ("base", classes[:2]))
                for title in few
                for seed, v in enumerate([0.5 + 0.01 * seed for seed in range(seeds)])
            ],
        )
        costs = {"labels_seen": 3600.0, "operations": 1496450.0, "presentations": 30000.0, "weights": 46826.0}
        self.scores(
            "pretrain",
            [
                {"arm": arm, "data": name, "metric": cost, "value": value}
                for arm in ("all", "base")
                for cost, value in costs.items()
            ],
        )
        self.scores(
            "transfer",
            [
                {
                    **said,
                    "arm": arm,
                    "metric": metric,
                    "at": "labels_per_class",
                    "level": level,
                    "with": "target",
                    "with_level": to,
                    "seed": str(seed),
                    "value": 0.5 + 0.123456 * bonus * (to == "near") + 0.001 * ((seed * 7 + len(arm)) % 5),
                }
                for to in ("near", "far")
                for arm, bonus in ARMS.items()
                for level in ("10", "2")
                for metric in metrics
                for seed in range(seeds)
            ],
        )
        self._unlabelled(seeds, name)
        self.few_shots(seeds, name)
        rows = [
            f"{arm},{seed},{step},{1 / step},0.9,8"
            for arm in ("all", "base")
            for seed in range(seeds)
            for step in (1, 2)
        ]
        header = "arm,seed,step,train/loss,valid/accuracy,valid/effective_rank"
        self._write("reports/history/pretrain.csv", "\n".join([header, *rows]) + "\n")
        return self

    def _unlabelled(self, seeds: int, name: str) -> None:
        """What autoencoders leave, and probes of all codes."""
        entries = YAML(typ="safe", pure=True).load(self.root / "params.yaml")["autoencoders"]
        self.scores(
            "exam_style_gan",
            [
                {"arm": "style", "data": name, "protocol": "linear", "metric": "accuracy", "at": "labels"}
                | {"level": level, "seed": "0", "value": 0.5}
                for level in ("10", "3600")
            ],
        )
        exams = {"exam_pretrain": ["all", "random"]} | {f"exam_autoencoder@{entry}": [entry] for entry in entries}
        for stage, arms in exams.items():
            probed = [
                {
                    "arm": arm,
                    "data": name,
                    "protocol": probe,
                    "metric": "accuracy",
                    "at": "labels",
                    "level": level,
                    "seed": str(seed),
                    "value": 0.3 + 0.01 * len(arm) + 0.001 * ((3 * seed + len(arm)) % 7),
                }
                for arm in arms
                for probe, levels in PROBED.items()
                for level in levels
                for seed in range(seeds)
            ]
            probed += self._beside(arms, name, seeds)
            errors = [
                {
                    "arm": arm,
                    "data": name,
                    "protocol": "direct",
                    "metric": "sse",
                    "seed": str(seed),
                    "value": 12 + seed / 9,
                }
                for arm in arms
                for seed in range(seeds)
            ]
            suffered = [
                {"arm": arm, "data": name, "protocol": "noise", "metric": metric, "at": kind, "level": level}
                | {"seed": str(seed), "value": 0.5 + float(level)}
                for arm in arms
                for metric in ("accuracy", "sse", "code_shift")
                for kind in ("gaussian", "masking")
                for level in ("0.0", "0.4")
                for seed in range(seeds)
            ]
            if stage == "exam_pretrain":
                path = self.root / f"reports/stages/{stage}/scores.json"
                told = json.loads(path.read_text(encoding="utf-8"))
                told["rows"] += [[score.get(column, "") for column in runs.SCORE[1:]] for score in probed]
                path.write_text(json.dumps(told), encoding="utf-8")
            else:
                self.scores(stage, probed + errors + suffered)
                rows = [f"{arms[0]},{seed},{step},{30 / step}" for seed in range(seeds) for step in (1, 2)]
                self._write(f"reports/history/autoencoder@{arms[0]}.csv", "\n".join(["arm,seed,step,valid/sse", *rows]))
        self.scores(
            "sweeps",
            [
                {"arm": arm, "data": name, "protocol": "direct", "metric": metric, "at": at, "level": level}
                | {"seed": str(s), "value": 0.5 + s / 100}
                for arm, at in (("deep", "width"), ("pca", "width"), ("sparse_weights_l1", "strength"))
                for level in ("2", "10")
                for metric in ("sse", "accuracy", "trustworthiness", "zero_weights", "zero_codes")
                for s in range(seeds)
            ],
        )
        ways = [("alone", "", 0.2), ("probe", "0", 0.1), ("together", "10", 0.3), ("together", "100", 0.15)]
        self.scores(
            "supervised_autoencoder",
            [
                {"arm": arm, "data": of, "protocol": "direct", "metric": metric, "at": "labels", "level": level}
                | {"with": "weight" if weight else "", "with_level": weight, "seed": str(s)}
                | {"value": 0.4 + bonus * (metric != "r2") + 0.001 * ((s * 7 + len(arm + weight)) % 5)}
                for arm, weight, bonus in ways
                for of, metrics in ((name, ("accuracy", "nll")), ("blobs", ("r2", "mse")))
                for metric in metrics
                for level in ("10", "100")
                for s in range(seeds)
            ]
            + [
                {"arm": arm, "data": name, "metric": cost, "at": "labels", "level": level, "value": value}
                | {"with": "weight" if weight else "", "with_level": weight}
                for arm, weight, _ in ways
                for level in ("10", "100")
                for cost, value in (("presentations", 9984.0), ("weights", 47146.0 if arm == "alone" else 466010.0))
            ],
        )
        uses = [("compression", metric, str(step)) for metric in ("bits", "psnr") for step in (1, 2)]
        uses += [("retrieval", "precision", "10"), ("synthesis", "accuracy", "0.0"), ("synthesis", "accuracy", "0.5")]
        self.scores(
            "uses",
            [
                {"arm": arm, "data": name, "protocol": protocol, "metric": metric, "at": "step", "level": level}
                | {"seed": str(s), "value": 0.5 + float(level) / 10 + s / 100}
                for arm in ("deep", "pca", "pixels")
                for protocol, metric, level in uses
                if arm != "pixels" or protocol == "retrieval"
                for s in range(seeds)
            ],
        )
        self.scores(
            "embedded",
            [
                {"arm": arm, "data": name, "protocol": protocol, "metric": metric, "at": "labels_per_class"}
                | {"level": level, "seed": str(s), "value": 0.4 + bonus + 0.001 * ((3 * s + len(arm)) % 5)}
                for arm, bonus in ARMS.items()
                for protocol, metric in (("direct", "accuracy"), ("retrieval", "precision"))
                if protocol == "direct" or arm in ("finetuned", "scratch")
                for level in ("1", "10")
                for s in range(seeds)
            ],
        )
        self.scores(
            "likelihoods",
            [
                {"arm": arm, "data": name, "protocol": "direct", "metric": metric, "at": at, "level": level}
                | {"seed": str(s), "value": -90.0 - s - (metric == "elbo") * (at == "images") * 7}
                for arm in ("bernoulli", "gaussian", "plane")
                for at, level, metrics in (
                    ("", "", ("distortion", "rate", "elbo", "active_units")),
                    ("images", "100", ("elbo", "log_likelihood", "log_likelihood_error")),
                )
                for metric in metrics
                for s in range(seeds)
            ],
        )
        rows = [
            f"{arm},{s},{at},{99 / at},{9 * at}"
            for arm in ("bernoulli", "gaussian", "plane")
            for s in range(seeds)
            for at in (1, 2)
        ]
        self._write("reports/history/vae.csv", "\n".join(["arm,seed,step,train/distortion,train/rate", *rows]))
        self._write("reports/pictures/vae/plane-codes.json", "[[0.1, 0.2, 1], [0.5, 0.9, 0]]")
        self._write("reports/pictures/vae/plane-density.json", "[[0.0, 1.0], [2.0, 1.0]]")
        decoder = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 4), nn.Unflatten(1, (1, 2, 2)))
        for weight in decoder.parameters():
            nn.init.constant_(weight, 0.25)
        packed = browsers.packed(decoder, sigmoid=True)
        (self.root / "reports/pictures/vae/plane-decoder.safetensors").write_bytes(packed)
        self.letters(seeds, packed)
        for arm, slope in (("minimax", 0.2), ("non_saturating", 0.5)):
            self.pair(arm, slope, seeds, hit=10)
        self.judged(seeds)
        self.styled()
        self.consistency(seeds, name)
        self.distill(seeds, name)
        self.layers(seeds, name)
        self.privileged(seeds)
        self.multitask(seeds)
        self.patches(seeds)
        self.views(seeds)
        self.surrogates(seeds)
        faults = {"centres_never_chosen": 1.0, "quantization_error": 0.5, "presentations_to_q": 300.0, "reached_q": 1.0}
        self.scores(
            "competition",
            [
                {"arm": arm, "data": "table", "protocol": "competition", "metric": metric, "at": "initialisation"}
                | {
                    "level": start,
                    "seed": str(s),
                    "value": value + (metric != "reached_q") * (more + s * (arm != "kmeans")),
                }
                for arm, start, more in (
                    ("winner_takes_all", "random", 9),
                    ("winner_takes_all", "samples", 0),
                    ("winner_takes_most", "random", 0),
                    ("winner_takes_most", "samples", 0),
                    ("kmeans", "samples", 0),
                )
                for metric, value in faults.items()
                for s in range(seeds)
            ],
        )
        self.scores(
            "kohonen",
            [
                {
                    "arm": "map_batch",
                    "data": "table",
                    "protocol": "map",
                    "metric": "purity",
                    "seed": str(s),
                    "value": 0.9,
                }
                for s in range(seeds)
            ]
            + [
                {"arm": "map_online", "data": "table", "protocol": "map", "metric": "pair_agreement", "at": "order"}
                | {"level": "gaussian", "seed": str(s), "value": 0.5 + s / 100}
                for s in range(seeds)
            ],
        )
        told = {
            "data": "table",
            "title": NASTY,
            "topology": "rectangular",
            "nodes": [[0, 0], [1, 0], [0, 1], [1, 1]],
            "density": [1.0, 2.0, 3.0, 4.0],
            "k": 2,
            "u_matrix": [[0, 1, 0.5], [2, 3, 0.7]],
            "features": [{"name": NASTY, "unit": "cm", "values": [1.0, 2.0, 3.0, 4.0]}],
            "prototypes": None,
            "examples": [{"node": 3, "label": NASTY, "title": NASTY, "values": [1.0]}],
            "classes": [NASTY, "b"],
            "quantization_error": 1.0,
            "topographic_error": 0.1,
            "neighbours": "8",
        }
        self._write("reports/pictures/kohonen/table.json", json.dumps(told))
        used = [f"uses/{use}-{arm}" for use in ("retrieval", "synthesis") for arm in ("deep", "pca")]
        varied = [f"vae/bernoulli-{what}" for what in ("samples", "reconstructions", "like", "walks")]
        written = [f"letters/plane-{what}" for what in ("plane", "face-0", "face-1")]
        for picture in (*used, *varied, *written, "vae/plane-plane"):
            self._picture(picture)
        found = {"sse": 14.0, "pca_gap": 1e-5, "pca_angle": 0.1, "iterations": 90.0}
        self.scores(
            "principal",
            [
                {"arm": "linear", "data": name, "metric": m, "at": "width", "level": "2", "seed": str(s), "value": v}
                for m, v in found.items()
                for s in range(seeds)
            ],
        )

    def consistency(self, seeds: int, name: str = "images", gain: float = 0.0, sure: float = 0.5) -> None:
        """What `consistency` leaves: fixmatch is better than images in strong views by `gain`."""
        arms = {"plain": 0.3, "weak": 0.35, "strong": 0.45, "pseudo": 0.4, "fixmatch": 0.45 + gain}
        said = {"data": name, "at": "labels"}
        scores: list[dict[str, Any]] = [
            {**said, "arm": arm, "protocol": "direct", "metric": metric, "level": level, "seed": str(s)}
            | {"value": value + 0.001 * ((3 * s + len(arm)) % 5)}
            for arm, value in arms.items()
            for metric in ("accuracy", "balanced_accuracy", "nll", "ece", "brier")
            for level in ("10", "100")
            for s in range(seeds)
        ]
        costs = {"operations": 1494016.0, "weights": 30074.0, "presentations": 9984.0, "labels_seen": 10.0}
        scores += [
            {**said, "arm": arm, "metric": cost, "level": level, "value": value}
            for arm in arms
            for level in ("10", "100")
            for cost, value in costs.items()
        ]
        self.scores("consistency", scores)
        head = "arm,seed,step,train/sure/10,train/sure_and_right/10,train/sure/100,train/sure_and_right/100"
        rows = [f"plain,{s},1,,,," for s in range(seeds)]
        for arm in ("pseudo", "fixmatch"):
            for s in range(seeds):
                rows += [f"{arm},{s},1,0.0,0.0,,", f"{arm},{s},2,{sure},{0.8 * sure},,"]
                rows += [f"{arm},{s},5,,,0.1,0.1", f"{arm},{s},6,,,0.9,0.9"]
        self._write("reports/history/consistency.csv", "\n".join([head, *rows]))

    def layers(self, seeds: int, name: str = "images", apart: float = 0.02, specific: float = 0.1) -> None:
        """What `layers` leaves: B's own kept layers lose `apart`, A's beyond it `specific` a layer, twice as much where
        halves are dissimilar; tuned ones lose nothing."""
        said = {"data": name, "protocol": "direct", "metric": "accuracy", "at": "depth", "with": "cut"}
        rows: list[dict[str, Any]] = []
        for cut, more in (("random", 1), ("dissimilar", 2)):
            for depth in range(1, 5):
                lost = {"BnB": apart, "AnB": apart + more * specific * (depth - 1), "random": 0.5, "AnB+": 0, "BnB+": 0}
                lost |= {"base": 0} if depth == 1 else {}
                rows += [
                    {**said, "arm": arm, "level": str(depth if arm != "base" else 0), "with_level": cut, "seed": str(s)}
                    | {"value": 0.95 - less + 0.001 * ((3 * s + depth + len(arm)) % 4)}
                    for arm, less in lost.items()
                    for s in range(seeds)
                ]
        for cut, across in (("random 1", 0.56), ("dissimilar", 0.27)):
            for s in range(seeds):
                at = {"arm": "base", "data": name, "protocol": "cut", "with": "cut", "with_level": cut, "seed": str(s)}
                rows.append({**at, "metric": "across", "value": across})
                rows += [
                    {**at, "metric": "in_b", "at": "class", "level": title, "value": float(title in "4567")}
                    for title in "01234567"
                ]
        self.scores("layers", rows)

    def distill(self, seeds: int, name: str = "images", gain: float = 0.0) -> None:
        """What `distill` leaves: the teacher's answers bring `gain` more than labels do."""
        arms = {"hard": 0.94, "alone": 0.92, "smoothing": 0.93, "self": 0.94, "soft": 0.94 + gain, "both": 0.94 + gain}
        nets = {("teacher", 100000): 0.98} | {
            (arm, size): value + size / 1e6
            for arm, value in arms.items()
            for size in (50000, 5000, 1000)
            if size == 5000 or arm in ("hard", "soft")
        }
        nets |= {("few", 5000): 0.7, ("target", 5000): 0.8, ("noise", 5000): 0.1}
        scores: list[dict[str, Any]] = []
        for (arm, size), value in nets.items():
            said = {"arm": arm, "data": name, "at": "weights", "level": str(size)}
            costs = {"weights": size, "operations": 30 * size, "presentations": 19968 + 20000 * (arm == "teacher")}
            scores += [{**said, "metric": metric, "value": float(cost)} for metric, cost in costs.items()]
            for s in range(seeds):
                told = value + 0.001 * ((3 * s + len(arm)) % 5)
                for metric, one in (("accuracy", told), ("agreement", told), ("nll", 1 - told)):
                    scores.append({**said, "protocol": "direct", "metric": metric, "seed": str(s), "value": one})
        for arm in ("hard", "soft"):
            said = {"arm": arm, "data": name, "protocol": "direct", "at": "class", "level": "3", "with": "bias"}
            scores += [
                {**said, "with_level": state, "metric": metric, "seed": str(s), "value": value + 0.01 * (s % 3)}
                for state, recall in (("learned", 0.0), ("raised", 0.9 if arm == "soft" else 0.2))
                for metric, value in (("recall", recall), ("accuracy", 0.87))
                for s in range(seeds)
            ]
        self.scores("distill", scores)

    def privileged(
        self,
        seeds: int,
        name: str = "worlds",
        gain: float = 0.0,
        control: float = 0.0,
        slope: float = 1e-5,
        floor: float = 0.0,
        two: bool = True,
        held: float = 0.5,
        above: bool = False,
    ) -> None:
        """What `lupi` leaves: by x* a method is better than the student alone by `gain`, by `shuffled` by `control`.

        All controls are worse by `floor`. Only of `two` classes there are machines; column 3 of x* holds `held` of y.
        With `above`, classes are of classes.
        """
        metrics = [("direct", "accuracy"), ("direct", "nll")]
        metrics += [("direct", metric) for metric in ("above_accuracy", "above_nll", "within_nll") if above]
        arms = {("student", ""): 0.7, ("teacher", ""): 0.9} | ({("svm", ""): 0.71} if two else {})
        arms |= {
            (method, instead): 0.7 + (gain if instead == "privileged" else control * (instead == "shuffled") - floor)
            for method in ("separate", "together", "distilled", *(("svm_plus",) if two else ()))
            for instead in ("privileged", "noise", "shuffled", "constant", "smoothing", "self")
            if (method, instead) != ("svm_plus", "smoothing")
        }
        said = {"data": name, "at": "labels"}
        self.scores(
            f"lupi@{name}",
            [
                {**said, "arm": arm, "protocol": protocol, "metric": metric, "level": level, "seed": str(s)}
                | {"with": "star" if instead else "", "with_level": instead}
                | {"value": value + 0.001 * ((3 * s + len(arm + instead)) % 5) if protocol == "direct" else last}
                for (arm, instead), value in arms.items()
                for protocol, metric, last in (
                    *((*metric, 0.0) for metric in metrics),
                    *([("train", "gap", 2e-9)] if arm.startswith("svm") else [("train", "slope", slope)]),
                )
                for level in ("50", "200")
                for s in range(seeds)
            ]
            + [
                {"arm": "teacher", "data": name, "protocol": "train", "metric": "information"}
                | {"at": "column", "level": "3", "with": "", "with_level": "", "seed": "", "value": held}
            ],
        )
        head = "arm,seed,step,train/loss/200,train/loss/200/privileged,train/loss/50"
        rows = [
            f"{arm},{s},{at}," + (f"{1 / (1 + at)},," if arm in ("student", "teacher") else f",{2 / (1 + at)},")
            for arm in ("student", "teacher", "separate", "together", "distilled")
            for s in range(seeds)
            for at in (0, 1, 2)
        ]
        self._write(f"reports/history/lupi@{name}.csv", "\n".join([head, *rows]))

    def multitask(self, seeds: int, helps: float = 0.0, grows: float = 0.05) -> None:
        """What `multitask` leaves: ink gains `helps` of parity; a doubling of examples or of tasks brings `grows`."""
        qualities = {"2 or 3": "accuracy", "parity": "accuracy", "ink": "r2"}
        gains = {"alone": 0.1, "mean": 0.0, "sum": 0.0, "uncertainty": 0.05, "projected": 0.0, "whole": 0.2}
        rows: list[dict[str, Any]] = []
        for s in range(seeds):
            for number, (task, metric) in enumerate(qualities.items()):
                said = {"protocol": "direct", "metric": metric, "seed": str(s)}
                spread = 0.001 * ((3 * s + number) % 5)
                rows += [
                    {**said, "arm": arm, "at": "task", "level": task, "with": "presentations"}
                    | {"with_level": "20000" if arm == "whole" else "4000"}
                    | {"value": 0.5 + gain + spread * (1 + len(arm) % 3)}
                    for arm, gain in gains.items()
                ]
                rows += [
                    {**said, "arm": arm, "at": "examples", "level": str(10 * 2**k), "with": "task", "with_level": task}
                    | {"value": 0.4 + grows * k + spread * (k + len(arm) % 4)}
                    for arm in ("alone", "together")
                    for k in range(3)
                ]
                rows += [
                    {**said, "arm": "pair", "at": "task", "level": task, "with": "helper", "with_level": helper}
                    | {"value": 0.4 + 2 * grows + spread + helps * ((task, helper) == ("ink", "parity"))}
                    for helper in qualities
                    if helper != task
                ]
            for metric in ("accuracy", "r2"):
                said = {"protocol": "linear", "metric": metric, "at": "tasks", "seed": str(s)}
                rows += [
                    {**said, "arm": "taught", "level": str(2**k), "with": "examples", "with_level": size}
                    | {"value": 0.6 + grows * k + 0.001 * ((s * (k + 1)) % 4)}
                    for size in ("40", "160")
                    for k in range(3)
                ]
                rows.append({**said, "arm": "random", "level": "0", "value": 0.5 + 0.001 * s})
        self.scores("multitask", [*rows, {"arm": "whole", "metric": "labels_seen", "value": 3600.0}])
        self.examined("exam_multitask", "whole", seeds, 0.85)

    def task_set(self, seeds: int, name: str = "omniglot", grows: float = 0.05) -> None:
        """What the tasks of one data set leave: a doubling of either brings `grows`, examples themselves hold .8."""
        path = self.root / "params.yaml"
        entry = f"task_sets: {{{name}: {{learning_to_learn: {{labels: 5}}}}}}"
        path.write_text(path.read_text(encoding="utf-8").replace("task_sets: {}", entry), encoding="utf-8")
        metric = "accuracy" if name == "omniglot" else "r2"
        rows: list[dict[str, Any]] = []
        for s in range(seeds):
            said = {"data": name, "metric": metric, "seed": str(s)}
            direct = {**said, "protocol": "direct", "at": "examples", "with": "task"}
            linear = {**said, "protocol": "linear", "at": "tasks"}
            rows += [
                {**direct, "arm": arm, "level": str(2**k), "with_level": task}
                | {"value": 0.4 + grows * k - (arm == "together") * 0.1 + 0.001 * ((s * (k + 2) + len(arm)) % 4)}
                for task in ("Greek", "Korean")
                for arm in ("alone", "together")
                for k in range(3)
            ]
            rows += [
                {**linear, "arm": "taught", "level": str(2**k), "with": "examples", "with_level": "10"}
                | {"value": 0.6 + grows * k + 0.001 * ((s * (k + 1)) % 4)}
                for k in range(3)
            ]
            floors = {"random": 0.5, "raw": 0.8}
            rows += [{**linear, "arm": arm, "level": "0", "value": v + 0.001 * s} for arm, v in floors.items()]
        self.scores(f"task_sets@{name}", rows)

    def examined(self, stage: str, arm: str, seeds: int, worth: float) -> None:
        """What an encoder's exam leaves: accuracies a little about `worth`, and the health of its codes."""
        counts = {"linear": ("10", "3600"), "knn": ("10", "3600"), "finetune": ("10",)}
        self.scores(
            stage,
            [
                {"arm": arm, "protocol": probe, "metric": "accuracy", "at": "labels", "level": level, "seed": str(s)}
                | {"value": worth + 0.001 * ((s * 7 + len(arm)) % 5)}
                for probe, levels in counts.items()
                for level in levels
                for s in range(seeds)
            ]
            + [
                {"arm": arm, "protocol": "health", "metric": metric, "seed": str(s), "value": value + 0.001 * s}
                for metric, value in (("accuracy", worth), ("effective_rank", 12.0), ("spread", 0.5))
                for s in range(seeds)
            ],
        )

    def views(self, seeds: int, worth: float = 0.7, agree: float = 0.8) -> None:
        """What two views of one image leave: correlations of 128 numbers, 1 − `agree` from 1 of one, .1 of two.

        Within one view two numbers are as alike at birth as at the end.
        """
        self.examined("exam_redundancy", "barlow_twins", seeds, worth)
        rows = [
            f"barlow_twins,{s},{step},{128 * (1 - same + 0.001 * ((s * 3) % 4)) ** 2},{128 * 127 * others**2}"
            f",{0.3 + 0.01 * ((s + step) % 3)},{rank}"
            for s in range(seeds)
            for step, same, others, rank in ((0, 0.5, 0.4, 5), (10, agree, 0.1 + 0.001 * ((s * 7) % 5), 12))
        ]
        head = "arm,seed,step,valid/invariance,valid/redundancy,valid/alike,valid/effective_rank"
        self._write("reports/history/redundancy.csv", "\n".join([head, *rows]))

    def surrogates(
        self,
        seeds: int,
        ours: float = 0.02,
        sure: float = 0.9,
        jumped: float = 3.0,
        asks: float = 0.8,
        failed: float = 0.0,
    ) -> None:
        """What surrogates of both simulators leave: `ours` is the ensemble's error with the most runs, twice that with
        the fewest; what it asks for itself is `asks` times as much, and outside five times."""
        errors = {
            "ensemble": ours,
            "one_net": 0.03,
            "gaussian_process": 0.01,
            "boosting": 0.2,
            "linear": 0.5,
            "mean": 1.0,
        }
        sizes = {"50": 2.0, "100": 1.5, "500": 1.0}
        parts = {"inside": 1.0, "outside": 5.0, "outside, stayed": 2.0}
        told = [(arm, size, error * more) for arm, error in errors.items() for size, more in sizes.items()]
        told += [("asking_ensemble", "100", 1.5 * ours * asks)]
        for name in ("climate", "airfoil"):
            at = {"data": name, "protocol": "direct", "at": "runs", "with": "part"}
            rows: list[dict[str, Any]] = [
                {**at, "arm": arm, "level": size, "with_level": part, "seed": str(s), "metric": metric}
                | {"value": error * more * times * (1 + 0.001 * ((s * 3 + len(arm)) % 5))}
                for arm, size, error in told
                for part, more in parts.items()
                for metric, times in (("error", 1.0), ("worst_error", 2.0), ("error_of_all", 0.5))
                for s in range(seeds)
            ]
            rows += [
                {**at, "arm": arm, "level": size, "with_level": part, "seed": str(s), "metric": "coverage"}
                | {"value": share - 0.1 * (part != "inside")}
                for arm, share in (("ensemble", sure), ("gaussian_process", 0.95))
                for size in sizes
                for part in parts
                for s in range(seeds)
            ]
            counts = {"failed_runs": failed, "jumped_runs": jumped if name == "climate" else 0.0}
            rows += [
                {"arm": "simulator", "data": name, "metric": metric, "at": "part", "level": "outside", "value": value}
                for metric, value in counts.items()
            ]
            self.scores(f"surrogate@{name}", rows)
            parameters = [0.02, 0.4, 0.12, 3.0] if name == "airfoil" else [1365.0, 23.4, 30.0]
            answers = [1.0 + k / 10 for k in range(34 if name == "airfoil" else 20)]
            shown = {
                "parameters": parameters,
                "simulator": answers,
                "surrogate": answers,
                "spread": [0.1] * len(answers),
            }
            self._write(f"reports/pictures/surrogate/{name}/shown.json", json.dumps([shown]))

    def surrogate_table(self, seeds: int, happens: bool = False, gain: float = 0.1) -> None:
        """What a table leaves: all but the floor, which costs .3, cost `gain` less, with few rows half of that."""
        path, name = self.root / "params.yaml", "crashes" if happens else "noise"
        entry = f"surrogate_tables: {{{name}: {{parts: {{test: 0.25}}}}}}"
        path.write_text(path.read_text(encoding="utf-8").replace("surrogate_tables: {}", entry), encoding="utf-8")
        metrics = ("nll", "area", "balanced_accuracy", "accuracy") if happens else ("error", "worst_error")
        costs = {"mean": 0.3, "linear": 0.3 - gain / 2, "ensemble": 0.3 - gain, "one_net": 0.32 - gain}
        rows: list[dict[str, Any]] = [
            {"arm": arm, "data": name, "protocol": "direct", "metric": metric, "at": "rows", "level": level}
            | {"seed": str(s), "value": 0.3 - (0.3 - cost) * more + 0.001 * ((s * 3 + len(arm)) % 5)}
            for arm, cost in costs.items()
            for level, more in (("50", 0.5), ("400", 1.0))
            for metric in metrics
            for s in range(seeds)
        ]
        if not happens:
            rows += [
                {**row, "metric": "coverage", "value": 0.4}
                for row in rows
                if (row["arm"], row["metric"]) == ("ensemble", "error")
            ]
        self.scores(f"surrogate_table@{name}", rows)
        about = {
            "title": "1,000 rows",
            "parameters": [["a", "m"], ["b", "s"]],
            "answers": [["y", "dB"]],
            "outcome": ["completed", "crashed"] if happens else [],
            "shares": [0.085] if happens else [],
            "group": "run" if happens else "spectrum",
            "groups": 80,
            "licence": "CC BY 4.0",
            "citation": "Somebody, 2013",
            "failed": {} if happens else {"one": "words", "two": "no answer", "three": "no answer"},
        }
        self._write(f"reports/pictures/surrogate_table/{name}/about.json", json.dumps(about))

    def patches(self, seeds: int, apart: float = 0.6, relation: float = 0.1, own: float = 0.4) -> None:
        """What patches are worth beside .9 by all labels and .5 of the floor; the first patch brings a fifth of
        `relation`, and another image's in its place takes the rest."""
        worth = {"apart": apart, "shortcuts": 0.7, "random": 0.5, "all": 0.9}

        def spread(seed: int, arm: str) -> float:
            return 0.001 * ((seed * 7 + len(arm)) % 5)

        def rows(protocol: str, at: str, levels: Sequence[str], arms: Sequence[str]) -> list[dict[str, Any]]:
            said = {"protocol": protocol, "metric": "accuracy", "at": at}
            return [
                {**said, "arm": arm, "level": level, "seed": str(s), "value": worth[arm] + spread(s, arm)}
                for arm in arms
                for level in levels
                for s in range(seeds)
            ]

        def examined(arms: Sequence[str]) -> list[dict[str, Any]]:
            return [row for probe, levels in PROBED.items() for row in rows(probe, "labels", levels, arms)]

        taught, beside, without = ["apart", "shortcuts"], ["random", "all"], {"second": 0.2, "strangers": 1.0}
        self.scores("exam_patches", examined(taught))
        path = self.root / "reports/stages/exam_pretrain/scores.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        protocol, at = (runs.SCORE[1:].index(column) for column in ("protocol", "at"))
        told["rows"] = [
            row for row in told["rows"] if row[0] not in beside or row[at] != "labels" or row[protocol] not in PROBED
        ]
        told["rows"] += [[score.get(column, "") for column in runs.SCORE[1:]] for score in examined(beside)]
        path.write_text(json.dumps(told), encoding="utf-8")
        self.scores(
            "patches_exam",
            [
                {"arm": arm, "protocol": "neighbours", "metric": "accuracy", "at": "pairs", "level": level}
                | {"seed": str(s), "value": own - relation * without.get(level, 0) + spread(s, arm + level)}
                for arm in taught
                for level in (*taught, *without)
                for s in range(seeds)
            ]
            + rows("linear", "layer", ["1", "2", "code"], list(worth))
            + rows("finetune", "labels", ["100"], list(worth)),
        )
        for arm in taught:
            self._picture(f"patches/{arm}")

    def few_shots(self, seeds: int, name: str = "images", *, ours: float = 0.7) -> None:
        """What `fewshot_exam` leaves; `ours` is the accuracy of prototypes by the nearest mean."""
        ways = {"pixels": 0.6, "base": 0.65, "random": 0.5, "deep": 0.66, "all": 0.95}
        ways |= {"prototypes_1": ours, "prototypes_5": ours}
        protocols = {"nearest": 0.0, "linear": 0.01, "finetune": 0.02}
        self.scores(
            "fewshot_exam",
            [
                {"arm": arm, "data": name, "protocol": protocol, "metric": "accuracy", "at": "shots", "level": shots}
                | {"seed": str(seed), "value": worth + more + 0.001 * ((3 * seed + len(arm)) % 7)}
                for arm, worth in ways.items()
                for protocol, more in protocols.items()
                if arm != "pixels" or protocol == "nearest"
                for shots in ("1", "5")
                if not arm.startswith("prototypes") or arm.endswith(shots)
                for seed in range(seeds)
            ],
        )

    def _beside(self, arms: Sequence[str], name: str, seeds: int) -> list[dict[str, Any]]:
        """What the exam says of codes beside how few labels tell them: by other draws, by class, by how they lie."""
        said = [
            {"protocol": "natural", "metric": metric, "at": "labels", "level": level, "value": value}
            for metric, value in (("accuracy", 0.25), ("balanced_accuracy", 0.2))
            for level in ("10", "50")
        ]
        said += [
            {"protocol": "linear", "metric": "recall", "at": "class", "level": title, "value": 0.6} for title in "01"
        ]
        health = {"spread": 1.5, "effective_rank": 9.0, "accuracy": 0.8}
        said += [{"protocol": "health", "metric": metric, "value": value} for metric, value in health.items()]
        return [
            {**one, "arm": arm, "data": name, "seed": str(s), "value": float(str(one["value"])) + 0.001 * (s * 3 % 5)}
            for one in said
            for arm in arms
            for s in range(seeds)
        ]

    def _picture(self, name: str) -> None:
        path = self.root / f"reports/pictures/{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mosaics.png(np.full((4, 8, 1), 200, np.uint8)))

    def _write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
