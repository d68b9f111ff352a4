"""Where each data set comes from, as data/catalogue.yaml says it."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, Field, PositiveInt

from tutelage import params
from tutelage.errors import Mistake
from tutelage.params import Block

FILE = Path("data/catalogue.yaml")

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
"""What git calls a commit or a folder."""
F = TypeVar("F", bound=tuple["File", ...])


def _inside(name: str) -> str:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name} leads out of the data set's folder")
    return name


Inside = Annotated[Text, AfterValidator(_inside)]


def _some(files: F) -> F:
    if not files:
        raise ValueError("names no file")
    return files


class File(Block):
    """One file of a data set and what its bytes must be."""

    name: Inside  # in the raw folder, the cache, a mirror; may lie in sub-folders
    bytes: PositiveInt
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    def fault(self, path: Path) -> str:
        """What is wrong with the bytes at path; nothing where they are this file's."""
        size = path.stat().st_size
        if size != self.bytes:
            return f"is {size:,} bytes, not {self.bytes:,}"
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return "" if found == self.sha256 else f"has sha256 {found[:12]}…, not {self.sha256[:12]}…"


class PackageFile(File):
    """A file inside an installed package."""

    path: Text  # from the package's folder


class DownloadFile(File):
    """A file at an address."""

    address: Annotated[str, Field(pattern=r"^https?://")]
    unpack: bool  # an archive, of which the raw folder gets what is in it


class DataSet(Block):
    """What is known of a data set wherever it comes from."""

    title: Text
    classes: tuple[Text, ...]  # label 0 is the first; none where examples have no classes, or their files name them
    licence: Text
    citation: Text
    note: Text  # what surprises in it


class PackageSet(DataSet):
    """A data set that ships inside a dependency and needs no network."""

    source: Literal["package"]
    package: Annotated[str, Field(pattern=r"^\w+$")]
    files: Annotated[tuple[PackageFile, ...], AfterValidator(_some)]


class DownloadSet(DataSet):
    """A data set that is fetched by address."""

    source: Literal["download"]
    files: Annotated[tuple[DownloadFile, ...], AfterValidator(_some)]


class GitSet(DataSet):
    """A data set of folders of one commit, and of files fetched by address."""

    source: Literal["git"]
    repository: Annotated[str, Field(pattern=r"^\w+://")]
    commit: Id
    folders: Annotated[dict[Inside, Id], Field(min_length=1)]  # path: its tree, less what it is without
    without: tuple[Inside, ...]  # folders in these that are left out
    archive: Inside  # a tar of these folders, each by its last name, in the cache or a mirror
    files: tuple[DownloadFile, ...]


def find(name: str, path: Path = FILE) -> PackageSet | DownloadSet | GitSet:
    """The data set of that name. Raises Mistake where there is none, or where its entry is not whole."""
    sets = _load(path)
    if name not in sets:
        known = ", ".join(sorted(sets))
        raise Mistake(f"there is no data set {name}{params.nearest(name, sets)}; {path} has {known}")
    source = sets[name].get("source") if isinstance(sets[name], dict) else None
    if source == "package":
        return params.parse(PackageSet, name, sets, path)
    if source == "download":
        return params.parse(DownloadSet, name, sets, path)
    if source == "git":
        return params.parse(GitSet, name, sets, path)
    raise Mistake(f"{path}: {name}.source is {source}; write package, download or git")


def _load(path: Path) -> dict[str, Any]:
    try:
        sets = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; take the one in git") from None
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Mistake(f"{path}{place}: not YAML ({getattr(error, 'problem', None) or error}); mend that line") from None
    if not isinstance(sets, dict):
        raise Mistake(f"{path} holds no data sets; see the one in git")
    return {str(name): entry for name, entry in sets.items()}
