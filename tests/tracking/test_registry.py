"""Each way's encoder in MLflow's registry: the best on validation, once, loaded and served without a pickle."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import kept
import numpy as np
import pandas as pd
import pytest
from recorded import Project

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.learned import models
from tutelage.learned.asking import Model
from tutelage.tracking import environment
from tutelage.tracking.sync import View

ALIAS = "models:/pretrain@best"
HEALTH = {("all", 0): 0.8, ("all", 1): 0.9, ("base", 0): 0.99, ("base", 1): 0.99}


def teach(project: Project, **other: Any) -> None:
    """A reproduction whose pretrain left real weights that its exam looked at."""
    project.run()
    kept.pretrain(**other)
    kept.examined("pretrain", HEALTH)
    for stage in ("pretrain", "exam_pretrain"):
        project.vouch(stage)


def client() -> Any:
    environment.settle()
    from mlflow import MlflowClient

    return MlflowClient(environment.store())


def registered() -> list[tuple[str, str, str]]:
    """Version, arm-seed, aliases of each."""
    View(environment.store()).sync()
    found = client().search_model_versions("name = 'pretrain'")
    best = client().get_model_version_by_alias("pretrain", "best").version
    return sorted((str(v.version), f"{v.tags['arm']}-{v.tags['seed']}", "best" * (v.version == best)) for v in found)


def registry_path(alias: str) -> Path:
    environment.settle()
    from tutelage.tracking import registry

    return registry.path(environment.store(), alias)


def load(uri: str) -> Any:
    environment.settle()
    import mlflow

    mlflow.set_tracking_uri(environment.store())
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"
    return mlflow.pyfunc.load_model(uri)


def test_the_best_of_most_classes_is_registered_once_under_the_alias(project: Project) -> None:
    teach(project)
    assert registered() == [("1", "all-1", "best")]
    Path("mlflow.db.synced").unlink()
    assert registered() == [("1", "all-1", "best")]


def test_what_is_loaded_tells_what_the_weights_tell_and_no_pickle_is_among_its_files(project: Project) -> None:
    teach(project)
    registered()
    x, own = kept.images(5)[:, None], Model(models.find("pretrain/all-1"))
    loaded = load(ALIAS)
    np.testing.assert_allclose(loaded.predict(x), own.encode(x), atol=1e-6)
    np.testing.assert_allclose(loaded.predict(x, params={"ask": "predict"}), own.predict(x), atol=1e-6)
    signature = loaded.metadata.signature
    assert signature.inputs.inputs[0].shape == (-1, 1, 8, 8)
    files = [path for path in Path("mlruns").rglob("registered/**/*") if path.is_file()]
    assert {f.suffix for f in files} <= {"", ".json", ".py", ".safetensors", ".txt", ".yaml", ".css", ".html", ".js"}
    (stated,) = [f for f in files if f.name == "requirements.txt"]
    assert all("==" in line for line in stated.read_text().split())


def test_taught_anew_is_another_version_and_what_was_before_takes_the_alias_back(project: Project) -> None:
    teach(project)
    registered()
    shutil.copytree(".", "../before", ignore=shutil.ignore_patterns("mlflow*", "mlruns"))
    teach(project, born=5)
    assert registered() == [("1", "all-1", ""), ("2", "all-1", "best")]
    shutil.copytree("../before", ".", dirs_exist_ok=True)
    assert registered() == [("1", "all-1", "best"), ("2", "all-1", "")]
    shutil.rmtree("../before")


def test_a_lost_database_has_it_again_and_a_deleted_version_stays_deleted(project: Project) -> None:
    teach(project)
    registered()
    project.forget_database()
    assert registered() == [("1", "all-1", "best")]
    client().delete_registered_model("pretrain")
    Path("mlflow.db.synced").unlink()
    View(environment.store()).sync()
    assert client().search_model_versions("name = 'pretrain'") == []


def test_it_moves_with_the_repository(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teach(project)
    registered()
    there = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(there)
    monkeypatch.chdir(there)
    monkeypatch.setattr(runs, "ROOT", there)
    monkeypatch.setattr(runs, "SPOOL", there / ".dvc/tmp/tutelage/spool")
    assert registered() == [("1", "all-1", "best")]
    assert load(ALIAS).predict(kept.images(2)[:, None]).shape == (2, 6)


def test_the_commands_take_an_alias_and_name_what_there_is_for_a_wrong_one(project: Project) -> None:
    teach(project)
    registered()
    pictures = kept.folder(Path("pictures"), kept.images(3))
    words = [sys.executable, "-m", "tutelage", "predict", ALIAS, str(pictures), "-o", "told.parquet"]
    told = subprocess.run(words, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    of_file = pd.read_parquet("told.parquet").filter(like="p(").to_numpy()
    np.testing.assert_array_equal(of_file, Model(models.find("pretrain/all-1")).predict(kept.images(3)[:, None]))
    with pytest.raises(Mistake, match=r"the registry has no models:/pretrian@best; it has models:/pretrain@best"):
        registry_path("models:/pretrian@best")


def test_it_answers_over_http_what_predict_and_encode_say(project: Project) -> None:
    teach(project)
    registered()
    x, own = kept.images(4)[:, None], Model(models.find("pretrain/all-1"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "mlflow", "models", "serve", "-m", ALIAS, "--env-manager", "local", "-p", str(port)]
    surroundings = {**os.environ, **environment.SETTINGS, "MLFLOW_TRACKING_URI": environment.store()}
    log = Path("served.log")
    with log.open("wb") as said:
        server = subprocess.Popen(words, env=surroundings, stdout=said, stderr=said, start_new_session=True)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
        for ask, told in (("encode", own.encode(x)), ("predict", own.predict(x))):
            asked = json.dumps({"inputs": x.tolist(), "params": {"ask": ask}}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/invocations", asked, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=20) as answer:
                np.testing.assert_allclose(json.load(answer)["predictions"], told, atol=1e-6)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=10)
