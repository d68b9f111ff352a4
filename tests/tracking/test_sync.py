"""MLflow holds what the records and the spool say, once."""

import json
import shutil
from pathlib import Path
from statistics import fmean

import pytest
import recorded
import tracked
from recorded import Project
from tracked import Tracked

from tutelage import runs
from tutelage.tracking import environment, spool, sync
from tutelage.tracking.store import Store
from tutelage.tracking.sync import View

DEAD = 2**22 + 1  # no process has this id


def synced() -> list[Tracked]:
    View(environment.store()).sync()
    return tracked.runs(environment.store())


def without_the_note() -> list[Tracked]:
    """Synced by asking MLflow, not by what was noted beside its database."""
    Path("mlflow.db.synced").unlink()
    return synced()


def told(found: list[Tracked]) -> list[list[object]]:
    """All that is the same in two databases of the same records."""
    return sorted([r.experiment, r.name, r.status, r.seconds, r.params, r.metrics, r.values] for r in found)


def parent(found: list[Tracked], experiment: str) -> Tracked:
    (one,) = [r for r in found if r.experiment == experiment and not r.parent]
    return one


def test_a_whole_reproduction_is_there_after_one_sync(project: Project) -> None:
    project.run()
    found = synced()
    count = {e: sum(r.experiment == e for r in found) for e in ("pretrain", "transfer", "exam", "pipeline")}
    assert count == {"pretrain": 5, "transfer": 5, "exam": 4, "pipeline": 1}
    assert {r.status for r in found} == {"FINISHED"}
    assert len(found) == sum(count.values())
    stage, whole = parent(found, "transfer"), parent(found, "pipeline")
    assert stage.name == whole.name == stage.tags["pipeline"]
    assert stage.params["transfer.learning_rate"] == "0.003"
    assert stage.seconds == stage.metrics["cost/seconds"] == 30
    assert stage.tags["commit"] == "c0ffee"
    assert stage.tags["experiment"] == "brave-owl"
    child = next(r for r in found if r.name == "frozen 1")
    assert child.tags["seed"] == "1"
    assert child.parent in {r.id for r in found}


def test_values_bear_one_name_in_children_parents_and_ways_of_teaching(project: Project) -> None:
    project.run()
    found = synced()
    of_seeds = [r for r in found if r.experiment == "transfer" and r.tags.get("arm") == "frozen"]
    mean = fmean(r.metrics["test/accuracy/near"] for r in of_seeds)
    way = next(r for r in found if r.name == "transfer frozen")
    assert parent(found, "transfer").metrics["test/accuracy/near/frozen"] == pytest.approx(mean)
    assert way.metrics["test/accuracy/near"] == pytest.approx(mean)
    assert way.metrics["uncertainty/test/accuracy/near/low"] < mean < way.metrics["uncertainty/test/accuracy/near/high"]
    assert way.metrics["uncertainty/test/accuracy/near/n"] == 2
    assert parent(found, "pipeline").metrics["test/accuracy/near/transfer frozen"] == pytest.approx(mean)
    examined = next(r for r in found if r.name == "scratch 1" and r.experiment == "pretrain")
    assert examined.metrics == {"cost/weights": 500, "test/accuracy": 0.91, "train/loss": pytest.approx(1 / 61)}
    assert examined.values == 4


def test_models_and_files_are_artifacts(project: Project) -> None:
    project.run()
    files = parent(synced(), "pretrain").artifacts
    assert {f.relative_to(files).as_posix() for f in files.rglob("*") if f.is_file()} == {
        "models/about.json", "pretrain.csv", "scores.json"
    }  # fmt: skip


def test_a_second_sync_adds_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run()
    project.say("transfer", end="failed")
    before = synced()
    assert without_the_note() == before
    monkeypatch.setattr(sync, "_filling", lambda: pytest.fail("MLflow was imported for nothing"))
    assert synced() == before


def test_a_lost_database_comes_back_with_its_times_and_failures(project: Project) -> None:
    project.run()
    project.say("transfer", end="failed")
    before = told(synced())
    project.forget_database()
    assert told(synced()) == before


def test_a_clone_has_its_scores_at_once_and_the_rest_when_it_is_pulled(project: Project) -> None:
    project.run(spooled=False)
    kept = Path("kept")
    shutil.copytree("models", kept / "models")
    shutil.copytree("reports", kept / "reports")
    shutil.rmtree("models")
    for history in Path("reports/history").iterdir():
        history.unlink()
    found = synced()
    assert not any("train/loss" in r.metrics for r in found)
    assert parent(found, "transfer").metrics["test/accuracy/near/frozen"] > 0
    shutil.copytree(kept, ".", dirs_exist_ok=True)
    pulled = synced()
    assert len(pulled) == len(found)
    assert len(parent(pulled, "transfer").tags["tutelage.has"].split(", ")) == 4
    project.forget_database()
    assert [x[:3] + x[4:] for x in told(synced())] == [x[:3] + x[4:] for x in told(pulled)]  # but for the seconds


def test_files_that_dvc_lock_does_not_vouch_for_are_left_out(project: Project) -> None:
    project.run()
    recorded.write("reports/stages/transfer/scores.json", '{"columns": [], "rows": []}')
    found = synced()
    assert not any(r.experiment == "transfer" for r in found)
    assert any(r.experiment == "pretrain" for r in found)


def test_only_a_lock_whose_stages_stand_on_one_another_is_a_reproduction(project: Project) -> None:
    project.run()
    project.run("pretrain", shift=0.1)  # its exam is still the old one's
    found = synced()
    assert not any(r.experiment == "pipeline" for r in found)
    assert "test/accuracy/frozen" not in parent(found, "pretrain").metrics
    project.run("exam_pretrain", shift=0.01)
    found = synced()
    assert parent(found, "pipeline").name == parent(found, "pretrain").name
    assert parent(found, "pretrain").metrics["test/accuracy/frozen"] == pytest.approx(0.915)


def test_other_params_are_another_run_and_what_they_did_not_touch_is_not(project: Project) -> None:
    project.run()
    before = synced()
    project.params["learning_rate"] = 0.03
    project.run("transfer", shift=0.2)
    after = synced()
    new = [r for r in after if r.id not in {b.id for b in before}]
    assert sorted({r.experiment for r in new}) == ["exam", "pipeline", "transfer"]
    assert sorted(r.name for r in new if r.experiment == "exam") == ["transfer frozen", "transfer scratch"]
    assert {r.name for r in new if r.experiment == "pipeline"} != {r.name for r in before if r.experiment == "pipeline"}


def test_failed_and_killed_stages_are_runs_that_say_why(project: Project) -> None:
    project.say("prepare", end="failed")
    project.say("transfer", end="killed")
    project.say("transfer", end=None, pid=DEAD)
    found = [r for r in synced() if not r.parent]
    assert sorted((r.experiment, r.status) for r in found) == [
        ("prepare", "FAILED"), ("transfer", "KILLED"), ("transfer", "KILLED")
    ]  # fmt: skip
    assert "should be greater than 0" in parent(found, "prepare").tags["message"]
    assert [r.name for r in found] == [r.tags["stage"] for r in found]


def test_a_stage_that_runs_is_charted_and_then_adopted(project: Project) -> None:
    project.run("prepare", "pretrain", "exam_pretrain")
    path = project.say("transfer", end=None)
    whole = path.read_text().splitlines(keepends=True)
    path.write_text("".join(whole[:6]) + whole[6][:20])  # the sixth log is half written
    live = [r for r in synced() if r.experiment == "transfer"]
    assert {r.status for r in live} == {"RUNNING"}
    assert sum(r.values for r in live) == 5
    path.write_text("".join(whole))
    assert sum(r.values for r in synced() if r.experiment == "transfer") == 8
    path.unlink()
    project.run("transfer")
    adopted = [r for r in synced() if r.experiment == "transfer"]
    assert {r.id for r in live} <= {r.id for r in adopted}
    assert {r.status for r in adopted} == {"FINISHED"}
    assert len(adopted) == 5
    path.unlink()
    project.forget_database()
    project.say("transfer")
    assert told(adopted) == told([r for r in synced() if r.experiment == "transfer"])


def test_a_live_run_that_left_a_record_already_known_goes(project: Project) -> None:
    project.run()
    before = synced()
    path = project.say("transfer", end=None)
    assert len(synced()) > len(before)
    path.unlink()
    project.say("transfer")  # the same bytes again
    assert synced() == before


def test_a_live_run_whose_process_died_is_killed(project: Project) -> None:
    path = project.say("transfer", end=None)
    synced()
    path.write_text(
        path.read_text().replace(f'"pid": {json.loads(path.read_text().splitlines()[0])["pid"]}', f'"pid": {DEAD}')
    )
    assert {r.status for r in synced()} == {"KILLED"}


def test_lines_that_cannot_be_read_are_skipped(project: Project) -> None:
    project.run()
    for path in project.spool.iterdir():
        path.write_bytes(path.read_bytes() + b'{"event": "lo\n\xff\xfe\n[]\n')
    (project.spool / "1-nothing-1.jsonl").write_text("")
    assert parent(synced(), "transfer").seconds == 30


def test_a_sync_cut_off_goes_on_where_it_was(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run()
    put, calls = Store.put, iter(range(100))

    def cut(*args: object) -> object:
        if next(calls) == 12:
            raise KeyboardInterrupt
        return put(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "put", cut)
    with pytest.raises(KeyboardInterrupt):
        synced()
    monkeypatch.setattr(Store, "put", put)
    resumed = told(synced())
    project.forget_database()
    assert resumed == told(synced())


def test_what_a_user_deleted_stays_deleted(project: Project) -> None:
    project.run()
    store, before = Store(environment.store(), None), synced()
    for run in before:
        if run.tags.get("stage") == "pretrain" and not run.parent:
            store.client.delete_run(run.id)
    store.close()
    project.run("exam_pretrain", shift=0.01)  # would add to it
    assert not any(r.tags.get("stage") == "pretrain" and not r.parent for r in synced())


def test_the_spool_is_kept_within_bounds(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "KEPT", 2)
    for _ in range(3):
        last = project.say("prepare", end="failed")
    running = project.say("transfer", end=None)
    running.rename(project.spool / "1-transfer-7.jsonl")
    synced()
    assert next(path.name for path in sorted(project.spool.iterdir())) == "1-transfer-7.jsonl"
    assert len(list(project.spool.iterdir())) == 3
    assert last.exists()
    assert len([r for r in synced() if r.experiment == "prepare"]) == 3


def test_a_moved_repository_takes_its_artifacts_along(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    synced()
    there = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(there)
    monkeypatch.chdir(there)
    monkeypatch.setattr(runs, "ROOT", there)
    monkeypatch.setattr(runs, "SPOOL", there / ".dvc/tmp/tutelage/spool")
    project.run("transfer", shift=0.3)
    found = synced()
    assert len([r for r in found if r.experiment == "transfer" and not r.parent]) == 2
    for run in found:
        assert run.artifacts.is_relative_to(there)
    assert all((r.artifacts / "models/about.json").exists() for r in found if "cost/seconds" in r.metrics)
    assert not tmp_path.exists()


def test_a_copy_that_dvc_will_delete_is_tracked_at_the_root(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    copy = tmp_path / ".dvc/tmp/exps/copy"
    copy.mkdir(parents=True)
    for part in ("dvc.yaml", "dvc.lock", "reports", "models"):
        Path(part).rename(copy / part)
    monkeypatch.chdir(copy)
    found = synced()
    assert len(found) == 15
    shutil.rmtree(copy)
    assert (parent(found, "transfer").artifacts / "models/about.json").exists()
    assert parent(found, "transfer").seconds == 30


def test_another_store_is_fed_where_one_is_named(
    project: Project, tmp_path: Path, fresh_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mlflow.db").unlink()
    (tmp_path / "else where").mkdir()
    shutil.copy(fresh_database, tmp_path / "else where" / "other.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/else where/other.db")
    project.run()
    found = synced()
    assert len(found) == 15
    assert parent(found, "transfer").artifacts.is_relative_to(tmp_path / "else where/mlruns")
    assert without_the_other_note(tmp_path / "else where/other.db.synced") == found
    assert not Path("mlflow.db").exists()


def without_the_other_note(note: Path) -> list[Tracked]:
    note.unlink()
    return synced()
