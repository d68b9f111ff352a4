"""dvc.yaml as the code sees it: what a stage stands on and what it leaves."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tutelage import closure, params
from tutelage.errors import Mistake


@dataclass(frozen=True)
class Entry:
    """One stage of dvc.yaml, its templates filled in."""

    name: str
    cmd: str
    deps: tuple[str, ...]
    params: tuple[str, ...]  # dotted keys of params.yaml; "" is all of it
    outs: tuple[str, ...]


def entries(path: Path = Path("dvc.yaml")) -> dict[str, Entry]:
    """All stages by name, a `foreach` as `NAME@KEY`."""
    stages = yaml.safe_load(path.read_text(encoding="utf-8"))["stages"]
    return {e.name: e for name, stage in stages.items() for e in _unrolled(name, stage, path)}


def entry(name: str) -> Entry:
    """The stage of that name. Raises Mistake where dvc.yaml has none."""
    known = entries()
    if name not in known:
        raise Mistake(f"dvc.yaml has no stage {name}{params.nearest(name, list(known))}")
    return known[name]


def fingerprint(stage: Entry) -> str:
    """A digest of all that a stage's outputs follow from: its command, code, params and the bytes of its deps."""
    blocks = params.load()
    values = {key: _value(blocks, key) for key in stage.params}
    digest = hashlib.blake2b(json.dumps([stage.cmd, values], sort_keys=True, default=str).encode(), digest_size=16)
    for script in (word for word in stage.cmd.split() if word.endswith(".py")):
        digest.update(closure.listing(Path(script)).encode())  # as it is now, whatever the list in its deps says
    for dep in stage.deps:
        for file in sorted(f for f in _files(Path(dep)) if "__pycache__" not in f.parts):
            digest.update(f"{file.as_posix()}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _unrolled(name: str, stage: Mapping[str, Any], path: Path) -> Iterator[Entry]:
    if "foreach" not in stage:
        yield _filled(name, stage, {})
        return
    items = stage["foreach"]
    if isinstance(items, str):  # "${autoencoders}": a block of params.yaml
        block = items.removeprefix("${").removesuffix("}")
        items = params.load(path.with_name("params.yaml")).get(block)
        if items is None:
            raise Mistake(f"params.yaml: {block} has no entry; see the ones in git")
    for key in items:
        yield _filled(f"{name}@{key}", stage["do"], {"${key}": str(key), "${item}": str(key)})


def _filled(name: str, stage: Mapping[str, Any], values: Mapping[str, str]) -> Entry:
    def fill(text: str) -> str:
        for template, value in values.items():
            text = text.replace(template, value)
        return text

    def names(key: str) -> tuple[str, ...]:
        return tuple(fill(next(iter(x)) if isinstance(x, dict) else x) for x in stage.get(key, []))

    keys = tuple("" if key == "params.yaml" else key for key in names("params"))
    return Entry(name, fill(stage["cmd"]), names("deps"), keys, names("outs") + names("plots"))


def _value(blocks: Mapping[str, Any], key: str) -> Any:
    value: Any = blocks
    for part in filter(None, key.split(".")):
        if not isinstance(value, Mapping) or part not in value:
            raise Mistake(f"params.yaml: {key} is missing")
        value = value[part]
    return value


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise Mistake(f"{path} is missing; run `make repro`, which makes what a stage stands on")
    yield from (f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
