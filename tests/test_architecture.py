"""What must hold of the repository as a whole."""

import ast
import re
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml
from root import ROOT
from ruamel.yaml import YAML

from tutelage import closure, pipeline, profiles

FLOORS = [
    "streams",
    "runs",
    "profiles",
    "simulators",
    "data",
    "nn",
    "objectives",
    "training",
    "paradigms",
    "measure",
    "learned",
    "report",
    "__main__",
]
BELOW = {"errors", "params", "closure", "pipeline"}  # what every floor may stand on
EXAMS = re.compile(
    r"transfer|layers|embedded|supervised_autoencoder|consistency|distill|multitask|sweeps|uses|likelihoods|generation"
    r"|patches_exam|fewshot_exam|task_sets@.*|surrogate@.*|surrogate_table@.*|exam_.*"
)  # the stages that may see a test part
SOURCES = sorted((ROOT / "src/tutelage").rglob("*.py"))


def entries() -> dict[str, pipeline.Entry]:
    """All stages, also those of families that only a profile fills."""
    yaml = YAML(typ="safe", pure=True)
    blocks, whole = (yaml.load(ROOT / name) for name in ("params.yaml", "profiles/whole.yaml"))
    filled = {name: block or whole.get(name, block) for name, block in blocks.items()}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "dvc.yaml", folder)
        yaml.dump(filled, Path(folder, "params.yaml"))
        return pipeline.entries(Path(folder, "dvc.yaml"))


ENTRIES = entries()


def floor(module: Path) -> str:
    return module.relative_to(ROOT / "src/tutelage").parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", [s for s in SOURCES if s.name != "__init__.py"], ids=lambda s: s.stem)
def test_imports_only_go_down_the_floors(module: Path) -> None:
    here = floor(module)
    for other in map(floor, closure.imports(module, ROOT)):
        if here == other or other in BELOW:
            continue
        assert here not in BELOW, f"{module.name}, of the lowest floor, imports {other}"
        assert here == "tracking" or FLOORS.index(other) < FLOORS.index(here), f"{here}/{module.name} imports {other}"


def test_nobody_imports_tracking_and_only_it_imports_mlflow() -> None:
    for module in SOURCES:
        text = module.read_text(encoding="utf-8")
        if floor(module) != "tracking":
            assert not re.search(r"^\s*(import|from) (mlflow|tutelage\.tracking)", text, re.MULTILINE), module


@pytest.mark.parametrize("room", ["objectives", "nn", "measure"])
def test_formulas_nets_and_measures_take_plain_numbers(room: str) -> None:
    for module in (ROOT / "src/tutelage" / room).rglob("*.py"):
        assert ROOT / "src/tutelage/params.py" not in closure.imports(module, ROOT), f"{module} knows params"


def test_a_package_says_what_is_in_it_and_nothing_else() -> None:
    for module in SOURCES:
        if module.name == "__init__.py":
            (sentence,) = ast.parse(module.read_text(encoding="utf-8")).body
            assert isinstance(sentence, ast.Expr), f"{module} holds more than its docstring"


def test_every_file_opens_with_a_sentence() -> None:
    for module in [*SOURCES, *(ROOT / "stages").glob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))), f"{module} does not say what is in it"


@pytest.mark.parametrize(
    "stage", [e for e in ENTRIES.values() if e.cmd.startswith("python stages/")], ids=lambda e: e.name
)
def test_a_stage_stands_on_the_list_of_its_code(stage: pipeline.Entry) -> None:
    script = Path(stage.cmd.split()[1])
    if stage.name != "code":
        assert f"reports/code/{script.stem}.txt" in stage.deps
    assert not [dep for dep in stage.deps if dep.endswith(".py")], "the list has it already"


EXAMINED = [stage for stage in ENTRIES.values() if "stages/exam.py" in stage.cmd]


@pytest.mark.parametrize("stage", EXAMINED, ids=[stage.name for stage in EXAMINED])
def test_an_exam_stands_on_the_code_of_the_way_it_examines_and_of_no_other(stage: pipeline.Entry) -> None:
    kind = stage.cmd.split()[2].partition("@")[0]
    assert {dep for dep in stage.deps if "code/" in dep} == {"reports/code/exam.txt", f"reports/code/{kind}.txt"}
    text = (ROOT / f"stages/{kind}.py").read_text(encoding="utf-8")
    (way,) = re.findall(r'descriptions\.leave\(\w+, "(\w+)"', text)  # by which the exam gives its learners back
    assert f"src/tutelage/paradigms/{way}.py" in closure.closure(Path(f"stages/{kind}.py"), ROOT)


def test_every_stage_stands_on_the_check_and_what_computes_on_numerics() -> None:
    for stage in ENTRIES.values():
        if stage.name not in ("code", "check", "track"):
            assert "reports/checked" in stage.deps, stage.name
        if any(dep.startswith("data/prepared") for dep in (*stage.deps, *stage.outs)):
            assert "numerics.txt" in stage.deps, stage.name


def test_only_exams_see_a_test_part() -> None:
    for stage in ENTRIES.values():
        for dep in stage.deps:
            if re.fullmatch(r"data(/prepared(/((task_sets|simulators|surrogate_tables)/)?[\w-]+(/test)?)?)?", dep):
                assert EXAMS.fullmatch(stage.name), f"{stage.name} stands on {dep}"


def test_every_block_of_params_is_read_by_a_stage_and_every_read_key_exists() -> None:
    blocks = YAML(typ="safe", pure=True).load(ROOT / "params.yaml")
    read = {key.split(".")[0] for stage in ENTRIES.values() for key in stage.params if key}
    assert read == set(blocks)


def test_every_block_of_params_opens_with_what_to_expect_and_how_long_it_takes() -> None:
    lines = (ROOT / "params.yaml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\w", line):
            assert [above[:2] for above in lines[number - 2 : number]] == ["# ", "# "], line


def test_an_overlay_only_names_keys_that_params_has_and_whole_entries_of_a_family() -> None:
    def within(overlay: object, blocks: object, path: str) -> None:
        if isinstance(overlay, dict) and isinstance(blocks, dict):
            for key, value in overlay.items():
                assert key in blocks or profiles.is_entry(value, blocks), f"{path}.{key}"
                within(value, blocks.get(key), f"{path}.{key}")

    blocks = YAML(typ="safe", pure=True).load(ROOT / "params.yaml")
    for profile in (ROOT / "profiles").glob("*.yaml"):
        within(YAML(typ="safe", pure=True).load(profile), blocks, profile.name)


def test_numerics_are_the_constraints_that_move_last_digits() -> None:
    constraints = set((ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n"))
    pinned = (ROOT / "numerics.txt").read_text(encoding="utf-8").split()
    assert {line.split("==")[0] for line in pinned} == {
        "torch", "numpy", "scipy", "scikit-learn", "pillow", "mlxtend"
    }  # fmt: skip
    assert set(pinned) <= {line.split(" ;")[0] for line in constraints}


def test_constraints_name_no_build_of_one_machine() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"\+cpu|\+cu|nvidia|cuda|triton|sha256|://|^-", text, re.MULTILINE)


KINDS = {"/".join(out.split("/")[:2]) for e in ENTRIES.values() for out in e.outs if re.match(r"reports/\w+/", out)}


@pytest.mark.parametrize("reader", ["report", "track"])
def test_every_kind_of_record_is_shown_and_tracked(reader: str) -> None:
    assert set(ENTRIES[reader].deps) >= KINDS


def test_git_has_all_of_a_kind_of_record_or_nothing() -> None:
    # Of a folder that is half and half, DVC cannot tell in a fresh clone that it is unchanged.
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {kind for kind in KINDS if f"/{kind}/" not in ignored} == {"reports/stages"}
    assert all(out.endswith("/scores.json") for e in ENTRIES.values() for out in e.outs if "reports/stages/" in out)


def test_no_output_is_committed_but_the_scores() -> None:
    whole = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for stage in whole.values():
        told = stage.get("do", stage)
        assert all(isinstance(out, str) for out in told.get("outs", [])), "DVC would forget this stage's earlier runs"
        for plot in told.get("plots", []):
            ((path, flags),) = plot.items()
            assert path.endswith(("scores.json", "scores.csv")), path
            assert flags == {"cache": False}
