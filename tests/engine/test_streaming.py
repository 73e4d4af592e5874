"""Data that is read as it trains gives what the same examples give from the device's memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from runner.data.examples import Dataset, Examples
from runner.data.placement import Placement, Window
from runner.data.read_failure import data_loss_as_error
from runner.data.sources.builtin import streamed
from runner.data.streaming.block_order import Range, StreamedSplit
from runner.data.streaming.stream import StreamingFeed
from runner.engine.distributed.replicas import Replicas
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import make_learner
from runner.errors import DataError, DataLost
from runner.events import EpochEnded
from runner.model.scaling import moments
from tests.engine.problem import Problem
from tests.engine.replay import losses_of

Make = Callable[..., Problem]
WHERE = Placement(Window(4, 3), False, 0)
"""Windows of 12: with batches of 8 most calls span several."""


def streaming(problem: Problem, towers: int = 1) -> Problem:
    data = problem.dataset
    assert data.validation is not None
    parts = Dataset(streamed(data.train, WHERE), streamed(data.validation, WHERE), None)
    return replace(
        problem, dataset=parts, learner=make_learner(problem.plan, parts, Replicas(towers=towers)), events=[]
    )


class SameOrder:
    """The order of a stream, of examples that are on the device."""

    def __init__(self, split: StreamedSplit) -> None:
        n = len(split)
        places = np.arange(n, dtype=np.int32)
        self.stream = StreamingFeed(streamed(Examples(places, places), WHERE))

    def take(self, seed: int, epoch: int, start: int, stop: int) -> Any:
        return self.stream.take(seed, epoch, start, stop).y

    def close(self) -> None:
        self.stream.close()


def resident_in_the_same_order(problem: Problem) -> Problem:
    trainer = problem.trainer()
    trainer.stepper.feed = SameOrder(streamed(problem.dataset.train, WHERE))
    trainer.run()
    return problem


def metrics_of(problem: Problem) -> list[dict[str, float]]:
    return [event.metrics for event in problem.events if isinstance(event, EpochEnded)]


@pytest.mark.parametrize(
    "case",
    [{}, {"training": {"epochs": 5, "accumulate": 3, "class_weight": "balanced"}}, {"n": 5}],
    ids=["plain", "micro-batches and class weights", "one window"],
)
def test_a_stream_trains_as_the_same_order_from_memory_does(problem: Make, case: dict[str, Any]) -> None:
    streams = streaming(problem(**case))
    streams.train()
    memory = resident_in_the_same_order(problem(**case))
    assert losses_of(streams) == losses_of(memory)
    np.testing.assert_allclose(
        [list(m.values()) for m in metrics_of(streams)], [list(m.values()) for m in metrics_of(memory)], rtol=1e-6
    )


def test_validation_that_is_read_equals_validation_in_memory(problem: Make) -> None:
    case = problem()
    assert case.dataset.validation is not None
    parts = streamed(case.dataset.validation, WHERE)
    read, kept = (
        compile_evaluation(case.learner, split, ("accuracy",))() for split in (parts, case.dataset.validation)
    )
    assert read == pytest.approx(kept, rel=1e-6)


def test_moments_of_parts_are_those_of_the_whole() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(5, 3, size=(9_001, 4)).astype(np.float32)
    split = streamed(Examples(x, np.zeros(9_001, np.int32)), WHERE)
    mean, variance = moments(split)
    np.testing.assert_allclose(mean, x.mean(axis=0, dtype=np.float64), rtol=1e-12)
    np.testing.assert_allclose(variance, x.var(axis=0, dtype=np.float64), rtol=1e-12)


def test_data_that_ends_early_ends_the_training_with_a_reason(problem: Make) -> None:
    case = problem()
    whole = streamed(case.dataset.train, WHERE)

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        for number, part in enumerate(whole.read(ranges)):
            if number == 9:
                raise DataError("the file is torn", "bring it back")
            yield part

    torn = replace(case, dataset=Dataset(replace(whole, read=read), case.dataset.validation, None), events=[])
    with pytest.raises(DataLost, match="the file is torn; bring it back"), data_loss_as_error():
        torn.train()
    assert 0 < len(losses_of(torn)) < case.plan.steps
