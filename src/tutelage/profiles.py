"""Merges overlays of profiles/ into params.yaml, comments kept. `python -m tutelage.profiles whole gpu`."""

import io
import subprocess
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tutelage import params, runs
from tutelage.errors import Mistake

FOLDER = Path("profiles")


def apply(*names: str) -> None:
    """Rewrites params.yaml, by each in turn. Raises Mistake for one that is not there and where edits would be lost."""
    known = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
    listed = ", ".join(known)
    if not names:
        raise Mistake(f"name a profile, PROFILE=…; profiles/ has {listed}")
    for name in names:
        if name not in known:
            raise Mistake(f"profiles/ has no {name}{params.nearest(name, known)} It has {listed}")
    if _edited():
        raise Mistake("params.yaml has edits that are not committed; commit them or `git checkout params.yaml` first")
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.representer.add_representer(type(None), lambda to, _: to.represent_scalar("tag:yaml.org,2002:null", "null"))
    blocks = yaml.load(params.FILE)
    for name in names:
        params.load(known[name])  # a profile that is no YAML is told as one of params.yaml is
        _merge(blocks, yaml.load(known[name]), known[name], "")  # loaded so that [1, 2] stays on its line
    text = io.StringIO()
    yaml.dump(blocks, text)
    runs.write(params.FILE, text.getvalue())


def is_entry(value: Any, family: Mapping[str, Any]) -> bool:
    """Whether it can be one more of a family, whose entries all have the same keys."""
    return isinstance(value, Mapping) and all(isinstance(e, Mapping) and {*e} == {*value} for e in family.values())


def _merge(blocks: MutableMapping[str, Any], overlay: Mapping[str, Any], path: Path, above: str) -> None:
    for key, value in overlay.items():
        if key not in blocks and not is_entry(value, blocks):
            raise Mistake(f"{path}: {above}{key} is no parameter{params.nearest(key, list(blocks))}")
        if isinstance(value, Mapping) and isinstance(blocks.get(key), MutableMapping):
            _merge(blocks[key], value, path, f"{above}{key}.")
        elif isinstance(value, list) and isinstance(blocks.get(key), MutableMapping):
            _keep(blocks[key], value, path, f"{above}{key}")
        else:
            blocks[key] = value


def _keep(family: MutableMapping[str, Any], names: list[str], path: Path, above: str) -> None:
    """A list over a family of entries: only these."""
    for name in names:
        if name not in family:
            raise Mistake(f"{path}: {above} has no entry {name}{params.nearest(name, list(family))}")
    for name in set(family) - set(names):
        del family[name]


def _edited() -> bool:
    """Whether git tracks params.yaml and it differs from the last commit; without git there is nothing to lose to."""
    ran = subprocess.run(["git", "status", "--porcelain", "--", str(params.FILE)], capture_output=True, text=True)
    return ran.returncode == 0 and bool(ran.stdout.strip())


if __name__ == "__main__":
    try:
        apply(*sys.argv[1:])
    except Mistake as mistake:
        sys.exit(f"profile: {mistake}")
    print(f"params.yaml is now profile {', '.join(sys.argv[1:])}. The way back: git checkout params.yaml")
