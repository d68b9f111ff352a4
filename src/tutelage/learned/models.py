"""Models as stages left them: found by name, the best by validation, given back without unpickling anything."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tutelage import params, runs
from tutelage.errors import Mistake
from tutelage.nn import descriptions

MODELS = Path("models")


class Kept(NamedTuple):
    """One file of weights, ARM-SEED.safetensors beside its about.json."""

    folder: Path
    arm: str
    seed: int  # or, where a stage keeps one fit a number of labels, that number

    @property
    def path(self) -> Path:
        return self.folder / f"{self.arm}-{self.seed}.safetensors"

    @property
    def name(self) -> str:
        return f"{stage(self.folder)}/{self.path.stem}"


def load(folder: Path, arm: str, seed: int) -> Any:
    """The learner whose weights those are, by the paradigm that its description names; to be asked and not taught."""
    way = str(descriptions.read(folder).get("way", ""))
    if not way.isidentifier():
        raise Mistake(f"{folder / descriptions.FILE} names no way of teaching; `make repro` writes it anew")
    # By name and not imported above: who stands on this file does not stand on every paradigm.
    return importlib.import_module(f"tutelage.paradigms.{way}").load(folder, arm, seed)


def stages(models: Path = MODELS) -> list[str]:
    """The stages whose models can be asked, as dvc.yaml names them."""
    return sorted(stage(path.parent, models) for path in models.rglob(descriptions.FILE) if kept(path.parent))


def stage(folder: Path, models: Path = MODELS) -> str:
    """The name of the stage that left this folder; of a folder elsewhere, its path."""
    inside = folder.is_relative_to(models)
    return "@".join(folder.relative_to(models).parts) if inside else folder.as_posix()


def kept(folder: Path) -> list[Kept]:
    """The weights in a folder of the arms that its description names, by arm and then by seed."""
    told = descriptions.read(folder)
    arms = told.get("classes", told.get("tables", {})) if "way" in told else {}
    stems = (path.stem.rpartition("-") for path in folder.glob("*.safetensors"))
    return sorted(Kept(folder, arm, int(seed)) for arm, _, seed in stems if arm in arms and seed.isdigit())


def find(name: str, models: Path = MODELS) -> Kept:
    """The weights that STAGE, STAGE/ARM, STAGE/ARM-SEED or a path names.

    Where several fit, the best on validation. Raises Mistake for none, and for several that nothing chooses among.
    """
    folder, which = _place(name, models)
    several = kept(folder)
    if not several:
        raise Mistake(f"{folder} holds no model that can be asked; there are {', '.join(stages(models))}")
    fitting = [one for one in several if which in ("", one.arm, one.path.stem)]
    if not fitting:
        there = ", ".join(one.path.stem for one in several[:12]) + (", …" if len(several) > 12 else "")
        raise Mistake(f"{stage(folder, models)} has no model {which}; it has {there}")
    if len(fitting) == 1:
        return fitting[0]
    scores = runs.STAGES / f"exam_{stage(folder, models)}" / "scores.json"
    chosen = best(fitting, scores) if scores.is_file() else None
    if chosen:
        return chosen
    if len({one.arm for one in fitting}) == 1:
        return fitting[0]  # seeds are alike
    there = ", ".join(f"{stage(folder, models)}/{arm}" for arm in dict.fromkeys(one.arm for one in fitting))
    raise Mistake(f"{name}: no exam chose among its models; name one of {there}")


def best(several: list[Kept], scores: Path) -> Kept | None:
    """Of those that learned from most classes, the one whose codes' nearest neighbours tell most of the validation
    part, as the exam found; None where that exam was of others."""
    told = json.loads(scores.read_text(encoding="utf-8"))
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    found = {
        (row["arm"], str(row["seed"])): row["value"]
        for row in rows
        if (row["protocol"], row["metric"]) == ("health", "accuracy")
    }
    about = descriptions.read(several[0].folder)
    classes: Mapping[str, list[int]] = about["classes"]
    judged = [one for one in several if (one.arm, str(one.seed)) in found and one.arm not in about.get("untaught", ())]
    return max(judged, key=lambda one: (len(classes[one.arm]), found[one.arm, str(one.seed)], -one.seed), default=None)


def _place(name: str, models: Path) -> tuple[Path, str]:
    """The folder, and which of its models."""
    path = Path(name)
    if path.suffix == ".safetensors" and path.is_file():
        return path.parent, path.stem
    if (path / descriptions.FILE).is_file():
        return path, ""
    known = stages(models)
    of, _, which = name.strip("/").partition("/")
    folder = models.joinpath(*of.split("@"))
    if of in known or (folder / descriptions.FILE).is_file():
        return folder, which
    if not known:
        raise Mistake(f"there is no model {name}, and none in {models}/; `dvc checkout` or `make repro` makes them")
    kin = [one for one in known if one.startswith(f"{of}@")] or known
    near = params.nearest(of, known) or ";"
    raise Mistake(f"there is no model {name}{near} there are {', '.join(kin)}, a path, and models:/NAME@best")
