"""Reads all of params.yaml before any other stage touches an output; what it leaves never changes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tutelage import params, runs
from tutelage.data import catalogue, own_images, samples, simulated, surrogate_tables, two_views
from tutelage.data import task_sets as sets
from tutelage.data.kinds import Filed
from tutelage.errors import Mistake
from tutelage.paradigms import (
    autoencoder,
    centres,
    competition,
    consistency,
    distillation,
    gan,
    kohonen,
    layers,
    linear_autoencoder,
    lupi,
    multitask,
    prototypes,
    redundancy,
    relative_patches,
    style_gan,
    supervised,
    supervised_autoencoder,
    surrogate,
    surrogate_table,
    task_sets,
    transfer,
    vae,
)
from tutelage.report import settings
from tutelage.training import device

BLOCKS: dict[str, type[params.Block]] = {
    "compute": params.Compute,
    "budget": params.Budget,
    "images": own_images.Params,
    "target": own_images.Params,
    "letters": own_images.Params,
    "people": samples.People,
    "tables": samples.Tables,
    "encoder": params.Encoder,
    "decoder": params.Decoder,
    "exam": params.Exam,
    "augmentation": two_views.Strength,
    "pretrain": supervised.Params,
    "style_gan": style_gan.Params,
    "styles": params.Styles,
    "transfer": transfer.Params,
    "layers": layers.Params,
    "embedded": transfer.Embedded,
    "supervised_autoencoder": supervised_autoencoder.Params,
    "consistency": consistency.Params,
    "distill": distillation.Params,
    "multitask": multitask.Params,
    "fewshot": prototypes.Params,
    "principal": linear_autoencoder.Params,
    "sweeps": autoencoder.Sweeps,
    "uses": params.Uses,
    "competition": competition.Params,
    "kohonen": kohonen.Params,
    "likelihoods": params.Likelihoods,
    "redundancy": redundancy.Params,
    "centres": centres.Params,
    "patches_exam": relative_patches.Claim,
    "generation": params.Generation,
    "surrogate": surrogate.Params,
    "report": settings.Params,
}
FAMILIES: dict[str, type[params.Block]] = {
    "autoencoders": autoencoder.Params,
    "gans": gan.Params,
    "letters_vae": vae.Params,
    "lupi": lupi.Params,
    "patches": relative_patches.Params,
    "simulators": simulated.Params,
    "surrogate_tables": surrogate_table.Params,
    "task_sets": task_sets.Params,
    "vae": vae.Params,
}
"""Blocks of which each entry, whatever its name, is one way of teaching, or one data set."""
EMPTY = {"surrogate_tables", "task_sets"}
"""Those that may have no entry."""


def check(path: Path = params.FILE) -> None:
    """Raises Mistake with a line for everything that is wrong."""
    blocks = params.load(path)
    known = [*BLOCKS, *FAMILIES]
    wrong = [f"{path}: {name} is no block{params.nearest(name, known)}" for name in blocks.keys() - known]
    wrong += [f"{path}: block {name} is missing" for name in set(known) - blocks.keys()]
    kinds = {name: kind for name, kind in BLOCKS.items() if name in blocks}
    kinds |= {f"{family}.{name}": kind for family, kind in FAMILIES.items() for name in blocks.get(family) or ()}
    whole: dict[str, params.Block] = {}
    for name, kind in kinds.items():
        try:
            if kind is task_sets.Params:
                sets.known(name.partition(".")[2])
            if kind is simulated.Params:
                simulated.known(name.partition(".")[2])
            if kind is surrogate_table.Params:
                surrogate_tables.known(name.partition(".")[2])
            whole[name] = block = params.parse(kind, name, blocks, path)
            if isinstance(block, own_images.Params):
                block.there(name)
            if isinstance(block, samples.People):
                catalogue.find(block.name)
            problem = block.problem if isinstance(block, lupi.Params) else None
            if isinstance(problem, Filed) and (source := problem.source()):
                catalogue.find(source)
            if isinstance(block, samples.Tables):
                for one in block.name:
                    catalogue.find(one)
            if isinstance(block, params.Compute):
                device.ready(block)
        except Mistake as mistake:
            wrong += str(mistake).splitlines()
    wrong += [
        f"{path}: {name} has no entry; see the ones in git"
        for name in FAMILIES
        if not blocks.get(name, True) and name not in EMPTY
    ]
    names = [f"{family}.{name}" for family in FAMILIES for name in blocks.get(family) or ()]
    wrong += [
        f"{path}: {name}: an entry names a stage and a folder; write it of letters, digits, _ and -"
        for name in names
        if not re.fullmatch(r"\w+\.[\w-]+", name)
    ]
    wrong += _together(whole, path)
    if wrong:
        raise Mistake("\n".join(sorted(wrong)))


def _together(whole: Mapping[str, params.Block], path: Path) -> Iterator[str]:
    """What is wrong between blocks of which each is right."""
    encoder, taught = whole.get("encoder"), whole.get("surrogate")
    for name, block in whole.items():
        if isinstance(block, params.Generation):
            known = [entry.partition(".")[2] for entry in whole if entry.startswith("autoencoders.")]
            for one in set(block.codes) - set(known):
                yield f"{path}: generation.codes: autoencoders has no entry {one}{params.nearest(one, known)}"
        try:
            if isinstance(encoder, params.Encoder) and isinstance(block, gan.Params):
                block.fits(encoder, name)
            if isinstance(encoder, params.Encoder) and isinstance(block, params.Generation):
                block.judged(block.samples, encoder.width)
            if isinstance(taught, surrogate.Params) and isinstance(block, simulated.Params):
                taught.there(block.runs, name.partition(".")[2])
        except Mistake as mistake:
            yield str(mistake)


if __name__ == "__main__":
    with runs.stage("check"):
        check()
        runs.write(Path("reports/checked"), "params.yaml holds what every stage needs.\n")
