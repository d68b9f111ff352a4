"""Independent fits at once, a process each: a core does more on a small fit of its own than on half of another's."""

import ctypes
import multiprocessing
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from tutelage.params import Compute

Job = TypeVar("Job")
Result = TypeVar("Result")
Watch = Callable[[Any], None]


def each(
    work: Callable[[Job, Watch], Result], jobs: Sequence[Job], tell: Callable[[Job, Any], None], compute: Compute
) -> list[Result]:
    """work(job, watch) of every job, in the jobs' order; what a job says to watch, tell(job, said) hears here.

    No result depends on how many run at once: one a core with `threads: 1`. In turn, in this process, on a GPU or
    with more threads. Raises what a job raises, once the others are stopped.
    """
    at_once = min(len(jobs), len(os.sched_getaffinity(0)))
    if at_once < 2 or compute.threads > 1 or compute.device == "cuda":  # OpenMP's threads do not survive a fork
        return [work(job, partial(tell, job)) for job in jobs]
    fork = multiprocessing.get_context("fork")  # the data are shared, not sent
    results: dict[int, Result] = {}
    running: dict[Any, tuple[int, Any]] = {}
    waiting = list(range(len(jobs)))
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number = waiting.pop(0)
                here, there = fork.Pipe(duplex=False)
                process = fork.Process(target=_work, args=(work, jobs[number], there), daemon=True)
                with warnings.catch_warnings():
                    # Python 3.12 warns of forks beside threads; ours only waits for its parent's end.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    process.start()
                there.close()
                running[here] = number, process
            for ready in wait(list(running)):
                number, process = running[ready]
                kind, told = _received(ready, process, jobs[number])
                if kind == "said":
                    tell(jobs[number], told)
                elif kind == "failed":
                    raise told
                else:
                    results[number] = told
                    process.join()
                    del running[ready]
    finally:
        for _, process in running.values():
            process.kill()
    return [results[number] for number in range(len(jobs))]


def _work(work: Callable[[Any, Watch], Any], job: Any, to: Connection) -> None:
    """In the new process."""
    with suppress(OSError, AttributeError):  # Linux's prctl: when the stage is killed, its workers are too
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    try:
        to.send(("done", work(job, lambda said: to.send(("said", said)))))
    except KeyboardInterrupt:
        pass  # the stage was interrupted too, and says so
    except Exception as error:
        error.add_note(traceback.format_exc())
        to.send(("failed", error))


def _received(ready: Any, process: Any, job: object) -> tuple[str, Any]:
    try:
        told: tuple[str, Any] = ready.recv()
        return told
    except EOFError:
        process.join()
        raise RuntimeError(
            f"the process that worked on {job} ended with {process.exitcode}; is there memory?"
        ) from None
