"""Archives that mean well and archives that do not."""

import hashlib
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from tutelage.data import fetching
from tutelage.errors import Mistake


def tar(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A tar.gz of a harmless file and a member of that name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for member in (tarfile.TarInfo("a/harmless"), tarfile.TarInfo(name)):
            if member.name == name:
                member.type, member.linkname = kind, link
            member.size = 4 if member.isfile() else 0
            archive.addfile(member, io.BytesIO(b"1234"))
    return packed.getvalue()


def zipped(name: str, mode: int = stat.S_IFREG | 0o644) -> bytes:
    """A zip of a harmless file and a member of that name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/harmless", b"1234")
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        archive.writestr(member, b"1234")
    return packed.getvalue()


def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: bytes) -> list[str]:
    """The files of a raw folder after a data set of that one archive was fetched into it."""
    (tmp_path / "mirror" / "set").mkdir(parents=True)
    (tmp_path / "mirror" / "set" / "all.archive").write_bytes(archive)
    monkeypatch.setenv("TUTELAGE_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("TUTELAGE_CACHE", str(tmp_path / "cache"))
    file = {
        "name": "all.archive",
        "address": "http://127.0.0.1:1/all.archive",
        "bytes": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
        "unpack": True,
    }
    said = {"title": "A set", "classes": [], "licence": "none", "citation": "none", "note": "none"}
    catalogue = tmp_path / "catalogue.yaml"
    catalogue.write_text(yaml.safe_dump({"set": {**said, "source": "download", "files": [file]}}))
    raw = tmp_path / "data" / "raw"
    fetching.fetch("set", raw, catalogue)
    return sorted(f.relative_to(raw).as_posix() for f in raw.rglob("*") if f.is_file())


@pytest.mark.parametrize("archive", [tar("b"), zipped("b")])
def test_an_archive_is_unpacked_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: bytes) -> None:
    assert fetch(tmp_path, monkeypatch, archive) == ["a/harmless", "b"]


@pytest.mark.parametrize(
    "archive",
    [
        tar("../outside"),
        tar("a/../../outside"),
        tar("/tmp/outside"),
        tar("..\\outside"),
        tar("link", tarfile.SYMTYPE, "../../outside"),
        tar("link", tarfile.SYMTYPE, "/etc/passwd"),
        tar("link", tarfile.LNKTYPE, "../../mirror/set/all.archive"),
        tar("pipe", tarfile.FIFOTYPE),
        zipped("../outside"),
        zipped("/tmp/outside"),
        zipped("C:\\outside"),
        zipped("link", stat.S_IFLNK | 0o777),
    ],
)
def test_an_archive_that_leads_outside_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: bytes
) -> None:
    with pytest.raises(Mistake, match=r"all\.archive (would write outside|holds a link or a device)") as raised:
        fetch(tmp_path, monkeypatch, archive)
    assert "\n" not in str(raised.value)
    assert list((tmp_path / "data").iterdir()) == []
    assert not list(tmp_path.rglob("outside*"))


@pytest.mark.parametrize("archive", [tar("b")[:-40], zipped("b")[:-40], b"no archive at all"])
def test_an_archive_that_is_not_whole_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: bytes) -> None:
    with pytest.raises(Mistake, match="no whole tar or zip archive"):
        fetch(tmp_path, monkeypatch, archive)
    assert list((tmp_path / "data").iterdir()) == []
