"""The virtual environments in which a bench's peers are installed, once, in the user's cache."""

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

NO_CUDA = {"CUDAHOME": os.devnull}  # peers race on the processor, and a compiler for GPUs may be there and not work


def interpreter(pins: Path) -> Path:
    """Of the environment of the peers that a file pins, made where there is none yet.

    Pins after a line `# then:` are built with what the lines before it brought: they need it to be installed.
    """
    folder = user_cache_path("tutelage") / f"peers-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "installed").exists():
        print(f"installing the peers in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        first, _, then = pins.read_text(encoding="utf-8").partition("# then:")
        for text, how in ((first, []), (then, ["--no-build-isolation", "--no-cache-dir"])):
            names = [line for line in text.splitlines() if "==" in line]
            if names:
                command = [str(python), "-m", "pip", "install", "--quiet", *how, *names]
                subprocess.run(command, env=os.environ | NO_CUDA, check=True)
        (folder / "installed").touch()
    return python


def pinned(pins: Path) -> dict[str, str]:
    """Versions by package."""
    lines = pins.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def processor() -> str:
    """What it is called."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
