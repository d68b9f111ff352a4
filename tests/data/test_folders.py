"""Folders of a commit, by git and by archive, from a repository made here; nothing leaves this machine."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

from tutelage.data import fetching, folders
from tutelage.errors import Mistake

FILES = {  # git sorts a folder b as `b/`: after b-c, before b0
    "all data/b/one.txt": b"1\r\n2\r\n",
    "all data/b/deep/er/two.txt": b"",
    "all data/b-c": b"\0\xff",
    "all data/b0": b"b0",
    "other/é.txt": b"x",
    "left out/large.bin": b"?" * 1000,
}


def git(place: Path, *words: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    return subprocess.run(["git", *who, *words], cwd=place, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that lets itself be fetched in part, with a commit after the one that is wanted."""
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "TUTELAGE_MIRROR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TUTELAGE_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "origin"
    for name, content in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    git(place, "init", "-q")
    for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(place, "config", setting, "true")
    git(place, "add", ".")
    git(place, "commit", "-qm", "wanted")
    git(place, "tag", "wanted")
    (place / "other/later.txt").write_bytes(b"")
    git(place, "add", ".")
    git(place, "commit", "-qm", "later")
    git(place, "checkout", "-q", "wanted")
    return place


def fetch(origin: Path, **keys: object) -> dict[str, bytes]:
    """What lies in the raw folder after a data set of two of the repository's folders was fetched."""
    entry = {
        "title": "Two folders", "classes": [], "licence": "none", "citation": "none", "note": "none",
        "source": "git", "repository": origin.as_uri(), "commit": git(origin, "rev-parse", "wanted"),
        "folders": {name: git(origin, "rev-parse", f"wanted:{name}") for name in ("all data/b", "other")},
        "without": [], "archive": "two.tar.gz", "files": [],
    }  # fmt: skip
    catalogue, raw = origin.parent / "catalogue.yaml", origin.parent / "raw"
    catalogue.write_text(yaml.safe_dump({"two": entry | keys}))
    fetching.fetch("two", raw, catalogue)
    return {file.relative_to(raw).as_posix(): file.read_bytes() for file in raw.rglob("*") if file.is_file()}


def mistake(origin: Path, **keys: object) -> str:
    """The one line with which the fetch ends; it leaves no folder."""
    with pytest.raises(Mistake) as raised:
        fetch(origin, **keys)
    assert "\n" not in str(raised.value)
    assert not [path for path in origin.parent.iterdir() if "raw" in path.name]
    return str(raised.value)


def mirror(origin: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of what the archive is to hold; `tar` makes it."""
    monkeypatch.setenv("TUTELAGE_MIRROR", str(origin.parent / "mirror"))
    (origin.parent / "mirror/two").mkdir(parents=True)
    content = origin.parent / "content"
    for name in ("all data/b", "other"):
        shutil.copytree(origin / name, content / Path(name).name)
    return content


def tar(content: Path) -> Path:
    place = content.parent / "mirror/two/two.tar.gz"
    with tarfile.open(place, "w:gz") as archive:
        for path in content.iterdir():
            archive.add(path, path.name)
    return place


WANTED = {
    name.removeprefix("all data/"): content
    for name, content in FILES.items()
    if name.startswith(("all data/b/", "other/"))
}
NOWHERE = "file:///no/such/repository"


@pytest.mark.parametrize("name", ["all data", "all data/b", "other", "."])
def test_a_folder_has_the_id_that_git_gives_it(name: str, origin: Path) -> None:
    shutil.copytree(origin, origin.parent / "copy", ignore=shutil.ignore_patterns(".git"))
    assert folders.tree(origin.parent / "copy" / name) == git(origin, "rev-parse", f"wanted:{name}".removesuffix("."))


def test_folders_come_by_git_once_and_no_others(origin: Path) -> None:
    assert fetch(origin) == WANTED
    assert fetch(origin, repository=NOWHERE) == WANTED
    assert sorted(os.listdir(origin.parent / "cache/two")) == [".two.tar.gz.lock", "two.tar.gz"]


def test_a_mirror_s_archive_goes_before_git(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tar(mirror(origin, monkeypatch))
    assert fetch(origin, repository=NOWHERE) == WANTED
    assert not (origin.parent / "cache").exists()


def test_what_the_mirror_lacks_comes_by_git(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror(origin, monkeypatch)
    assert fetch(origin) == WANTED


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: (content / "b/deep/er/two.txt").write_bytes(b"!"), r"b has git's id [0-9a-f]{12}…, not "),
        (lambda content: (content / "b/three.txt").write_bytes(b""), r"b has git's id [0-9a-f]{12}…, not "),
        (lambda content: (content / "b/one.txt").rename(content / "b/uno.txt"), r"b has git's id [0-9a-f]{12}…, not "),
        (lambda content: (content / "other/é.txt").unlink(), r"other has git's id [0-9a-f]{12}…, not "),
        (lambda content: shutil.rmtree(content / "b"), r"holds no b, or should not"),
        (lambda content: (content / "c").write_bytes(b""), r"holds no c, or should not"),
    ],
)
def test_an_archive_of_other_bytes_is_named(
    damage: object, said: str, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = mirror(origin, monkeypatch)
    assert callable(damage)
    damage(content)
    place = tar(content)
    with pytest.raises(Mistake, match=said) as raised:
        fetch(origin)
    assert str(place) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not (origin.parent / "raw").exists()


def test_without_a_network_it_says_where_to_put_the_archive(origin: Path) -> None:
    said = mistake(origin, repository=NOWHERE)
    assert said.startswith(f"two.tar.gz of two from {NOWHERE}: git fetch: ")
    assert f"put it at {origin.parent / 'cache/two/two.tar.gz'}" in said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"commit": "0" * 40}, "git fetch: "),
        ({"folders": {"nowhere": "0" * 40}}, "commit [0-9a-f]{12}… has no folder nowhere"),
        (
            {"folders": {"other": "0" * 40}},
            "two.tar.gz: other has git's id [0-9a-f]{12}…, not 000000000000…; delete it",
        ),
        ({"folders": {"other": "abc"}}, r'two.folders.other = "abc"'),
        ({"folders": {"../other": "0" * 40}}, "../other leads out of the data set's folder"),
        ({"folders": {}}, "two.folders = {}"),
    ],
)
def test_a_mistake_in_the_entry_is_one_line(keys: dict[str, object], said: str, origin: Path) -> None:
    with pytest.raises(Mistake, match=said) as raised:
        fetch(origin, **keys)
    assert "\n" not in str(raised.value)


def test_where_there_is_no_git_it_is_said(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(origin))
    with pytest.raises(Mistake, match="git is not installed"):
        folders.pack(origin.as_uri(), "0" * 40, ["other"], [], origin.parent / "x.tar.gz")


def test_a_folder_inside_that_is_left_out_does_not_come_and_its_id_is_that_of_the_rest(origin: Path) -> None:
    shutil.copytree(origin / "all data/b", origin.parent / "rest")
    shutil.rmtree(origin.parent / "rest/deep")
    told = fetch(origin, folders={"all data/b": folders.tree(origin.parent / "rest")}, without=["all data/b/deep"])
    assert told == {"b/one.txt": FILES["all data/b/one.txt"]}
