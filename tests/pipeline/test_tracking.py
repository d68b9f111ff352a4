"""MLflow after a real reproduction: whole, the same after whatever happens to it, never in the way."""

import shutil
from collections import Counter
from pathlib import Path

import tracked
from tracked import Tracked

from .project import Project


def held(project: Project) -> list[Tracked]:
    return tracked.runs(f"sqlite:///{project.path / 'mlflow.db'}")


def gist(runs: list[Tracked]) -> Counter[tuple[str, str, str, int]]:
    """What must come back: which runs, how they ended, how many values each holds. Not ids, not clocks."""
    return Counter((run.experiment, run.name, run.status, run.values) for run in runs)


def sync(project: Project) -> None:
    told = project.run("python", "-m", "tutelage.tracking", "sync")
    assert (told.returncode, told.stderr) == (0, "")


def test_a_reproduction_is_a_run_its_stages_runs_their_arms_and_seeds_children(reproduced: Project) -> None:
    runs = held(reproduced)
    assert {run.status for run in runs} == {"FINISHED"}
    assert Counter(run.experiment for run in runs) == {
        "pretrain": 1 + 3 * 2,  # a parent, three arms by two seeds
        "competition": 1 + 3 * 2,
        "kohonen": 1 + 2 * 2,
        "autoencoder": 3 * (1 + 2),
        "vae": 1 + 2 * 2,
        "letters_vae": 1 + 2,
        "gan": 1 + 2,
        "likelihoods": 1 + 2 * 2,
        "style_gan": 1 + 1,
        "styles": 1 + 1,
        "generation": 1 + 9 * 2 + 1,  # the style-based pair has one seed
        "sweeps": 1 + 2 * 2,
        "supervised_autoencoder": 13,
        "consistency": 1 + 5 * 2,
        "distill": 1 + 10 * 2,  # the teacher, six arms, three that learn elsewhere
        "multitask": 1 + 10 * 2,  # four balances, alone, whole, together, pair, taught, random
        "fewshot": 1 + 2 * 2,
        "fewshot_exam": 1 + 18 * 2,  # pixels, and every encoder there is but the style-based pair's
        "patches": 1 + 4 * 2,  # two entries and the control of each
        "patches_exam": 1 + 4 * 2,
        "redundancy": 1 + 2,
        "surrogate": 2 * (1 + 7 * 2),  # two simulators; two ensembles, one net and four others
        "centres": 1 + 2 * 2,
        "uses": 1 + 3 * 2,  # image formats have no seed
        "layers": 1 + 6 * 2,  # the base, five that stand on one
        "embedded": 1 + 4 * 2,
        # Of each problem the student, the teacher, three methods; of two classes SVM and SVM+ too.
        "lupi": 4 * (1 + 5 * 2) + 3 * 2 * 2,
        "principal": 1 + 2 * 2,
        "transfer": 1 + 4 * 2,
        "exam": 151,  # the ways of teaching
        "pipeline": 1,
    }
    parents = {run.id: run for run in runs if not run.parent}
    assert all(run.parent in parents for run in runs if run.parent)
    (transfer,) = [run for run in runs if run.experiment == "transfer" and not run.parent]
    assert transfer.params["transfer.steps"] == "20"
    assert (transfer.artifacts / "models").is_dir()
    (child,) = [
        r for r in runs if r.experiment == "transfer" and r.tags.get("arm") == "frozen" and r.tags.get("seed") == "0"
    ]
    assert {"test/accuracy/near", "test/accuracy/far", "train/loss/near"} <= set(child.metrics)
    (taught,) = [
        r for r in runs if r.experiment == "pretrain" and r.tags.get("arm") == "all" and r.tags.get("seed") == "1"
    ]
    assert {"train/loss", "valid/accuracy", "test/accuracy"} <= set(taught.metrics)


def test_a_second_reproduction_and_a_second_sync_add_nothing(copied: Project) -> None:
    before = held(copied)
    copied.repro()
    sync(copied)
    copied.repro("-f", "-s", "transfer")
    sync(copied)
    assert {run.id: run.values for run in held(copied)} == {run.id: run.values for run in before}


def test_a_database_that_was_lost_comes_back_with_its_times(copied: Project) -> None:
    before = held(copied)
    for path in copied.path.glob("mlflow.db*"):
        path.unlink()
    shutil.rmtree(copied.path / "mlruns")
    sync(copied)
    after = held(copied)
    assert gist(after) == gist(before)
    assert sorted(run.seconds for run in after) == sorted(run.seconds for run in before)


def test_a_clone_without_spool_has_all_but_the_times(copied: Project) -> None:
    before = held(copied)
    shutil.rmtree(copied.path / ".dvc/tmp/tutelage")
    for path in copied.path.glob("mlflow.db*"):
        path.unlink()
    sync(copied)
    names = {(run.experiment, run.parent != "", run.tags.get("arm"), run.tags.get("seed")) for run in before}
    assert {(r.experiment, r.parent != "", r.tags.get("arm"), r.tags.get("seed")) for r in held(copied)} == names


def test_what_dvc_restores_from_its_cache_is_in_mlflow_too(copied: Project) -> None:
    whole = held(copied)
    copied.edit("params.yaml", "steps: 20 ", "steps: 19 ")
    copied.repro()
    both = held(copied)
    assert sum(run.experiment == "transfer" for run in both) == 2 * 9
    for path in copied.path.glob("mlflow.db*"):
        path.unlink()
    shutil.rmtree(copied.path / ".dvc/tmp/tutelage")
    copied.edit("params.yaml", "steps: 19 ", "steps: 20 ")
    assert "transfer" not in copied.repro()  # taken from the run cache
    assert sum(run.experiment == "transfer" for run in held(copied)) == 9
    assert len(held(copied)) == len(whole)


def test_a_moved_project_keeps_its_runs_and_their_files(copied: Project, tmp_path: Path) -> None:
    before = held(copied)
    copied.path.rename(tmp_path / "elsewhere")
    moved = Project(tmp_path / "elsewhere")
    sync(moved)
    after = held(moved)
    assert gist(after) == gist(before)
    for run in after:
        assert run.artifacts.is_relative_to(moved.path)
    assert all((r.artifacts / "scores.json").is_file() for r in after if r.experiment == "transfer" and not r.parent)


def test_an_experiment_in_a_temporary_folder_is_tracked_in_the_project(copied: Project) -> None:
    before = held(copied)
    told = copied.run("dvc", "exp", "run", "--temp", "-n", "fewer-steps", "-S", "transfer.steps=18")
    assert told.returncode == 0, told.stdout + told.stderr
    new = [run for run in held(copied) if run.id not in {old.id for old in before}]
    assert sum(run.experiment == "transfer" for run in new) == 9
    (parent,) = [run for run in new if run.experiment == "transfer" and not run.parent]
    assert parent.tags["experiment"] == "fewer-steps"
    assert parent.params["transfer.steps"] == "18"
    assert (parent.artifacts / "models").is_dir()


def test_a_failed_stage_is_a_failed_run_that_says_why(copied: Project) -> None:
    copied.edit("params.yaml", "transfer:\n  labels_per_class: [1, 2]", "transfer:\n  labels_per_class: [1, 5000]")
    assert copied.run("dvc", "repro").returncode != 0
    sync(copied)
    (failed,) = [run for run in held(copied) if run.status == "FAILED" and not run.parent]
    assert failed.experiment == "transfer"
    assert "labels_per_class asks for 5000" in failed.tags["message"]
