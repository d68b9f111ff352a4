"""Every mistake in params.yaml is one line that names key, value, what is allowed, and the nearest right key."""

import importlib.util
from pathlib import Path

import pytest
import yaml
from root import ROOT

from tutelage import params, pipeline
from tutelage.errors import Mistake
from tutelage.paradigms import supervised

TEXT = (ROOT / "params.yaml").read_text(encoding="utf-8")


def wrong(tmp_path: Path, old: str, new: str) -> list[str]:
    """What check says of params.yaml with one edit."""
    assert old in TEXT
    (tmp_path / "params.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("check", ROOT / "stages/check.py")
    assert spec is not None
    assert spec.loader is not None
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    with pytest.raises(Mistake) as told:
        check.check(tmp_path / "params.yaml")
    return [line.removeprefix(f"{tmp_path / 'params.yaml'}: ") for line in str(told.value).splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("  weight_decay: 0.05\n  shift", "  wieght_decay: 0.05\n  shift", "pretrain.wieght_decay is no parameter; did you mean pretrain.weight_decay?"),  # noqa: E501
        ("  shift: 1 ", "  shfit: 1 ", "pretrain.shfit is no parameter; did you mean pretrain.shift?"),
        ("  shift: 1 ", "  shift: 1\n  blur: 3", "pretrain.blur is no parameter; delete it"),
        ("  steps: 200 ", "  #", "transfer.steps is missing"),
        ("  steps: 200 ", "  steps: many ", 'transfer.steps = "many": should be a valid integer'),
        ("  steps: 200 ", "  steps: 2.5 ", "transfer.steps = 2.5: should be a valid integer"),
        ("  steps: 200 ", "  steps: -1 ", "transfer.steps = -1: should be greater than 0"),
        ("  learning_rate: 0.0075 ", "  learning_rate: .inf ", "pretrain.learning_rate = Infinity: should be a finite number"),  # noqa: E501
        ("    frozen: 0.1", "    frozen: '0.1'", 'transfer.learning_rate.frozen = "0.1": should be a valid number'),
        ("labels_per_class: [1, 5, 10, 50]\n  hidden", "labels_per_class: [1, 5]\n  hidden", "embedded: learning_rate.frozen has 4 rates, and labels_per_class 2 numbers"),  # noqa: E501
        ("device: cpu", "device: tpu", "compute.device = \"tpu\": should be 'cpu' or 'cuda'"),
        ("threads: 1", "threads: yes", 'compute.threads = "yes": should be a valid integer'),
        ("channels: [16, 32]", "channels: [16]", "encoder.channels.1 is missing"),
        ("seeds: [0, 1,", "seeds: [1, 1,", "budget.seeds: 1 stands there twice; once is enough"),
        ("kernel: 5", "kernel: 4", "encoder: kernel is 4; it must be odd"),
        ("groups: 4", "groups: 3", "encoder: groups is 3; it must divide both of channels [16, 32]"),
        ("{labels: [10, 100], steps", "{labels: [20], steps", "exam: finetuned.labels has 20, and labels are [10, 50, 100, 500]; take some of these"),  # noqa: E501
        ("codes: [deep]", "codes: [deap]", "generation.codes: autoencoders has no entry deap; did you mean deep?"),
        ("sigmas: [0.06, 0.08,", "sigmas: [x, 0.08,", 'generation.sigmas.0 = "x": should be a valid number'),
        ("labels: [10, 50, 100, 500] # in all, shared", "labels: [0] # in all, shared", "exam.labels.0 = 0: should be greater than 0"),  # noqa: E501
        ("  widths: [2, 10, 30]", "  widths: []", "principal.widths: names nothing; write one value at least"),
        ("codes: [deep]", "codes: [deep, deep]", "generation.codes: deep stands there twice; once is enough"),
        ("  seeds: [0]  ", "  seeds: [0, 0]  ", "style_gan.seeds: 0 stands there twice; once is enough"),
        ("truncations: [0.0, 0.25", "truncations: [0.25, 0.25", "styles.truncations: 0.25 stands there twice; once is enough"),  # noqa: E501
        ("  samples: 500 ", "  samples: 32 ", "params.yaml: generation.samples = 32, of which 32 can be had: encoder.width = 32 and generation.neighbours = 5 take 33, else a covariance is rank-deficient or a neighbour missing; raise samples and images.test, or lower those"),  # noqa: E501
        ("  neighbours: 5              # the balls", "  neighbours: 500 # the balls", "params.yaml: generation.samples = 500, of which 500 can be had: encoder.width = 32 and generation.neighbours = 500 take 501, else a covariance is rank-deficient or a neighbour missing; raise samples and images.test, or lower those"),  # noqa: E501
        ("non_saturating: {<<: *gan, ", "non_saturating: {<<: *gan, hidden: [48, 22], ", "params.yaml: gans.non_saturating.hidden = [48, 22]: encoder.groups = 4 must divide both"),  # noqa: E501
        ("task_sets: {}", "task_sets: {omniglto: {}}", "params.yaml: task_sets.omniglto is no data set whose parts are tasks, as omniglot and sarcos are; did you mean omniglot?"),  # noqa: E501
        ("surrogate_tables: {}", "surrogate_tables: {airfoil-nose: {}}", "params.yaml: surrogate_tables.airfoil-nose is no table that a surrogate learns, as airfoil-noise, climate-crashes, airfoil-shapes are; did you mean airfoil-noise?"),  # noqa: E501
        ("  temperature: 1.0 ", "  temperature: 0 ", "distill.temperature = 0: should be greater than 0"),
        ("  airfoil: {<<: *runs}", "  airfoil: {<<: *runs}\n  airfoi: {<<: *runs}", "params.yaml: simulators.airfoi is no simulator, as airfoil and climate are; did you mean airfoil?"),  # noqa: E501
        ("  airfoil: {<<: *runs}", "  airfoil: {<<: *runs, runs: 300}", "params.yaml: surrogate.sizes asks for 500 runs, and a design of simulators.airfoil has 300; ask for fewer, or raise simulators.airfoil.runs"),  # noqa: E501
        ("asking: {first: 50,", "asking: {first: 60,", "surrogate: asking.first is 60; take one of sizes, and not the last of them"),  # noqa: E501
        ("sizes: [50, 100, 200, 500]", "sizes: [50, 200, 100, 500]", "surrogate: sizes are [50, 200, 100, 500]; let them rise"),  # noqa: E501
        ("name: mnist-5k", "name: mnist-5", None),
        ("\ntransfer:", "\ntransfr:", None),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(tmp_path: Path, old: str, new: str, line: str | None) -> None:
    told = wrong(tmp_path, old, new)
    if line is None:  # more than one thing is worth saying
        assert any("did you mean" in one for one in told)
    else:
        assert told == [line]


def test_a_family_of_ways_without_an_entry_is_named(tmp_path: Path) -> None:
    assert "patches has no entry; see the ones in git" in wrong(tmp_path, "\npatches:\n", "\npatches: {}\nmore:\n")


@pytest.mark.parametrize("name", ["a b", "a@b", "a/b"])
def test_an_entry_that_can_name_no_stage_is_told(tmp_path: Path, name: str) -> None:
    (line,) = wrong(
        tmp_path, "  pca: {<<: *deep", f"  pca: &pca {{<<: *deep, kind: pca, tied: true}}\n  {name}: {{<<: *deep"
    )
    assert line == f"autoencoders.{name}: an entry names a stage and a folder; write it of letters, digits, _ and -"


def test_two_mistakes_are_two_lines(tmp_path: Path) -> None:
    told = wrong(tmp_path, "  grid: 4 ", "  grid: 0 ") + wrong(tmp_path, "  shift: 1 ", "  shift: x ")
    assert told == [
        "encoder.grid = 0: should be greater than 0",
        'pretrain.shift = "x": should be a valid integer',
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"compute: [1, 2\n", "not YAML"),
        (b"a: 1\na: 2\n", "not YAML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"just words", "holds no blocks"),
        (b"", "holds no blocks"),
    ],
)
def test_what_is_no_params_file_is_said_in_one_line(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "params.yaml").write_bytes(content)
    with pytest.raises(Mistake, match=line) as told:
        params.load(tmp_path / "params.yaml")
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="is missing; run this in the project's folder"):
        params.load(tmp_path / "params.yaml")


def test_exponents_are_numbers_as_yaml_1_2_has_it(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(
        TEXT.replace("learning_rate: 0.0075 ", "learning_rate: 7.5e-3 "), encoding="utf-8"
    )
    assert params.read(supervised.Params, "pretrain", tmp_path / "params.yaml").learning_rate == 0.0075


def test_no_key_is_a_word_that_another_yaml_takes_for_a_truth() -> None:
    # dvc.lock holds the params too, and PyYAML, which reads it fast, takes `on`, `no` and `y` for truths.
    def words(told: object) -> set[object]:
        return set(told) | set().union(*map(words, told.values())) if isinstance(told, dict) else set()

    assert all(isinstance(word, str) for word in words(yaml.safe_load(TEXT)))


def test_a_block_does_not_change_and_has_no_defaults() -> None:
    block = params.read(supervised.Params, "pretrain", ROOT / "params.yaml")
    with pytest.raises(ValueError, match="frozen"):
        block.shift = 3  # type: ignore[misc]
    assert all(field.is_required() for field in supervised.Params.model_fields.values())


def test_a_family_of_stages_is_unrolled_and_filled_in(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("ways: {one: {a: 1}, two: {a: 2}}\n", encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text(
        "stages:\n"
        "  alone: {cmd: echo, deps: [x], outs: [{y: {cache: false}}]}\n"
        "  listed: {foreach: [p, q], do: {cmd: 'run ${item}', params: ['${item}.name'], outs: ['out/${item}']}}\n"
        "  way: {foreach: '${ways}', do: {cmd: 'run ${key}', params: ['ways.${key}']}}\n",
        encoding="utf-8",
    )
    entries = pipeline.entries(tmp_path / "dvc.yaml")
    assert list(entries) == ["alone", "listed@p", "listed@q", "way@one", "way@two"]
    assert entries["alone"].outs == ("y",)
    assert entries["listed@q"] == pipeline.Entry("listed@q", "run q", (), ("q.name",), ("out/q",))
    assert entries["way@two"].params == ("ways.two",)


@pytest.mark.parametrize("family", ["ways:\n", "others: {}\n"])
def test_a_family_that_is_not_there_is_one_line(tmp_path: Path, family: str) -> None:
    (tmp_path / "params.yaml").write_text(family, encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text("stages: {way: {foreach: '${ways}', do: {cmd: run}}}\n", encoding="utf-8")
    with pytest.raises(Mistake, match=r"^params\.yaml: ways has no entry; see the ones in git$"):
        pipeline.entries(tmp_path / "dvc.yaml")


def test_an_empty_family_has_no_stage(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("ways: {}\n", encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text("stages: {way: {foreach: '${ways}', do: {cmd: run}}}\n", encoding="utf-8")
    assert pipeline.entries(tmp_path / "dvc.yaml") == {}


def test_a_budget_with_other_presentations_has_other_steps_and_null_leaves_it() -> None:
    budget = params.Budget(seeds=(0,), presentations=640, batch_size=32)
    assert (budget.of(None), budget.of(1280).steps, budget.of(1280).seeds) == (budget, 40, (0,))
