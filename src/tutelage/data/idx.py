"""IDX files, the format of MNIST: a magic number, the sizes, the bytes. LeCun, 1998."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tutelage.errors import Mistake

UNSIGNED_BYTE = 8


def read(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array in a gzipped IDX file of bytes. Raises Mistake where it is not whole or has other dimensions."""
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Mistake(f"{path} is no whole gzip file ({error}); delete it and fetch it again") from None
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    start = 4 + 4 * dimensions
    if content[:4] != magic or len(content) < start:
        problem = f"starts with {content[:4].hex()} and not {magic.hex()}" if content[:4] != magic else "has no sizes"
        raise Mistake(f"{path} is no IDX file of {dimensions} dimensions: it {problem}; delete it and fetch it again")
    sizes = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    if len(content) - start != math.prod(sizes):
        said = f"{'×'.join(map(str, sizes))} = {math.prod(sizes):,} bytes"
        raise Mistake(f"{path} holds {len(content) - start:,} and not {said}; delete it and fetch it again")
    return np.frombuffer(content, np.uint8, offset=start).reshape(sizes)
