"""A profile changes what it names, keeps the comments, and never overwrites somebody's edits."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from root import ROOT
from ruamel.yaml import YAML

from tutelage import profiles
from tutelage.errors import Mistake


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "profiles", tmp_path / "profiles")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(*words: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *words], check=True, capture_output=True)


@pytest.mark.parametrize("name", ["smoke", "whole", "gpu", "fashion-mnist"])
def test_a_profile_changes_what_it_names_and_nothing_else(project: Path, name: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    before, overlay = yaml.load(project / "params.yaml"), yaml.load(project / f"profiles/{name}.yaml")
    profiles.apply(name)
    after = yaml.load(project / "params.yaml")

    def merged(old: object, new: object) -> object:
        if isinstance(old, dict) and isinstance(new, dict):
            return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}
        if isinstance(old, dict) and isinstance(new, list):
            return {key: old[key] for key in new}
        return new

    assert after == merged(before, overlay)


def test_profiles_lie_on_top_of_each_other_and_the_later_has_its_way(project: Path) -> None:
    (project / "profiles/mine.yaml").write_text("budget: {seeds: [7]}\n", encoding="utf-8")
    profiles.apply("smoke", "gpu", "mine")
    after = YAML(typ="safe", pure=True).load(project / "params.yaml")
    assert after["compute"]["precision"] == "bfloat16"
    assert after["budget"] == {"seeds": [7], "presentations": 2000, "batch_size": 32}


def test_comments_and_untouched_lines_stay(project: Path) -> None:
    before = (project / "params.yaml").read_text(encoding="utf-8").splitlines()
    profiles.apply("smoke")
    after = (project / "params.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line.startswith("#")] == [line for line in before if line.startswith("#")]
    assert [line for line in before if line in after] == [line for line in after if line in before]
    assert len(set(after) - set(before)) <= 125


def test_a_list_over_a_family_keeps_those_entries_and_one_that_is_not_there_is_named(project: Path) -> None:
    (project / "profiles/mine.yaml").write_text("autoencoders: [deep, pca]\n", encoding="utf-8")
    profiles.apply("mine")
    assert list(YAML(typ="safe", pure=True).load(project / "params.yaml")["autoencoders"]) == ["deep", "pca"]
    (project / "profiles/mine.yaml").write_text("autoencoders: [deeep]\n", encoding="utf-8")
    with pytest.raises(Mistake, match=r"mine\.yaml: autoencoders has no entry deeep; did you mean deep\?"):
        profiles.apply("mine")


def test_a_family_gets_an_entry_that_has_all_its_keys_and_no_other(project: Path) -> None:
    yaml, mine = YAML(typ="safe", pure=True), project / "profiles/mine.yaml"
    gan = yaml.load(project / "params.yaml")["gans"]["minimax"] | {"loss": "hinge"}
    yaml.dump({"gans": {"hinge": gan}}, mine)
    profiles.apply("mine")
    assert list(yaml.load(project / "params.yaml")["gans"]) == ["minimax", "non_saturating", "hinge"]
    yaml.dump({"gans": {"minimaks": {"r1": 0.0}}}, mine)
    with pytest.raises(Mistake, match=r"mine\.yaml: gans\.minimaks is no parameter; did you mean minimax\?"):
        profiles.apply("mine")


def test_a_profile_that_is_not_there_is_said_with_those_that_are(project: Path) -> None:
    with pytest.raises(Mistake, match=r"profiles/ has no smok; did you mean smoke\? It has .*smoke, whole"):
        profiles.apply("smok")


def test_a_key_that_params_has_not_is_named(project: Path) -> None:
    (project / "profiles/mine.yaml").write_text("transfer: {step: 3}\n", encoding="utf-8")
    before = (project / "params.yaml").read_bytes()
    with pytest.raises(Mistake, match=r"mine\.yaml: transfer\.step is no parameter; did you mean steps\?"):
        profiles.apply("mine")
    assert (project / "params.yaml").read_bytes() == before


def test_edits_that_are_not_committed_are_not_overwritten(project: Path) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "start")
    path = project / "params.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("steps: 200", "steps: 100"), encoding="utf-8")
    with pytest.raises(Mistake, match=r"edits that are not committed; commit them or `git checkout params\.yaml`"):
        profiles.apply("smoke")
    git("commit", "-qam", "mine")
    profiles.apply("smoke")


def test_the_command_prints_the_way_back_and_a_mistake_in_one_line(project: Path) -> None:
    run = [sys.executable, "-m", "tutelage.profiles"]
    told = subprocess.run([*run, "smoke"], capture_output=True, text=True, check=True)
    assert told.stdout == "params.yaml is now profile smoke. The way back: git checkout params.yaml\n"
    told = subprocess.run([*run], capture_output=True, text=True)
    assert (told.returncode, told.stderr.count("\n"), told.stdout) == (1, 1, "")
