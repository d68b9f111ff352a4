"""What ran on what: the data sets by role, the encoder, seeds, budgets and rates."""

from typing import Any

from tutelage.report import parts
from tutelage.report.parts import Cell, Facts, Section, Table
from tutelage.report.records import Records

NAMED = 20  # classes; of more the page names the first


def section(records: Records) -> Section:
    """The data sets from their about.json, all else from params.yaml."""
    sets = {role: records.about(role) for role in records.roles()}
    origins = {about["name"]: _origin(about) for about in sets.values()}
    return Section("What ran on what", [_sets(sets), Facts([*origins.items(), *_settings(records.blocks)])])


def _sets(sets: dict[str, dict[str, Any]]) -> Table:
    rows = []
    for role, about in sets.items():
        numbers = [len(about["classes"]), *(about["counts"][part] for part in ("train", "valid", "test"))]
        shape = "×".join(map(str, about["shape"]))
        rows.append([Cell(role), Cell(about["name"]), *(Cell(parts.number(n, 0)) for n in numbers), Cell(shape)])
    return Table(
        "Data sets by the role they play, examples in each part",
        ["role", "data set", "classes", "train", "valid", "test", "shape"],
        rows,
        words=2,
        note="Shape: channels × height × width. Only stages that examine read a test part.",
    )


def _origin(about: dict[str, Any]) -> str:
    classes = about["classes"]
    more = f" and {len(classes) - NAMED} more" if len(classes) > NAMED else ""
    named = f"Classes: {', '.join(classes[:NAMED])}{more}. " if classes else ""
    return f"{named}{_yours(about)}Licence: {about['licence']}. Source: {about['citation']}."


def _yours(about: dict[str, Any]) -> str:
    """What only files of yours have: images without a label, and files that are no images."""
    told = ""
    if unlabelled := about.get("unlabelled", 0):
        told += f"{parts.number(unlabelled, 0)} images of the training part have no label: none is examined by them. "
    if skipped := about.get("skipped", []):
        told += f"{parts.number(len(skipped), 0)} files are no images and were left out, {skipped[0]} first. "
    return told


def _settings(blocks: Any) -> list[tuple[str, str]]:
    encoder, budget, pretrain, transfer = (blocks[name] for name in ("encoder", "budget", "pretrain", "transfer"))
    return [
        (
            "encoder",
            f"Two stride-2 convolutions of {encoder['channels'][0]} and {encoder['channels'][1]} channels, kernel "
            f"{encoder['kernel']}, a {encoder['grid']}×{encoder['grid']} grid of averages, one linear layer to "
            f"{encoder['width']} numbers; the same for every arm.",
        ),
        (
            "seeds",
            f"{len(budget['seeds'])} ({', '.join(map(str, budget['seeds']))}). Each has its own weights at the "
            "start, its own order of examples and its own draw of labels.",
        ),
        (
            "pre-training",
            f"{parts.number(budget['presentations'], 0)} examples shown, {budget['batch_size']} at a time; AdamW, "
            f"learning rate {pretrain['learning_rate']:g}, weight decay {pretrain['weight_decay']:g}.",
        ),
        (
            "transfer",
            f"{transfer['steps']} steps for every arm, at most {transfer['batch_size']} examples at a time; AdamW, "
            f"weight decay {transfer['weight_decay']:g}.",
        ),
    ]
