"""A project as DVC leaves it, small and made by hand: dvc.yaml, dvc.lock, reports, models, a spool with times."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import yaml

ARMS, SEEDS, LEVELS = ("frozen", "scratch"), (0, 1), (1, 10)
START = 1_700_000_000.0  # seconds; each stage a minute after the one before
STAGES: dict[str, list[str]] = {"prepare": [], "pretrain": ["params"], "exam_pretrain": [], "transfer": ["params"]}
COLUMNS = ("arm", "data", "protocol", "metric", "at", "level", "with", "with_level", "seed", "value")


class Project:
    """Writes what stages would leave in the folder it is in; the folder is the working folder."""

    def __init__(self, fresh: Path) -> None:
        self.fresh = fresh  # a database that holds nothing
        self.spool = Path(".dvc/tmp/tutelage/spool")
        self.spool.mkdir(parents=True)
        self.params: dict[str, Any] = {"learning_rate": 0.003, "steps": 200}
        outs = {stage: {"cmd": f"python stages/{stage}.py", "outs": list(self.outs(stage))} for stage in STAGES}
        Path("dvc.yaml").write_text(yaml.safe_dump({"stages": outs | {"track": {"cmd": "sync"}}}))

    def forget_database(self) -> None:
        """Loses it, artifacts too; a new one stands there, made elsewhere to be quick."""
        for path in Path().glob("mlflow.db*"):
            path.unlink()
        shutil.rmtree("mlruns", ignore_errors=True)
        shutil.copy(self.fresh, "mlflow.db")

    @staticmethod
    def outs(stage: str) -> list[str]:
        left = {"prepare": ["data/prepared/images"], "exam_pretrain": ["reports/stages/exam_pretrain/scores.json"]}
        trained = [f"models/{stage}", f"reports/history/{stage}.csv", f"reports/stages/{stage}/scores.json"]
        return left.get(stage, trained)

    def run(self, *stages: str, shift: float = 0.0, spooled: bool = True) -> None:
        """Runs the stages, or all, to the end: their files, their entries of dvc.lock, what they said."""
        for stage in stages or STAGES:
            self.leave(stage, shift)
            self.vouch(stage)
            if spooled:
                self.say(stage, shift=shift)

    def leave(self, stage: str, shift: float = 0.0) -> None:
        if stage == "prepare":
            write("data/prepared/images/train.npy", "arrays")
            return
        if stage == "exam_pretrain":
            rows = [
                [arm, "mnist", "direct", "accuracy", "", "", "", "", str(seed), 0.9 + seed / 100 + shift]
                for arm in ARMS
                for seed in SEEDS
            ]
        elif stage == "pretrain":
            rows = [[arm, "mnist", "", "weights", "", "", "", "", "", 500.0] for arm in ARMS]
        else:
            rows = [
                [arm, "digits", "linear", "accuracy", "labels_per_class", str(m), "target", to, str(s), m / 20 + s / 99]
                for arm in ARMS
                for s in SEEDS
                for m in LEVELS
                for to in ("near", "far")
            ]
        scores = json.dumps({"columns": COLUMNS, "rows": rows})
        write(f"reports/stages/{stage}/scores.json", scores)
        if stage != "exam_pretrain":
            lines = [f"{arm},{s},{step},{loss:.6g}\n" for arm, s, step, loss in losses(shift)]
            write(f"reports/history/{stage}.csv", "arm,seed,step,train/loss\n" + "".join(lines))
            write(f"models/{stage}/about.json", json.dumps({"shift": shift}))

    def vouch(self, stage: str) -> None:
        """DVC's entry, written after the stage has ended."""
        path = Path("dvc.lock")
        lock: Any = yaml.safe_load(path.read_text()) if path.exists() else {"schema": "2.0", "stages": {}}
        deps = {"prepare": [], "exam_pretrain": ["models/pretrain"]}.get(stage, ["data/prepared/images"])
        entry: dict[str, Any] = {"cmd": f"python stages/{stage}.py", "deps": [_vouched(d) for d in deps]}
        if "params" in STAGES[stage]:
            entry["params"] = {"params.yaml": {stage: dict(self.params), "compute": {"threads": 2}}}
        lock["stages"][stage] = entry | {"outs": [_vouched(out) for out in self.outs(stage)]}
        path.write_text(yaml.safe_dump(lock))

    def say(self, stage: str, *, shift: float = 0.0, end: str | None = "finished", pid: int | None = None) -> Path:
        """What one execution said: from start to end, or so far where it has none."""
        began = START + 60 * len(list(self.spool.iterdir()))
        lines: list[dict[str, Any]] = [
            {"event": "start", "time": began, "stage": stage, "pid": pid or os.getpid(), "commit": "c0ffee"}
            | {"dirty": False, "experiment": "brave-owl"}
        ]
        if stage in ("pretrain", "transfer"):
            lines += [
                {"event": "log", "time": began + step, "arm": arm, "seed": s, "step": step}
                | {"metrics": {"train/loss": loss}}
                for arm, s, step, loss in losses(shift)
            ]
        if end:
            left = {o: digest(Path(o)) for o in self.outs(stage) if Path(o).is_file() and end == "finished"}
            message = "" if end == "finished" else "params.yaml: steps = 0: should be greater than 0"
            lines += [
                {"event": "end", "time": began + 30, "status": end, "message": message, "seconds": 30.0, "outs": left}
            ]
        path = self.spool / f"{int(began)}-{stage}-7.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path


def losses(shift: float) -> list[tuple[str, int, int, float]]:
    return [(arm, s, step, 1 / (3 * step + s) + shift) for arm in ARMS for s in SEEDS for step in (10, 20)]


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def digest(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _vouched(path: str) -> dict[str, str]:
    if not Path(path).is_dir():
        return {"path": path, "md5": digest(Path(path))}
    listed = [{"md5": digest(f), "relpath": f.name} for f in sorted(Path(path).iterdir())]
    return {"path": path, "md5": hashlib.md5(json.dumps(listed).encode(), usedforsecurity=False).hexdigest() + ".dir"}
