"""Fits side by side: the same results, in order, and nothing left over when one goes wrong."""

import os
import signal
import time
from pathlib import Path

import pytest
import torch

from tutelage.errors import Mistake
from tutelage.params import Compute
from tutelage.training import parallel
from tutelage.training.parallel import Watch

pytestmark = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="one core: nothing runs side by side, and the path in turn has other tests"
)


def heard(job: object, said: object) -> None:
    raise AssertionError(f"{job} said {said}")


def test_results_come_in_the_order_of_jobs_and_what_is_said_is_heard_here(compute: Compute) -> None:
    def work(job: int, watch: Watch) -> tuple[int, int]:
        watch(f"begin {job}")
        time.sleep(0.05 * (4 - job))
        return job, os.getpid()

    said: list[tuple[int, str]] = []
    results = parallel.each(work, range(4), lambda job, word: said.append((job, word)), compute)
    assert [job for job, _ in results] == [0, 1, 2, 3]
    assert os.getpid() not in {process for _, process in results}
    assert sorted(said) == [(job, f"begin {job}") for job in range(4)]


def test_side_by_side_gives_what_in_turn_gives(compute: Compute) -> None:
    def work(seed: int, watch: Watch) -> list[float]:
        draws = torch.Generator().manual_seed(seed)
        x = torch.randn(300, 40, generator=draws)
        return (x @ torch.randn(40, 7, generator=draws)).sum(0).tolist()

    assert parallel.each(work, [3, 1, 2], heard, compute) == [work(seed, print) for seed in (3, 1, 2)]


def test_with_more_threads_a_fit_jobs_run_here_in_turn(compute: Compute) -> None:
    several = compute.model_copy(update={"threads": 2})
    assert parallel.each(lambda job, watch: os.getpid(), [1, 2], heard, several) == [os.getpid()] * 2


def test_a_mistake_in_one_is_raised_here_and_the_others_are_stopped(compute: Compute, tmp_path: Path) -> None:
    def work(job: int, watch: Watch) -> None:
        if job == 0:
            raise Mistake("params.yaml: lower learning_rate")
        time.sleep(1)
        (tmp_path / "went on").touch()

    with pytest.raises(Mistake) as told:
        parallel.each(work, [0, 1], heard, compute)
    assert str(told.value) == "params.yaml: lower learning_rate"
    time.sleep(1.2)
    assert not (tmp_path / "went on").exists()


def test_a_bug_in_one_says_where(compute: Compute) -> None:
    def work(job: int, watch: Watch) -> float:
        return 1 / job

    with pytest.raises(ZeroDivisionError) as told:
        parallel.each(work, [1, 0], heard, compute)
    assert "return 1 / job" in told.value.__notes__[0]


def test_one_that_is_killed_is_said_and_not_waited_for(compute: Compute) -> None:
    def work(job: str, watch: Watch) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(RuntimeError, match=r"the process that worked on (near|far) ended with -9; is there memory"):
        parallel.each(work, ["near", "far"], heard, compute)
