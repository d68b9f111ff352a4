"""Privileged information: what is not there when asked cannot be told from the answers."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from tutelage import params
from tutelage.data import controls, problems, words
from tutelage.data.controls import Stack
from tutelage.errors import Mistake
from tutelage.paradigms import lupi

GRID = {"penalties": [0.01, 0.3], "imitations": [1.0, 30.0], "taught": [1.0], "temperatures": [1.0, 3.0]}
WORLD = {
    "problem": {"kind": "worlds", "world": "clean_labels", "dim": 6},
    "labels": [40],
    "asked": 200,
    "splits": 3,
    "hidden": 0,
    "folds": 2,
    "grid": GRID,
    "svm": {"widths": [1.0], "strengths": [1.0], "most": 200, "corrections": [1.0]},
    "evaluations": 300,
    "tolerance": 1e-6,
}


def block(**changed: object) -> lupi.Params:
    return params.parse(lupi.Params, "lupi", {"lupi": {**WORLD, **changed}})


BLOCK = block()
OF = lupi.stack(BLOCK, 40)


def shuffled(of: Stack) -> Stack:
    """x* of what is asked, its rows turned about."""
    return of._replace(star_asked=of.star_asked.flip(1))


@pytest.mark.parametrize("hidden", [0, 2])
@pytest.mark.parametrize("control", [problems.STAR, "self", "smoothing"])
def test_x_star_of_what_is_asked_is_in_no_answer(control: str, hidden: int) -> None:
    some = block(hidden=hidden, evaluations=20)
    told, other = (lupi.learn(some, of, control) for of in (OF, shuffled(OF)))
    for method in lupi.METHODS:
        assert torch.equal(told[method].logits, other[method].logits)
    if control == problems.STAR:
        assert not torch.equal(told["teacher"].logits, other["teacher"].logits)


def test_labels_of_what_is_asked_are_in_no_answer_and_in_no_choice() -> None:
    told, other = (lupi.learn(BLOCK, of, problems.STAR) for of in (OF, OF._replace(y_asked=1 - OF.y_asked)))
    for arm, one in told.items():
        assert torch.equal(one.logits, other[arm].logits)
        assert torch.equal(one.chosen, other[arm].chosen)


def test_a_fold_does_not_know_the_labels_that_it_holds_out_nor_does_the_teacher_it_asks() -> None:
    one = block(grid=GRID | {"penalties": [0.3], "imitations": [1.0]})
    held = OF.kept[:, 0, :, None] == 0
    told = []
    for of in (OF, OF._replace(y=torch.where(held, 1 - OF.y, OF.y))):
        before = lupi.alone(one, of, of.star, "teacher")
        told.append(lupi.taught(one, of, "separate", of.star, before).at)
    assert torch.equal(told[0][:, 0], told[1][:, 0])
    assert not torch.equal(told[0][:, -1], told[1][:, -1])


def test_fewer_groups_than_folds_are_one_line() -> None:
    with pytest.raises(Mistake, match=r"the labels of split 0 are of 40 groups, too few for 41 folds; lower folds$"):
        lupi.stack(block(folds=41), 40)


def test_a_student_alone_is_logistic_regression() -> None:
    told = lupi.alone(BLOCK, OF, OF.x)
    penalty = BLOCK.grid.penalties[int(told.chosen[0])]
    n = OF.x.shape[1]
    # Two logits have half of the difference's weight each: a penalty on both is half of one on the difference.
    theirs = LogisticRegression(C=2 / (n * penalty), tol=1e-10, max_iter=1000).fit(OF.x[0], OF.y[0, :, 1])
    logits = told.predict(OF.x_asked)[0]
    np.testing.assert_allclose(logits[:, 1] - logits[:, 0], theirs.decision_function(OF.x_asked[0]), atol=1e-4)


def test_who_imitates_nobody_is_the_student_alone() -> None:
    nobody = block(grid=GRID | {"imitations": [0.0]})
    student = lupi.alone(nobody, OF, OF.x).told(OF.x_asked)
    told = lupi.learn(nobody, OF, problems.STAR)
    for method in lupi.METHODS:
        torch.testing.assert_close(told[method].logits, student.logits, rtol=0, atol=1e-4)


def test_to_imitate_by_mu_is_to_be_distilled_by_its_share_under_a_penalty_as_much_less() -> None:
    mu = 3.0
    apart = block(grid=GRID | {"penalties": [0.4], "imitations": [mu]})
    share = block(grid=GRID | {"penalties": [0.4 / (1 + mu)], "imitations": [mu], "temperatures": [1.0]})
    before = lupi.alone(block(grid=GRID | {"penalties": [0.1]}), OF, OF.star, "teacher")
    one = lupi.taught(apart, OF, "separate", OF.star, before).predict(OF.x_asked)
    other = lupi.taught(share, OF, "distilled", OF.star, before).predict(OF.x_asked)
    torch.testing.assert_close(one, other, rtol=0, atol=1e-4)


def test_who_imitates_a_teacher_that_sees_x_alone_and_nothing_else_becomes_it() -> None:
    before = lupi.alone(block(grid=GRID | {"penalties": [0.1]}), OF, OF.x, "teacher")
    some = block(grid=GRID | {"penalties": [1e-6], "imitations": [1e6], "temperatures": [1.0]})
    told = lupi.taught(some, OF, "distilled", OF.x, before).predict(OF.x_asked).softmax(-1)
    torch.testing.assert_close(told, before.predict(OF.x_asked).softmax(-1), rtol=0, atol=1e-3)


def test_each_split_chooses_by_what_its_own_folds_hold_out() -> None:
    some = block(grid=GRID | {"penalties": [1e-4, 0.01, 0.03, 0.1, 0.3, 1.0]})
    n, right = OF.x.shape[1], []
    for x, y, kept in zip(OF.x.numpy(), OF.y[..., 1].numpy(), OF.kept[:, :-1].bool().numpy(), strict=True):
        surprise = []
        for penalty in some.grid.penalties:
            missed = 0.0
            for fold in kept:
                theirs = LogisticRegression(C=2 / (fold.sum() * penalty), tol=1e-8, max_iter=1000).fit(x[fold], y[fold])
                missed -= theirs.predict_log_proba(x[~fold])[np.arange(n - fold.sum()), y[~fold].astype(int)].sum()
            surprise.append(missed)
        right.append(int(np.argmin(surprise)))
    assert lupi.alone(some, OF, OF.x).chosen.tolist() == right
    assert len(set(right)) > 1, "all choose the same: this shows nothing of whose choice it is"


def test_every_descent_ends_where_it_is_flat() -> None:
    told = lupi.learn(BLOCK, OF, problems.STAR)
    assert max(float(one.slope.max()) for one in told.values()) <= BLOCK.tolerance


def test_splits_do_not_see_each_other() -> None:
    drawn = [lupi.drawn(BLOCK, 40, split) for split in range(3)]
    few = lupi.learn(BLOCK, controls.stack(drawn[:2], 2), problems.STAR)
    for arm, one in lupi.learn(BLOCK, OF, problems.STAR).items():
        torch.testing.assert_close(one.logits[:2], few[arm].logits, rtol=0, atol=1e-6)


def test_in_the_first_world_a_student_gains_by_x_star_and_by_no_control() -> None:
    some = block(problem={"kind": "worlds", "world": "clean_labels", "dim": 20}, asked=1000, splits=5)
    of = lupi.stack(some, 100)

    def right(one: lupi.Told) -> float:
        return float((one.logits.argmax(-1) == of.y_asked).double().mean())

    alone = right(lupi.learn(some, of, "")["student"])
    assert right(lupi.learn(some, of, problems.STAR)["distilled"]) > alone + 0.02
    for control in problems.CONTROLS:
        assert right(lupi.learn(some, of, control)["distilled"]) < alone + 0.02


def hashed(split: int, columns: int = 60) -> problems.Split:
    """Three classes by their words, and more columns than examples."""
    draws = np.random.default_rng(split)
    y = np.arange(36) % 3
    said = [[f"{k} {draws.integers(6)}", f"{draws.integers(9)}"] for k in y]
    rows = words.hashed(said, columns)
    of = problems.Examples(
        rows, words.hashed([[f"{k}", w] for k, (_, w) in zip(y, said, strict=True)], columns), y, np.arange(36)
    )
    return problems.Split(of.of(np.arange(21)), of.of(np.arange(21, 36)))


WORDS = controls.stack([hashed(split) for split in range(2)], 2, standardised=False)


@pytest.mark.parametrize("control", [problems.STAR, "noise", "self"])
def test_with_more_columns_than_examples_answers_are_those_of_all_columns(
    control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = block(grid=GRID | {"penalties": [0.01], "imitations": [1.0]}, tolerance=1e-7)
    told = lupi.learn(some, WORDS, control)
    monkeypatch.setattr(lupi, "_span", lambda x: None)
    for arm, one in lupi.learn(some, WORDS, control).items():
        torch.testing.assert_close(told[arm].logits, one.logits, rtol=0, atol=1e-4)
        assert torch.equal(told[arm].chosen, one.chosen)


@pytest.mark.parametrize("control", [problems.STAR, "shuffled", "self"])
def test_x_star_of_texts_that_are_asked_is_in_no_answer(control: str) -> None:
    told, other = (lupi.learn(BLOCK, of, control) for of in (WORDS, shuffled(WORDS)))
    for method in lupi.METHODS:
        assert torch.equal(told[method].logits, other[method].logits)
        assert told[method].logits.shape == (2, 15, 3)
    if control == problems.STAR:
        assert not torch.equal(told["teacher"].logits, other["teacher"].logits)


@pytest.mark.parametrize(
    ("key", "value"), [("imitations", -1.0), ("taught", -0.5), ("temperatures", 0.0), ("penalties", 0.0)]
)
def test_a_weight_below_0_and_a_temperature_of_0_are_one_line(key: str, value: float) -> None:
    with pytest.raises(Mistake, match=rf"lupi\.grid\.{key}\.0 = {value}") as told:
        block(grid=GRID | {key: [value]})
    assert len(str(told.value).splitlines()) == 1


def test_x_star_that_would_reach_back_into_x_is_one_line() -> None:
    with pytest.raises(Mistake, match="around is 9; it must be below horizon, 9, or x\\* is in x too") as told:
        block(problem={"kind": "series", "history": 6, "horizon": 9, "around": 9})
    assert len(str(told.value).splitlines()) == 1
