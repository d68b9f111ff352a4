"""Where the project's folder is, and the folder of downloaded data beside it."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
MIRROR = Path(os.environ.get("TUTELAGE_MIRROR") or ROOT.parent / "shared" / "data")
