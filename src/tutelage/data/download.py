"""The bytes at an address, gone on with where an earlier try stopped."""

import time
from pathlib import Path
from typing import Never

import requests
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from tutelage.errors import Mistake

PAUSES = (0.1, 0.4, 1.6)  # seconds before the second, third and last try; the next run goes on from there
TIMEOUT = (10, 30)  # seconds until a connection stands, and between two pieces of it


def download(address: str, part: Path, size: int) -> None:
    """Fills `part` up to `size` bytes. Raises Mistake with the reason, and keeps what it has, where it cannot."""
    reason = ""
    for pause in (0, *PAUSES):
        time.sleep(pause)
        try:
            if (reason := _go_on(address, part, size)) == "":
                return
        except (requests.RequestException, HTTPError) as error:
            reason = _in_words(error)
    have = _bytes(part)
    raise Mistake(f"{reason}; {have:,} of {size:,} bytes came, the next run goes on from there" if have else reason)


def _go_on(address: str, part: Path, size: int) -> str:
    """One request for what is missing; why it is still missing, or nothing."""
    have = _bytes(part)
    if have == size:
        return ""
    if have > size:
        part.unlink()
        have = 0
    wanted = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(address, headers=wanted, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == 416 or (answer.status_code == 206 and _start(answer) != have):
            part.unlink(missing_ok=True)  # it belongs to other bytes than those at the address
            return "the server does not know the place where the download stopped"
        if answer.status_code >= 500:
            return f"the server answers {answer.status_code} {answer.reason}"
        if answer.status_code not in (200, 206):
            raise Mistake(f"the server answers {answer.status_code} {answer.reason}")
        if answer.status_code == 200:  # all of it, asked for or not
            have = 0
        with part.open("ab" if have else "wb") as file, _bar(part, have, size) as bar:
            # Raw, because the bytes of a .gz are wanted and not what is in them.
            for piece in answer.raw.stream(1 << 16, decode_content=False):
                have += file.write(piece)
                bar.update(len(piece))
                if have > size:  # the caller sees by its size that this is another file
                    return ""
    return "" if have == size else "the connection was cut"


def _bar(part: Path, have: int, size: int) -> "tqdm[Never]":
    return tqdm(desc=part.stem, initial=have, total=size, unit="B", unit_scale=True, disable=None)  # only on a terminal


def _bytes(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _start(answer: requests.Response) -> int:
    """The first byte of a partial answer, −1 where it does not say."""
    said = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(said) if said.isdigit() else -1


def _in_words(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "the server keeps silent"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection to the server"
    if isinstance(error, HTTPError):
        return "the connection was cut"
    return f"{type(error).__name__}: {error}".splitlines()[0]
