"""Brings a data set's files into a folder, from the nearest place that has them, verified."""

import importlib.util
import os
import shutil
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from tutelage.data import archives, catalogue
from tutelage.data.catalogue import DownloadFile, PackageFile, PackageSet
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
    mirror = os.environ.get("TUTELAGE_MIRROR")
    if mirror:
        if not Path(mirror).is_dir():
            raise Mistake(f"TUTELAGE_MIRROR names {mirror}, which is no folder; correct it or unset it")
        mirrored = Path(mirror) / name / file.name
        if mirrored.is_file():
            if fault := file.fault(mirrored):
                raise Mistake(f"{mirrored} {fault}; delete it from the mirror or replace it")
            return mirrored
    try:
        _download(file, cached)
    except Mistake as mistake:
        asked = f"the mirror {mirror} was asked and has no {name}/{file.name}; " if mirror else ""
        place = f"put it at {cached}" + ("" if mirror else ", or name a folder with it in TUTELAGE_MIRROR")
        raise Mistake(f"{file.name} of {name} from {file.address}: {mistake}; {asked}try again, or {place}") from None
    return cached


def _download(file: DownloadFile, cached: Path) -> None:
    from tutelage.data.download import download  # here, because package sets must not wait for requests

    part = cached.with_name(f"{cached.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(cached.with_name(f".{cached.name}.lock")):  # two writers of one .part would leave neither's bytes
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
