"""What MLflow should hold of the stages that taught, and of a whole reproduction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, cycle
from pathlib import Path

from tutelage.learned import models
from tutelage.learned.models import Kept
from tutelage.tracking import metrics
from tutelage.tracking.metrics import Point
from tutelage.tracking.plan import EXAM, PIPELINE, Run, child, surroundings
from tutelage.tracking.records import Lock, Record
from tutelage.tracking.spool import Execution

COLOURS = ("#1f77b4", "#d62728", "#7f7f7f", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#17becf")  # of a stage's ways
HEADLINES = ("accuracy", "mse", "sse", "frechet")  # of a reproduction
PAGES = (Path("reports/index.html"), Path("reports/scores.csv"))


@dataclass(frozen=True)
class Taught:
    """All that is known of one stage that taught: its record, its exam's, and what both said as they ran."""

    lock: Lock
    record: Record
    execution: Execution | None
    exam: Record | None
    examination: Execution | None

    @property
    def parts(self) -> set[str]:
        """What there is to add, each once: files by path, the exam by its uid, the reproduction's name."""
        if self.record.scores_file not in self.record.here:
            return set()
        examined = self.exam is not None and self.exam.scores_file in self.exam.here
        told = [f"exam {self.uid[-8:]}"] if examined else []
        return {*self.record.here, *told, *([f"model {self.uid[-8:]}"] if self.best else []), *self._named}

    @property
    def _named(self) -> list[str]:
        return ["pipeline"] if self.lock.pipeline else []

    @property
    def uid(self) -> str:
        """Of the teaching and its exam together."""
        return f"{self.record.uid}-{self.exam.uid[:8]}" if self.exam else self.record.uid

    @property
    def registered(self) -> str:
        """Its name in the model registry, where an @ would begin an alias."""
        return self.record.stage.replace("@", "-")

    @cached_property
    def best(self) -> Kept | None:
        """Of the models that it left, if they lie here and were examined, the one that is best on validation."""
        if self.exam is None or self.exam.scores_file not in self.exam.here:
            return None
        kept = [one for out in self.record.here if out.startswith("models/") for one in models.kept(Path(out))]
        return models.best(kept, Path(self.exam.scores_file)) if kept else None

    @cached_property
    def _scores(self) -> list[Point]:
        return metrics.of_scores(self.record.scores(), self.execution.ended if self.execution else None)

    @cached_property
    def _examined(self) -> list[Point]:
        if self.exam is None or self.exam.scores_file not in self.exam.here:
            return []
        return metrics.of_scores(self.exam.scores(), self.examination.ended if self.examination else None)

    def _points(self, parts: set[str]) -> list[Point]:
        points = self._scores if self.record.scores_file in parts else []
        if self.record.history_file in parts:
            logs = self.execution.logs() if self.execution else []
            points = points + metrics.of_history(self.record.history(), logs)
        return points + (self._examined if any(part.startswith("exam ") for part in parts) else [])

    def parent(self, parts: set[str]) -> Run:
        """The stage's execution, with means over seeds."""
        kind, _, variant = self.record.stage.partition("@")
        named = (p._replace(name=metrics.clean(f"{p.name}/{p.arm}")) for p in self._points(parts))
        points = metrics.over_seeds(named)
        if self.record.scores_file in parts and self.execution and self.execution.end:
            ended, seconds = self.execution.ended, float(self.execution.end["seconds"])
            points = chain(points, [Point("", "", "cost/seconds", 0, seconds, ended)])
        return Run(
            self.record.uid,
            self.record.uid,
            kind,
            f"{variant} {self.lock.pipeline or kind}".strip() if {self.record.scores_file, "pipeline"} & parts else "",
            self._tags() | surroundings(self.execution),
            list(points),
            self.record.params if self.record.scores_file in parts else {},
            [(Path(out), _folder(out, self.record)) for out in sorted(parts) if out in self.record.outs],
            self.execution.began if self.execution else None,
            self.execution.ended if self.execution else None,
        )

    def children(self, parts: set[str]) -> Iterator[Run]:
        """An arm × seed each, with every value of its own and its arm's costs."""
        points = self._points(parts)
        seeded = {(p.arm, p.seed) for p in [*self._scores, *self._examined, *points] if p.seed}
        for arm, seed in sorted(seeded):
            own = [p for p in points if p.arm == arm and p.seed in (seed, "")]
            if own:
                yield child(self.record.uid, self.record.stage, arm, seed, own, self._tags())

    def ways(self, parts: set[str]) -> Iterator[Run]:
        """The arms as ways of teaching, means over seeds, each a run of the experiment that compares them all."""
        scores = [*self._scores, *self._examined]
        new = any(part == self.record.scores_file or part.startswith("exam ") for part in parts)
        arms = sorted({p.arm for p in scores if p.name.startswith("test/")})
        for arm, colour in zip(arms, cycle(COLOURS), strict=False):
            yield Run(
                f"{self.uid}/{arm}",
                self.record.uid,
                EXAM,
                f"{self.record.stage} {arm}",
                self._tags() | {"arm": arm, "mlflow.runColor": colour} | surroundings(self.execution),
                [p for p in metrics.over_seeds(scores) if p.arm == arm] if new else [],
                self.record.params if new else {},
                began=self.execution.began if self.execution else None,
                ended=self.execution.ended if self.execution else None,
            )

    def headlines(self) -> Iterator[Point]:
        """Each way's means of the metrics that a reproduction is known by."""
        for point in metrics.over_seeds([*self._scores, *self._examined]):
            if point.name.startswith("test/") and point.name.split("/")[1] in HEADLINES:
                yield point._replace(name=metrics.clean(f"{point.name}/{self.record.stage} {point.arm}"))

    def _tags(self) -> dict[str, str]:
        told = {"stage": self.record.stage, "pipeline": self.lock.pipeline, "data": self.record.data}
        return {name: value for name, value in told.items() if value}


def reproduction(lock: Lock, taught: Iterable[Taught]) -> Run:
    """A whole dvc.lock: all params, each way's headlines, the page and the table."""
    taught = list(taught)
    known = [t.execution for t in taught if t.execution]
    latest = max(known, key=lambda execution: execution.began, default=None)
    return Run(
        lock.pipeline,
        lock.pipeline,
        PIPELINE,
        lock.pipeline,
        {"pipeline": lock.pipeline} | surroundings(latest),
        [point for t in taught for point in t.headlines()],
        {name: value for record in lock.records.values() for name, value in record.params.items()},
        [(page, "") for page in PAGES if page.is_file()],
        min((execution.began for execution in known), default=None),
        max((execution.ended or 0 for execution in known), default=None),
    )


def _folder(out: str, record: Record) -> str:
    """Models in `models`, figures in `figures`, single files at the top."""
    path = Path(out)
    return ("models" if out.startswith("models/") else path.name) if path.is_dir() else ""
