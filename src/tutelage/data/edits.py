"""Edits of params.yaml as text: the lines of a few keys are written anew, every other byte stays as it is."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tutelage import params, runs
from tutelage.errors import Mistake

PLAIN = re.compile(r"[A-Za-z_][\w./-]*")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
"""Which PyYAML takes for something else where they stand without quotes."""
COMMENT = 29  # the column in which comments of params.yaml begin


def keys(block: str, values: Mapping[str, Any]) -> None:
    """Gives keys of a block other values, their comments kept; of who has none, the line goes first in the block."""
    lines = _lines()
    start, end = _span(lines, block)
    for key, value in values.items():
        told = f"  {key}: {flow(value)}"
        at = next((n for n in range(start + 1, end) if lines[n].startswith(f"  {key}:")), None)
        if at is None:
            lines.insert(start + 1, told)
            end += 1
            continue
        comment = re.search(r"\s#.*$", lines[at])
        lines[at] = f"{told.ljust(COMMENT - 1)} {comment[0].strip()}" if comment else told
        while at + 1 < end and re.match(r"    +[^ #]", lines[at + 1]):  # the rest of a value of several lines
            del lines[at + 1]
            end -= 1
    _write(lines, block, values)


def entry(family: str, name: str, values: Mapping[str, Any]) -> None:
    """Puts an entry at the end of a family, in place of one of that name."""
    lines = _lines()
    start, end = _span(lines, family)
    old = next((n for n in range(start + 1, end) if re.match(rf"  {name}:", lines[n])), None)
    if old is not None:
        stop = next((n for n in range(old + 1, end) if re.match(r" {0,2}[^ ]", lines[n])), end)
        del lines[old:stop]
        end -= stop - old
    lines[end:end] = [f"  {name}:", *(f"    {key}: {flow(value)}" for key, value in values.items())]
    _write(lines, family, {name: values})


def flow(value: Any) -> str:
    """A value on one line, as YAML 1.1 and 1.2 both read it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    told = json.dumps(value, ensure_ascii=False)
    return re.sub(r"^(-?\d+)e", r"\1.0e", told) if isinstance(value, float) else told


def _lines() -> list[str]:
    params.load()  # what is no YAML is told as everywhere
    return params.FILE.read_text(encoding="utf-8").splitlines()


def _span(lines: list[str], block: str) -> tuple[int, int]:
    """The line that opens a block, and the one after its last; what stands above the next block is not its own."""
    start = next((n for n, line in enumerate(lines) if re.match(rf"{block}:\s*(#|$)", line)), None)
    if start is None:
        raise Mistake(f"{params.FILE}: {block} has not a line a key; write it as in git")
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"\S", lines[n])), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return start, end


def _write(lines: list[str], block: str, values: Mapping[str, Any]) -> None:
    before, text = params.load(), "\n".join(lines) + "\n"
    aside = params.FILE.with_name(f".{params.FILE.name}")
    try:
        aside.write_text(text, encoding="utf-8")
        after = params.load(aside)
    finally:
        aside.unlink(missing_ok=True)
    if after != before | {block: before[block] | json.loads(json.dumps(values))}:
        raise Mistake(f"{params.FILE}: {block} is written in a way that is not understood; write it as in git")
    runs.write(params.FILE, text)
