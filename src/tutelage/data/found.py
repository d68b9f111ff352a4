"""What was found among images of yours: their sizes, classes, copies, cells left empty, and what is suspected."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tutelage.data import own_images, pictures, suspicion
from tutelage.data.pictures import PARTS, Reading
from tutelage.data.shapes import Resize

SIDE, LARGE = 32, 64  # images that differ, or have more than LARGE pixels a side, come to SIDE at most
NAMED = 20  # classes; of more the first
ONE = Resize(scale=1, pad=0)  # pixels are not what is asked


class Found:
    """What was seen of all files, none of their pixels kept."""

    def __init__(self, place: Path, how: Reading) -> None:
        self.place, self.how = place, how
        self.sizes: Counter[tuple[int, int]] = Counter()
        self.channels = 1
        if place.is_file():
            self.whole = own_images.read(place, how, None)
            n, self.channels, height, width = self.whole.images.shape
            self.sizes[height, width] = n
            digests = [image.tobytes() for image in self.whole.images]
        else:
            listed = pictures.listed(place, how)
            kept, digests = [], []
            for number, picture in enumerate(pictures.read(place, listed.files, ONE, skip=how.skip)):
                if picture is not None:
                    kept.append(number)
                    digests.append(picture.digest)
                    self.sizes[picture.size] += 1
                    self.channels = max(self.channels, len(picture.pixels))
            self.whole = own_images.described(place, listed, kept, np.empty((len(kept), 0, 0, 0), np.uint8))
        self.copies = _copies(digests, self.whole.labels)

    def rule(self) -> Resize | None:
        """None where all sizes are one, and small; else a square of the median shorter side, at most SIDE."""
        if len(self.sizes) == 1 and max(next(iter(self.sizes))) <= LARGE:
            return None
        shorter = np.repeat([min(size) for size in self.sizes], list(self.sizes.values()))
        return Resize(scale=min(SIDE, int(np.median(shorter))), pad=0)

    def shape(self, rule: Resize | None) -> tuple[int, int, int]:
        height, width = next(iter(self.sizes)) if rule is None else (rule.scale, rule.scale)
        return self.channels, height, width

    def seen(self, rule: Resize | None, parts: Mapping[str, Any]) -> Iterator[str]:
        """What there is, and what becomes of it."""
        whole, sizes = self.whole, self.sizes
        heights, widths = zip(*sizes, strict=True)
        size = f"{heights[0]} × {widths[0]} pixels"
        if len(sizes) > 1:
            size = f"{min(heights)} to {max(heights)} × {min(widths)} to {max(widths)} pixels"
        colours = {1: "one channel", 3: "three channels"}.get(self.channels, f"{self.channels} channels")
        yield f"{len(whole.labels):,} images, {colours}, {size}"
        counts = np.bincount(whole.labels[whole.labels >= 0])
        names = [f"{name} {n:,}" for name, n in zip(whole.classes, counts, strict=True)]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield f"{len(names)} classes: {', '.join(names[:NAMED])}{more}"
        if unlabelled := int((whole.labels < 0).sum()):
            learned = int((whole.labels[parts["train"]] < 0).sum())
            yield f"{unlabelled:,} images without a label; {learned:,} of them are learned from, none is examined"
        if whole.skipped:
            yield f"{len(whole.skipped):,} files are no images and are left out, {whole.skipped[0]} first"
        if rule:
            yield f"each is squeezed to {rule.scale} × {rule.scale} pixels: the median shorter side, at most {SIDE}"
        stated = "as they are stated" if (whole.parts != "").any() else "drawn by a fixed rule"
        by = ", whole groups to a part" if whole.groups is not None else ""
        yield f"parts {stated}{by}: " + ", ".join(f"{part} {len(parts[part]):,}" for part in PARTS)

    def warned(self) -> Iterator[str]:
        """What may be wrong with it."""
        same, differing = self.copies
        if same:
            yield f"{same:,} images are copies of others, byte for byte, and may stand in two parts: take them out"
        if differing:
            yield f"{differing:,} of these have another class than what they are a copy of"
        if self.how.table:
            table = self.how.table
            columns, rows = pictures.rows(self.place / table.file)
            empty = {name: sum(not row[name] for row in rows) for name in columns}
            if missing := [f"{name} {n:,}" for name, n in empty.items() if n]:
                yield f"{table.file}: empty cells: {', '.join(missing)}"
            if table.label:
                others = [name for name in columns if name not in (table.label, table.image)]
                labels = [row[table.label] for row in rows]
                for line in suspicion.suspects({name: [row[name] for row in rows] for name in others}, labels):
                    yield f"{table.file}: {line}"


def _copies(digests: Sequence[bytes], labels: Any) -> tuple[int, int]:
    """How many are as another before them, and how many of these are of another class than it."""
    first: dict[bytes, int] = {}
    again = [(first[d], row) for row, d in enumerate(digests) if first.setdefault(d, row) != row]
    return len(again), sum(-1 < labels[one] != labels[other] > -1 for one, other in again)
