"""How long a step takes in each of several forms: tried side by side, in processes that are thrown away.

TensorFlow takes its threads once a process, and a form has its own. Each is therefore tried in a process that is forked
from this one before TensorFlow computes anything, with a model, made-up examples and slots of its own: nothing of the
run moves. They are built at the same time, and then take turns. Where other work takes the processors that a step
needs, that work would decide, and nothing is found.
"""

import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection

import numpy as np

from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.engine.loop.other_work import busy_seconds
from runner.plan.plan import Plan
from runner.plan.threads import Threads, threads_of

STEPS = 3
"""Of a turn."""
TURNS = 8
SECONDS = 0.5
"""After which no further round of turns begins."""
BUSY = 0.2
"""Share of the processors that a step needs; other work that takes more of them would decide."""
PATIENCE = 60.0
"""Seconds that one answer may take, the first of which includes building and compiling."""


Turn = tuple[float, float]
"""Seconds that a step took, and seconds of processor time that its process has taken so far."""


class TrialFailed(Exception):
    """A form could not be tried; the message says why."""


def seconds_a_step(plan: Plan, forms: Sequence[Threads]) -> list[float]:
    """The least seconds that a step took in each form, in their order.

    To be called before TensorFlow computes anything in this process, and while it has no other thread.

    Raises:
        TrialFailed: a form cannot be tried, or the machine is busy.
    """
    with ExitStack() as stack:
        trials = [stack.enter_context(_trial(plan, form)) for form in forms]
        least, taken = [math.inf] * len(trials), [_answer(trial)[1] for trial in trials]
        began, others = time.perf_counter(), busy_seconds() - time.process_time() - sum(taken)
        for _ in range(TURNS):
            for k, trial in enumerate(trials):
                trial.send(STEPS)
                seconds, taken[k] = _answer(trial)
                least[k] = min(least[k], seconds)
            if time.perf_counter() > began + SECONDS:
                break
        others = busy_seconds() - time.process_time() - sum(taken) - others
    _require_processors(threads_of(plan), others / (time.perf_counter() - began))
    return least


def _require_processors(threads: int, taken: float) -> None:
    """Whether other work, which took so many processors, left those that the threads of a step need."""
    there = len(os.sched_getaffinity(0))
    needed = min(there, threads)
    if taken > there - needed + BUSY * needed:
        raise TrialFailed("other work keeps the processors busy")


@contextmanager
def _trial(plan: Plan, form: Threads) -> Iterator[Connection]:
    """A process that tries a form, to be asked for so many steps at a time; it ends with the block."""
    forking = multiprocessing.get_context("fork")
    ours, its = forking.Pipe()
    process = forking.Process(target=_try, args=(plan, form, ours, its), daemon=True)
    process.start()
    its.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _answer(trial: Connection) -> Turn:
    try:
        found: Turn | str = trial.recv() if trial.poll(PATIENCE) else f"no answer within {PATIENCE:g} s"
    except (EOFError, OSError):
        found = "its process has ended"
    if isinstance(found, str):
        raise TrialFailed(found)
    return found


def _try(plan: Plan, form: Threads, theirs: Connection, its: Connection) -> None:
    """In the process: build, make the first step, then answer until the run's process closes its end, or has gone."""
    theirs.close()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what TensorFlow says of its start is said again when the run starts
        os.dup2(nowhere, stream)
    try:
        made = _steps_of(plan, form)
        its.send(made(1))
        while True:
            its.send(made(its.recv()))
    except EOFError:
        return
    except Exception as error:
        its.send(f"{type(error).__name__}: {error}")


def _steps_of(plan: Plan, form: Threads) -> Callable[[int], Turn]:
    """A function that makes the first steps of a run again and again."""
    from runner.data.feed import feed_of
    from runner.engine.start import start_tensorflow
    from runner.engine.step.compiled import compile_steps
    from runner.engine.step.learner import make_learner

    examples = made_up(plan.data, STEPS * plan.batch_size)
    replicas = start_tensorflow(plan.recipe.hardware, form).replicas
    learner = make_learner(plan, Dataset(examples, None, None), replicas)
    run, feed = compile_steps(learner, examples, plan.batch_size), feed_of(examples, learner.augmentation)

    def made(steps: int) -> Turn:
        fed = feed.take(plan.recipe.seed, 0, 0, steps * plan.batch_size)
        planned = plan.schedule.evaluate(np.arange(steps))
        began = time.perf_counter()
        run(fed, planned)
        return (time.perf_counter() - began) / steps, time.process_time()

    return made


def made_up(data: DataFacts, count: int) -> Examples:
    """So many examples in the shapes and types of the data: inputs of 0 and 1, every class in turn.

    Both are words of any vocabulary, categories of any column and values of any pixel; speed does not depend on them.
    """
    kind = np.uint8 if data.bytes_per_value == 1 else np.float32
    inputs = np.random.default_rng(0).integers(0, 2, (count, *data.shape)).astype(kind)
    return Examples(inputs, _targets(data, count), np.ones(count, np.float32) if data.weighted else None)


def _targets(data: DataFacts, count: int) -> Array:
    turn = np.arange(count)
    if data.target_classes is not None:
        return np.stack([turn % max(len(names), 1) for names in data.target_classes], axis=1).astype(np.float32)
    if data.next_token:
        return np.repeat(turn[:, None] % 2, data.shape[0], axis=1).astype(np.int32)
    if data.classes is not None:
        return (turn % data.classes).astype(np.int32)
    if not data.targets:
        return (turn % 2).astype(np.float32)
    return np.repeat(turn[:, None] % 2, len(data.targets), axis=1).astype(np.uint8 if data.labels else np.float32)
