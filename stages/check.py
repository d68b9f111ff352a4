"""Reads all of params.yaml before any other stage touches an output; what it leaves never changes."""

import gc

gc.disable()  # imports make a million objects and no garbage; runs.stage lets the collector go on

from pathlib import Path

from tutelage import params, runs
from tutelage.data import catalogue, roles, samples
from tutelage.errors import Mistake
from tutelage.paradigms import (
    autoencoder,
    competition,
    consistency,
    gan,
    kohonen,
    linear_autoencoder,
    multitask,
    style_gan,
    supervised,
    supervised_autoencoder,
    transfer,
    vae,
)
from tutelage.report import settings
from tutelage.training import device

BLOCKS: dict[str, type[params.Block]] = {
    "compute": params.Compute,
    "budget": params.Budget,
    "images": roles.Params,
    "target": roles.Params,
    "letters": roles.Params,
    "people": samples.People,
    "tables": samples.Tables,
    "encoder": params.Encoder,
    "decoder": params.Decoder,
    "exam": params.Exam,
    "pretrain": supervised.Params,
    "style_gan": style_gan.Params,
    "styles": params.Styles,
    "transfer": transfer.Params,
    "embedded": transfer.Embedded,
    "supervised_autoencoder": supervised_autoencoder.Params,
    "consistency": consistency.Params,
    "multitask": multitask.Params,
    "principal": linear_autoencoder.Params,
    "sweeps": autoencoder.Sweeps,
    "uses": params.Uses,
    "competition": competition.Params,
    "kohonen": kohonen.Params,
    "likelihoods": params.Likelihoods,
    "generation": params.Generation,
    "report": settings.Params,
}
FAMILIES: dict[str, type[params.Block]] = {
    "autoencoders": autoencoder.Params,
    "gans": gan.Params,
    "letters_vae": vae.Params,
    "vae": vae.Params,
}
"""Blocks of which each entry, whatever its name, is one way of teaching."""


def check(path: Path = params.FILE) -> None:
    """Raises Mistake with a line for everything that is wrong."""
    blocks = params.load(path)
    known = [*BLOCKS, *FAMILIES]
    wrong = [f"{path}: {name} is no block{params.nearest(name, known)}" for name in blocks.keys() - known]
    wrong += [f"{path}: block {name} is missing" for name in set(known) - blocks.keys()]
    kinds = {name: kind for name, kind in BLOCKS.items() if name in blocks}
    kinds |= {f"{family}.{name}": kind for family, kind in FAMILIES.items() for name in blocks.get(family) or ()}
    for name, kind in kinds.items():
        try:
            block = params.parse(kind, name, blocks, path)
            if isinstance(block, roles.Params | samples.People):
                catalogue.find(block.name)
            if isinstance(block, samples.Tables):
                for one in block.name:
                    catalogue.find(one)
            if isinstance(block, params.Generation):
                known = list(blocks.get("autoencoders") or ())
                wrong += [
                    f"{path}: generation.codes: autoencoders has no entry {one}{params.nearest(one, known)}"
                    for one in block.codes
                    if one not in known
                ]
            if isinstance(block, params.Compute):
                device.ready(block)
        except Mistake as mistake:
            wrong += str(mistake).splitlines()
    if wrong:
        raise Mistake("\n".join(sorted(wrong)))


if __name__ == "__main__":
    with runs.stage("check"):
        check()
        runs.write(Path("reports/checked"), "params.yaml holds what every stage needs.\n")
