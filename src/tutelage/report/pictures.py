"""Pictures that stages left, inside the page."""

import base64
from pathlib import Path

from markupsafe import Markup

from tutelage.report.records import Records


def png(records: Records, path: Path, told: str) -> Markup:
    """One that `told` says to who cannot see it."""
    data = base64.b64encode(records.picture(path)).decode()
    return Markup('<img class="pixels" alt="{}" src="data:image/png;base64,{}">').format(told, data)


def moving(records: Records, path: Path, still: Path, told: str) -> Markup:
    """An animated one; of who asks for less motion the one that stands still is seen."""
    webp, first = (base64.b64encode(records.picture(one)).decode() for one in (path, still))
    return Markup(
        '<picture><source media="(prefers-reduced-motion: reduce)" srcset="data:image/png;base64,{}">'
        '<img class="pixels" alt="{}" src="data:image/webp;base64,{}"></picture>'
    ).format(first, told, webp)
