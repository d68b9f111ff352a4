"""Brings a data set's files into a folder, from the nearest place that has them, verified."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from filelock import FileLock
from platformdirs import user_cache_dir

from tutelage.data import archives, catalogue, folders
from tutelage.data.catalogue import DownloadFile, GitSet, PackageFile, PackageSet
from tutelage.errors import Mistake


def fetch(name: str, folder: Path, path: Path = catalogue.FILE) -> None:
    """Leaves the files of that data set, and no others, in the folder: all of them or none.

    Raises Mistake where a file can be had nowhere or is not the one the catalogue describes.
    """
    wanted = catalogue.find(name, path)
    aside = folder.with_name(f".{folder.name}.partly")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        if isinstance(wanted, PackageSet):
            for file in wanted.files:
                _copy(_shipped(wanted.package, file), aside / file.name)
        else:
            if isinstance(wanted, GitSet):
                _unpack(_packed(name, wanted), wanted, aside)
            for download in wanted.files:
                found = _found(name, download)
                if download.unpack:
                    archives.unpack(found, aside)
                else:
                    _copy(found, aside / download.name)
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def cache() -> Path:
    """Where downloads of all projects lie: TUTELAGE_CACHE, or the system's place for caches."""
    return Path(os.environ.get("TUTELAGE_CACHE") or user_cache_dir("tutelage"))


def _shipped(package: str, file: PackageFile) -> Path:
    """A package's own file, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Mistake(f"{file.name} ships in the package {package}, which is not installed; install the project again")
    path = Path(spec.submodule_search_locations[0]) / file.path
    if not path.is_file():
        raise Mistake(f"{path} is missing; install another version of {package}, see pyproject.toml")
    if fault := file.fault(path):
        raise Mistake(f"{path} {fault}; install another version of {package}, see pyproject.toml")
    return path


def _found(name: str, file: DownloadFile) -> Path:
    """A verified copy of the file: in the cache, else in the mirror, else fetched into the cache."""
    cached = cache() / name / file.name
    if cached.is_file() and not file.fault(cached):
        return cached
    if mirrored := _mirrored(name, file.name):
        if fault := file.fault(mirrored):
            raise Mistake(f"{mirrored} {fault}; delete it from the mirror or replace it")
        return mirrored
    with _told(name, file.name, file.address):
        _download(file, cached)
    return cached


def _packed(name: str, wanted: GitSet) -> Path:
    """An archive of the data set's folders: in the cache, else in the mirror, else made by git in the cache."""
    cached = cache() / name / wanted.archive
    if cached.is_file():
        return cached
    if mirrored := _mirrored(name, wanted.archive):
        return mirrored
    with _told(name, wanted.archive, wanted.repository), _writing(cached) as part:
        if not cached.is_file():
            folders.pack(wanted.repository, wanted.commit, wanted.folders, wanted.without, part)
            part.rename(cached)
    return cached


def _unpack(archive: Path, wanted: GitSet, folder: Path) -> None:
    """Leaves in the folder, as yet empty, what the archive holds: the data set's folders and nothing else."""
    archives.unpack(archive, folder)
    trees = {PurePosixPath(path).name: tree for path, tree in wanted.folders.items()}
    if names := {path.name for path in folder.iterdir()} ^ set(trees):
        raise Mistake(f"{archive} holds no {min(names)}, or should not; delete it or replace it")
    for name, tree in trees.items():
        if (found := folders.tree(folder / name)) != tree:
            raise Mistake(f"{archive}: {name} has git's id {found[:12]}…, not {tree[:12]}…; delete it or replace it")


def _mirrored(name: str, file: str) -> Path | None:
    """The file in the mirror, where there is a mirror and it has it."""
    mirror = os.environ.get("TUTELAGE_MIRROR")
    if mirror and not Path(mirror).is_dir():
        raise Mistake(f"TUTELAGE_MIRROR names {mirror}, which is no folder; correct it or unset it")
    mirrored = Path(mirror or "") / name / file
    return mirrored if mirror and mirrored.is_file() else None


@contextmanager
def _told(name: str, file: str, address: str) -> Iterator[None]:
    """Says of what the network did not bring where else it was sought, and where it may be put."""
    try:
        yield
    except Mistake as mistake:
        mirror = os.environ.get("TUTELAGE_MIRROR")
        asked = f"the mirror {mirror} was asked and has no {name}/{file}; " if mirror else ""
        place = f"put it at {cache() / name / file}" + (
            "" if mirror else ", or name a folder with it in TUTELAGE_MIRROR"
        )
        raise Mistake(f"{file} of {name} from {address}: {mistake}; {asked}try again, or {place}") from None


@contextmanager
def _writing(cached: Path) -> Iterator[Path]:
    """Where to write a file of the cache; two writers at once would leave neither's bytes."""
    cached.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(cached.with_name(f".{cached.name}.lock")):
        yield cached.with_name(f"{cached.name}.part")


def _download(file: DownloadFile, cached: Path) -> None:
    from tutelage.data.download import download  # here, because package sets must not wait for requests

    with _writing(cached) as part:
        if cached.is_file() and not file.fault(cached):  # another stage or project was quicker
            return
        download(file.address, part, file.bytes)
        if fault := file.fault(part):
            part.unlink()
            raise Mistake(f"what came {fault}, and was deleted")
        part.rename(cached)


def _copy(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)
