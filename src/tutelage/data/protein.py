"""Chains of proteins: x their sequence, x* the structure of their residues, y their place in CATH's hierarchy."""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from tutelage.data import kinds
from tutelage.data.problems import Examples, Made
from tutelage.errors import Mistake

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
STATES = "HEC"  # helix, strand, coil
LEAST = 20  # chains of an architecture
FILES = ("splits/sequences.fasta", "splits/sampled.fasta", "splits/mask.fasta")
LABELS = "cath_v430_dom_seqs_S100_161121_labels.txt"


def make(problem: kinds.Protein, raw: Path) -> Made:
    """Chains that are one whole domain, of architectures of which there are enough, in the order of their file.

    x: how often each residue and each pair in a row is in a thousand, and ln of the length. x*: the same of states of
    the residues that were seen in the crystal; and ln(1 + how often) of one, two or three helices and strands in a row.
    y is the architecture, numbered as by CATH (`3.40`), where what is before the dot is its class. No superfamily,
    whose proteins have one ancestor, is cut by a split. Raises Mistake where a file is missing or damaged.
    """
    sequences, states, seen = (dict(_fasta(raw / name)) for name in FILES)
    places = _places(raw / LABELS)
    kept = [name for name in sequences if name in places]
    of = {name: ".".join(places[name].split(".")[:2]) for name in kept}
    enough = {architecture for architecture, count in Counter(of.values()).items() if count >= LEAST}
    kept = [name for name in kept if of[name] in enough]
    if not kept:
        raise Mistake(f"{raw} holds no {LEAST} chains of one architecture; delete it and fetch it again")
    for name in kept:
        if not len(sequences[name]) == len(states.get(name, "")) == len(seen.get(name, "")):
            raise Mistake(f"{raw}: the structure of {name} is not of its sequence; delete it and fetch it again")
    architectures = sorted(enough, key=lambda name: tuple(map(int, name.split("."))))
    y = np.array([architectures.index(of[name]) for name in kept])
    _, group = np.unique([places[name] for name in kept], return_inverse=True)
    x = np.stack([_sequence(sequences[name]) for name in kept])
    star = np.stack([_structure(states[name], seen[name]) for name in kept])
    _, above = np.unique([int(name.partition(".")[0]) for name in architectures], return_inverse=True)
    return Made(Examples(x, star, y, group), tuple(architectures), standardised=True, above=tuple(above.tolist()))


def _sequence(chain: str) -> Float[NDArray[np.float64], "dim"]:
    return np.array([*_often(chain, RESIDUES, 1), *_often(chain, RESIDUES, 2), np.log(len(chain))])


def _structure(states: str, seen: str) -> Float[NDArray[np.float64], "dim"]:
    known = "".join(state for state, there in zip(states, seen, strict=True) if there == "1")
    runs = "".join(state for state, _ in itertools.groupby(known) if state != "C")
    rows = [np.log1p(_counted(runs, "HE", k)) for k in (1, 2, 3)]
    return np.concatenate([_often(known, STATES, 1), _often(known, STATES, 2), *rows])


def _often(chain: str, letters: str, k: int) -> Float[NDArray[np.float64], "dim"]:
    """In a thousand."""
    return 1000 * _counted(chain, letters, k) / max(len(chain) - k + 1, 1)


def _counted(chain: str, letters: str, k: int) -> Float[NDArray[np.float64], "dim"]:
    """How often each row of k of these letters is there, in the alphabet's order; rows of others are not counted."""
    there = Counter(chain[i : i + k] for i in range(len(chain) - k + 1))
    return np.array([there["".join(row)] for row in itertools.product(letters, repeat=k)], np.float64)


def _places(path: Path) -> dict[str, str]:
    """`1es5-A`: `3.40.710.10`, of chains that are a domain each; one of several has domains 01, 02, …"""
    rows = [line.partition(",") for line in _lines(path)]
    return {f"{domain[:4]}-{domain[4]}": place for domain, _, place in rows if domain[5:] == "00"}


def _fasta(path: Path) -> Iterator[tuple[str, str]]:
    """Of each record its name, up to the first space, and its letters on one line."""
    lines = _lines(path)
    if len(lines) % 2 or not all(line.startswith(">") for line in lines[::2]):
        raise Mistake(f"{path} is damaged (records are not of two lines); delete it and fetch it again")
    for head, letters in zip(lines[::2], lines[1::2], strict=True):
        yield head[1:].split()[0], letters


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; run `make repro`, which fetches protein") from None
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is damaged (not UTF-8 at byte {error.start}); delete it and fetch it again") from None
