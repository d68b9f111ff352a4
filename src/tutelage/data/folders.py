"""Folders of a commit: brought by git, and known by the ids that git gives them."""

import hashlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from tutelage.errors import Mistake


def tree(folder: Path) -> str:
    """Git's id of a folder of plain files: equal where every name and byte in it, at any depth, is equal.

    Chacon and Straub, "Pro Git", 10.2. No file counts as executable.
    """
    return _tree(folder).hex()


def pack(repository: str, commit: str, paths: Collection[str], without: Collection[str], archive: Path) -> None:
    """Leaves folders of a commit in a tar archive, each under its own name without those above it.

    What it is `without` are folders in these.

    Asks for no other commit and for no other folder's files. Raises Mistake with git's reason where it cannot.
    """
    with tempfile.TemporaryDirectory(dir=archive.parent) as name:
        place = Path(name)
        _git(place, "init", "-q")
        _git(place, "remote", "add", "origin", repository)
        _git(place, "config", "core.sparseCheckout", "true")
        _git(place, "config", "core.autocrlf", "false")
        (place / ".git/info").mkdir(exist_ok=True)
        patterns = [f"/{path}/\n" for path in paths] + [f"!/{path}/\n" for path in without]
        (place / ".git/info/sparse-checkout").write_text("".join(patterns), encoding="utf-8")
        _git(place, "fetch", "-q", "--depth", "1", "--filter=blob:none", "origin", commit)
        _git(place, "checkout", "-q", commit)
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
            for path in paths:
                if not (place / path).is_dir():
                    raise Mistake(f"commit {commit[:12]}… has no folder {path}")
                tar.add(place / path, PurePosixPath(path).name)


def _tree(folder: Path) -> bytes:
    entries = {}
    for path in folder.iterdir():
        name = path.name.encode()
        if path.is_dir():
            entries[name + b"/"] = b"40000 " + name + b"\0" + _tree(path)  # in the order of names, as if with the slash
        else:
            entries[name] = b"100644 " + name + b"\0" + _id(b"blob", path.read_bytes())
    return _id(b"tree", b"".join(entries[name] for name in sorted(entries)))


def _id(kind: bytes, content: bytes) -> bytes:
    return hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content).digest()


def _git(place: Path, *words: str) -> None:
    # Not of a repository that a hook runs in, never asking for a password, and no longer than 30 s without a byte.
    own = {key: value for key, value in os.environ.items() if key not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    patience = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30")
    try:
        subprocess.run(
            ["git", *patience, *words],
            cwd=place, env=own | {"GIT_TERMINAL_PROMPT": "0"}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except FileNotFoundError:
        raise Mistake("git is not installed") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        raise Mistake(f"git {words[0]}: {said[-1] if said else f'ended with {error.returncode}'}") from None
