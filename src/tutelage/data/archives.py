"""Archives, unpacked without leaving their folder."""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from tutelage.errors import Mistake


def unpack(archive: Path, folder: Path) -> None:
    """Leaves an archive's files in the folder; one that points outside is refused before anything is written."""
    try:
        if tarfile.is_tarfile(archive):
            _untar(archive, folder)
        else:
            _unzip(archive, folder)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise Mistake(f"{archive} is no whole tar or zip archive ({error}); mend its entry in the catalogue") from None


def _untar(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        _refuse(archive, ((m.name, m.isfile() or m.isdir()) for m in tar))
        tar.extractall(folder, filter="data")


def _unzip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        _refuse(archive, ((m.filename, stat.S_IFMT(m.external_attr >> 16) in _PLAIN) for m in packed.infolist()))
        packed.extractall(folder)


_PLAIN = (0, stat.S_IFREG, stat.S_IFDIR)  # 0 where the zip was made by a system without file modes


def _refuse(archive: Path, members: Iterable[tuple[str, bool]]) -> None:
    """Only files and folders inside the folder: no data set needs a link, and links are how an archive gets out."""
    for name, plain in members:
        path = PureWindowsPath(name)  # which knows both kinds of slash, and drives
        if path.anchor or ".." in path.parts:
            raise Mistake(f"{archive} would write outside its folder ({name}); do not trust it")
        if not plain:
            raise Mistake(f"{archive} holds a link or a device ({name}), which may lead outside its folder; repack it")
