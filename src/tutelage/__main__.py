"""`python -m tutelage encode MODEL PATH -o codes.parquet`, `… predict` and `… nearest` ask what was learned."""

import argparse
import subprocess
import sys
from pathlib import Path

from tutelage.errors import Mistake

MODEL = """a stage's name (pretrain, autoencoder@deep), with an arm (pretrain/all) or one fit (pretrain/all-0) where it
has several, else the best on validation; a folder or file of weights; models:/NAME@best of MLflow's registry"""
PATHS = "images, folders of them, one .npy or .npz of uint8 images; of what learned from a table a .csv or .parquet"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tutelage", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, told in {
        "encode": "vectors, one an example",
        "predict": "classes with probabilities, or numbers with deviations",
        "nearest": "the examples whose codes are nearest",
    }.items():
        one = verbs.add_parser(verb, help=told)
        one.add_argument("model", metavar="MODEL", help=MODEL)
        one.add_argument("paths", metavar="PATH", type=Path, nargs="+", help=PATHS)
        one.add_argument("-o", "--out", type=Path, required=verb == "encode", help="a .parquet; else CSV is printed")
        if verb == "nearest":
            one.add_argument("--among", type=Path, help="a folder or an array; else the images it learned from")
            one.add_argument("-k", type=int, default=5)
    return parser.parse_args()


def registered(alias: str) -> str:
    """Where a registered model's weights lie."""
    # By a process of its own: whoever asks a model of models/ need not wait for MLflow.
    words = [sys.executable, "-m", "tutelage.tracking", "path", alias]
    told = subprocess.run(words, capture_output=True, text=True)
    if told.returncode:
        raise Mistake(told.stderr.strip().removeprefix("tracking: "))
    return told.stdout.strip()


def answer(asked: argparse.Namespace) -> None:
    from tutelage.learned import examples, models, verbs
    from tutelage.learned.asking import Model

    if asked.verb == "nearest" and asked.k < 1:
        raise Mistake(f"-k is {asked.k}; ask for one at least")
    name = registered(asked.model) if asked.model.startswith("models:/") else asked.model
    model = Model(models.find(name))
    ability = {"nearest": "encode"}.get(asked.verb, asked.verb)
    model.must(ability)
    given = examples.read(model, asked.paths)
    if asked.verb == "nearest":
        ask = verbs.nearest(model, given, asked.among, asked.k)
    else:
        ask = {"encode": verbs.encode, "predict": verbs.predict}[asked.verb](model, given)
    if asked.out is None:
        print(f"by {model.kept.name}", file=sys.stderr)
        verbs.show(given, ask)
    else:
        rows = verbs.save(given, ask, asked.out, model, asked.verb)
        print(f"{asked.out}: {rows:,} rows, by {model.kept.name}", file=sys.stderr)


if __name__ == "__main__":
    try:
        answer(arguments())
    except Mistake as mistake:
        sys.exit(f"tutelage: {mistake}")
    except OSError as error:
        sys.exit(f"tutelage: {error.filename or 'a file'}: {error.strerror or error}; give it room and rights")
    except KeyboardInterrupt:
        sys.exit("tutelage: stopped; run it again and it goes on after the last whole block")
