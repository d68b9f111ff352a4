"""MLflow itself: what a store holds, and adding to it. To be imported after environment.settle()."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mlflow import MlflowClient
from mlflow.entities import Experiment, Metric, Param, RunTag, ViewType
from mlflow.entities import Run as Found

from tutelage.tracking.metrics import clean
from tutelage.tracking.plan import EXAM, PIPELINE, Run

UID, GROUP, HAS, SPOOL = "tutelage.uid", "tutelage.group", "tutelage.has", "tutelage.spool"
PARENT, NOTE = "mlflow.parentRunId", "mlflow.note.content"
TRAINING = {"mlflow.experimentKind": "custom_model_development"}  # the pages for training open, not those for agents
METRICS, PARAMS = 1000, 100  # that one request may carry
ABOUT = {
    EXAM: "A run is a way of teaching: its test metrics are means over seeds, with 95 % intervals in uncertainty/…; "
    "the step is the swept level, such as the labels of a class.",
    PIPELINE: "A run is a whole reproduction: all params, the headlines of every way of teaching, the report.",
}
T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """A run that the store has."""

    id: str
    name: str
    began: int
    running: bool
    deleted: bool
    has: frozenset[str]  # the parts that were added whole
    spool: str


class Store:
    """One tracking store. What a user deleted in it stays deleted."""

    def __init__(self, uri: str, artifacts: Path | None) -> None:
        self.client = MlflowClient(uri)
        self.artifacts = artifacts  # where a new experiment puts its artifacts; None leaves it to the server
        found = self.client.search_experiments(view_type=ViewType.ALL)
        self.experiments: dict[str, Experiment] = {experiment.name: experiment for experiment in found}

    def group(self, uid: str) -> dict[str, Held]:
        """The run of that uid and all that came with it, by uid."""
        return {run.data.tags[UID]: _held(run) for run in self._search(f"tags.`{GROUP}` = '{uid}'")}

    def executions(self) -> dict[str, Held]:
        """The runs known from the spool alone so far, by its name: running, failed, killed."""
        found: dict[str, Held] = {}
        for status in ("RUNNING", "FAILED", "KILLED"):
            for run in self._search(f"tags.`{SPOOL}` != '' AND attributes.status = '{status}'"):
                found[run.data.tags[SPOOL]] = _held(run)
        return found

    def put(self, run: Run, held: Held | None, parent: Held | None = None) -> Held | None:
        """Adds the run, or to it; twice is once. A run with a parent, or that has one, is ended by what it says."""
        experiment = self._experiment(run.experiment)
        if (held and held.deleted) or experiment is None:
            return None
        tags = {**run.tags, UID: run.uid, GROUP: run.group} | ({PARENT: parent.id} if parent else {})
        if held is None:
            began = run.began or int(time.time() * 1000)
            info = self.client.create_run(experiment, began, tags, run.name).info
            held, tags = Held(info.run_id, run.name, began, True, False, frozenset(), tags.get(SPOOL, "")), {}
        else:
            if run.name not in ("", held.name):
                self.client.update_run(held.id, name=run.name)
        # A time that is the same at every attempt makes a value said twice one value.
        values = [Metric(p.name, p.value, p.time or run.began or held.began, p.step) for p in run.points]
        params = [Param(clean(name), value[:6000]) for name, value in run.params.items()]
        labels = [RunTag(name, value) for name, value in tags.items()]
        for few in _blocks(params, PARAMS):
            self.client.log_batch(held.id, params=few)
        for many in _blocks(values, METRICS):
            self.client.log_batch(held.id, metrics=many)
        if labels:
            self.client.log_batch(held.id, tags=labels)
        for path, folder in run.files:
            add = self.client.log_artifacts if path.is_dir() else self.client.log_artifact
            add(held.id, str(path), folder or None)
        return held

    def settle(self, held: Held, has: set[str], run: Run) -> None:
        """Notes what the run now holds, and that it has ended if it has: the last thing said of it."""
        if has and has != held.has:
            self.client.set_tag(held.id, HAS, ", ".join(sorted(has)))
        if held.running and run.status != "RUNNING":
            self.client.set_terminated(held.id, run.status, run.ended or held.began)

    def delete(self, held: Held) -> None:
        """Hides a run and what came with it."""
        for run in self._search(f"tags.`{PARENT}` = '{held.id}'"):
            self.client.delete_run(run.info.run_id)
        self.client.delete_run(held.id)

    def close(self) -> None:
        """Lets go of the database's file, so that nothing of this process touches it any more."""
        dispose = getattr(self.client._tracking_client.store, "_dispose_engine", None)
        if dispose:
            dispose()

    def _experiment(self, name: str) -> str | None:
        """Its id, made where there is none; None where the user deleted it."""
        if name not in self.experiments:
            place = None if self.artifacts is None else f"{self.artifacts.as_uri()}/{name}"
            tags = TRAINING | ({NOTE: ABOUT[name]} if name in ABOUT else {})
            made = self.client.create_experiment(name, place, tags)
            self.experiments[name] = self.client.get_experiment(made)
        experiment = self.experiments[name]
        return experiment.experiment_id if experiment.lifecycle_stage == "active" else None

    def _search(self, which: str) -> Iterator[Found]:
        ids, token = [experiment.experiment_id for experiment in self.experiments.values()], None
        while ids:
            page = self.client.search_runs(ids, which, ViewType.ALL, page_token=token)
            yield from page
            token = page.token
            if not token:
                return


def _held(run: Found) -> Held:
    return Held(
        run.info.run_id,
        run.info.run_name,
        run.info.start_time,
        run.info.status == "RUNNING",
        run.info.lifecycle_stage == "deleted",
        frozenset(run.data.tags.get(HAS, "").split(", ")) - {""},
        run.data.tags.get(SPOOL, ""),
    )


def _blocks(values: Sequence[T], size: int) -> list[Sequence[T]]:
    return [values[i : i + size] for i in range(0, len(values), size)]
