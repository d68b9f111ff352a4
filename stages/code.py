"""Lists for each script what code it stands on: DVC, which knows nothing of imports, compares the lists."""

from pathlib import Path

from tutelage import closure, runs

with runs.stage("code"):
    for script in sorted(Path("stages").glob("*.py")):
        runs.write(Path("reports/code") / f"{script.stem}.txt", closure.listing(script))
