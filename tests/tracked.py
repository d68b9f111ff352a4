"""What an SQLite store of MLflow holds, for tests to ask."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tutelage.tracking import environment


@dataclass(frozen=True)
class Tracked:
    """One run of the store."""

    id: str
    parent: str  # the parent's id, empty where it has none
    experiment: str
    name: str
    status: str
    seconds: float
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]  # the last value of each
    values: int  # of all metrics, all steps
    artifacts: Path  # the folder


def runs(uri: str) -> list[Tracked]:
    """All runs that nobody deleted; the oldest first within an experiment."""
    environment.settle()
    from mlflow import MlflowClient

    client, found = MlflowClient(uri), []
    with closing(sqlite3.connect(environment.database(uri) or uri)) as database:
        values = dict(database.execute("SELECT run_uuid, count(*) FROM metrics GROUP BY run_uuid"))
    for experiment in client.search_experiments():
        for run in reversed(client.search_runs([experiment.experiment_id], max_results=5000)):
            info, data = run.info, run.data
            found.append(
                Tracked(
                    info.run_id,
                    data.tags.get("mlflow.parentRunId", ""),
                    experiment.name,
                    info.run_name or "",
                    info.status,
                    ((info.end_time or info.start_time) - info.start_time) / 1000,
                    data.tags,
                    data.params,
                    data.metrics,
                    values.get(info.run_id, 0),
                    Path(unquote(urlsplit(info.artifact_uri).path)),
                )
            )
    client._tracking_client.store.engine.dispose()
    return found
