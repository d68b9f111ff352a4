"""Names and numbers as MLflow shows them."""

from collections.abc import Mapping

from tutelage.tracking import metrics
from tutelage.tracking.metrics import Point

ROW = {"arm": "a", "data": "d", "protocol": "direct", "metric": "accuracy", "at": "", "level": ""} | {
    "with": "", "with_level": "", "seed": "0", "value": 0.5
}  # fmt: skip


def named(*rows: Mapping[str, object]) -> list[tuple[str, int]]:
    return [(point.name, point.step) for point in metrics.of_scores([{**ROW, **row} for row in rows], None)]


def test_a_swept_level_is_the_step_and_a_second_factor_ends_the_name() -> None:
    assert named({"at": "labels", "level": "50", "with": "target", "with_level": "near"}) == [
        ("test/accuracy/near", 50)
    ]


def test_a_second_factor_may_be_a_number_and_nought_is_one() -> None:
    for psi in (0.0, 0.25):
        told = named({"at": "samples", "level": 500, "with": "truncation", "with_level": psi})
        assert told == [(f"test/accuracy/{psi}", 500)]


def test_a_level_is_the_same_as_a_number_and_as_a_word() -> None:
    assert named({"level": 0.5, "at": "noise"}) == named({"level": "0.5", "at": "noise"})
    assert named({"level": 2.0, "at": "noise"}) == named({"level": "2", "at": "noise"})


def test_a_level_that_is_no_whole_number_is_in_the_name() -> None:
    assert named({"at": "noise", "level": "0.25"}, {"at": "noise", "level": "shuffled"}) == [
        ("test/accuracy/noise 0.25", 0), ("test/accuracy/noise shuffled", 0)
    ]  # fmt: skip


def test_a_class_is_named_whatever_it_is_called() -> None:
    recall = {"metric": "recall", "at": "class"}
    assert named(*({**recall, "level": name} for name in ("7", "Ångström </script>", "../n//a", "x" * 999))) == [
        ("test/recall/class 7", 0),
        ("test/recall/class Ångström --script-", 0),
        ("test/recall/class ..-n--a", 0),
        ("test/recall/class " + "x" * 144, 0),
    ]


def test_protocols_are_named_only_where_there_are_several() -> None:
    assert named({"protocol": "linear"}) == [("test/accuracy", 0)]
    assert named({"protocol": "linear"}, {"protocol": "knn"}, {"protocol": "", "metric": "weights", "seed": ""}) == [
        ("test/accuracy/linear", 0), ("test/accuracy/knn", 0), ("cost/weights", 0)
    ]  # fmt: skip


def test_a_mean_of_one_seed_has_no_interval() -> None:
    assert [(p.name, p.value) for p in metrics.over_seeds([Point("a", "0", "test/mse", 0, 2.0)])] == [
        ("test/mse", 2.0), ("uncertainty/test/mse/n", 1)
    ]  # fmt: skip


def test_live_values_stand_for_the_same_steps_of_the_history() -> None:
    history = [{"arm": "a", "seed": "0", "step": str(step), "train/loss": "0.333333"} for step in (1, 2)]
    log = {"time": 7.0, "arm": "a", "seed": 0, "step": 2, "metrics": {"train/loss": 1 / 3}}
    first, second = metrics.of_history(history, [log])
    assert (first.value, first.time) == (0.333333, None)
    assert second.value == 1 / 3
    assert second.time == 7000
