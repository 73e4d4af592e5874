"""The range test: the loss as a function of a learning rate that grows with every batch.

Invariant: whatever happens in a sweep, the learner is afterwards bit for bit as before.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from runner.curves.types import Values
from runner.data.examples import Splits
from runner.data.feed import Fed, feed_of
from runner.engine.loop.call_checks import require_planned
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.out_of_memory import out_of_memory_as_error
from runner.engine.loop.variables import load_state_dict, preserved, state_dict
from runner.engine.step.compiled import compile_steps
from runner.engine.step.learner import Learner, make_learner
from runner.events import shortest
from runner.lr_find.advice import Advice, advise, rounded
from runner.lr_find.sweep import Sweep, band, growing_rates, median_sweep, sweep_of
from runner.plan.plan import Plan
from schemas.rules.parts import base_of

_FEWEST, _MOST = 100, 300


def default_steps(plan: Plan) -> int:
    """One epoch, but at least 100 and at most 300 steps: fewer say little, and more add little."""
    return min(max(plan.steps_per_epoch, _FEWEST), _MOST)


def held_momentum(plan: Plan) -> float | None:
    """The momentum of the whole test: what the schedule gives step 0; None for an optimizer without."""
    held = plan.schedule.evaluate([0]).get("momentum")
    return None if held is None else shortest(held)[0]


@dataclass(frozen=True)
class Range:
    """The learning rates of a test, growing by a constant factor."""

    min_lr: float
    max_lr: float
    steps: int

    @property
    def rates(self) -> NDArray[np.float32]:
        """One learning rate per step, in float32 as used in training."""
        return growing_rates(self.min_lr, self.max_lr, self.steps).astype(np.float32)


def batch_weights(plan: Plan, steps: int) -> Values:
    """Examples of each step's batch divided by ``batch_size``: below one for an incomplete last batch of an epoch."""
    position = np.arange(steps, dtype=np.int64) % plan.steps_per_epoch * plan.batch_size
    weights: Values = np.minimum(plan.batch_size, plan.data.train - position) / plan.batch_size
    return weights


class RangeTest:
    """Tests one learner, compiled once, any number of times."""

    def __init__(self, plan: Plan, learner: Learner, dataset: Splits) -> None:
        self.plan, self.learner = plan, learner
        self.feed = feed_of(dataset.train, learner.augmentation)
        self.run_steps = compile_steps(learner, dataset.train, plan.batch_size)

    def sweep(self, swept: Range, seed: int) -> Sweep:
        """Train with η(t) = η_min · (η_max/η_min)^(t/(n−1)), record the loss of each batch, and undo everything.

        The loss is that of the step's batch before its update, with regularizers. The order of examples is that of
        training with this seed; a test longer than an epoch continues with the next epoch.

        Args:
            swept: lowest and highest learning rate, and n.
            seed: determines the order of examples, like the recipe's seed in training.

        Raises:
            ScheduleMismatch: the optimizer did not use the planned values.
        """
        rates, sweep = swept.rates, sweep_of(swept.rates, [])
        weights = batch_weights(self.plan, len(rates))
        with preserved(self.learner), closing(self.feed):
            for losses in self._calls(rates, seed):
                sweep = sweep_of(rates, np.append(sweep.loss, losses), weights)
                if sweep.stopped is not None:
                    break
        return sweep

    def _calls(self, rates: NDArray[np.float32], seed: int) -> Iterator[NDArray[np.float32]]:
        """Yield the losses of each compiled call; no call crosses an epoch, whose last batch may be short."""
        size, epoch_steps, pace, step = self.plan.batch_size, self.plan.steps_per_epoch, CallLength(), 0
        while step < len(rates):
            epoch, position = divmod(step, epoch_steps)
            count = pace.steps(min(epoch_steps - position, len(rates) - step))
            fed = self.feed.take(seed, epoch, position * size, (position + count) * size)
            pace.begin()
            losses = self._call(step, fed, rates[step : step + count])
            pace.end(count)
            step += count
            yield losses

    def _call(self, step: int, fed: Fed, rates: NDArray[np.float32]) -> NDArray[np.float32]:
        held = self.plan.schedule.evaluate(np.zeros(len(rates)))  # all but the learning rate stay as at step 0
        planned = {**held, "learning_rate": rates}
        values = self.run_steps(fed, planned)
        require_planned(step, planned, values.hyperparameters)
        return values.loss


@dataclass(frozen=True)
class Found:
    """The results of the tests of a plan."""

    plan: Plan
    swept: Range
    momentum: float | None
    """Constant momentum of the test; None for an optimizer without momentum."""
    sweeps: dict[int, Sweep]
    """Sweeps by seed."""
    each: list[Advice]
    """Advice from the sweep of each seed."""
    median: Sweep
    advice: Advice
    """Advice from the median."""

    @property
    def suggestion(self) -> float | None:
        """The recommended learning rate, to two digits."""
        return rounded(self.advice.learning_rate)

    @property
    def band(self) -> tuple[Values, Values]:
        """Lowest and highest smoothed loss over the seeds at each step of the median."""
        return band(list(self.sweeps.values()), len(self.median.loss))


def find(plan: Plan, dataset: Splits, swept: Range, repeats: int) -> Found:
    """Test with one or several seeds, and advise on the median of their losses.

    Raises:
        BuildError: Keras rejects a layer.
        OutOfMemory: there is too little memory.
        ScheduleMismatch: the optimizer did not use the planned values.
    """
    with out_of_memory_as_error(plan):
        sweeps = dict(repeated(plan, dataset, swept, repeats))
    median = median_sweep(swept.rates, list(sweeps.values()), batch_weights(plan, swept.steps))
    base, _ = base_of(plan.recipe)
    peak = base is not None and base.peaks
    return Found(
        plan=plan,
        swept=swept,
        momentum=held_momentum(plan),
        sweeps=sweeps,
        each=[advise(sweep, peak=peak) for sweep in sweeps.values()],
        median=median,
        advice=advise(median, peak=peak),
    )


def repeated(plan: Plan, dataset: Splits, swept: Range, repeats: int) -> Iterator[tuple[int, Sweep]]:
    """Test with new weights, order of examples and dropout for each of several seeds, starting with the recipe's.

    The split of the data is always that of the recipe.

    Raises:
        BuildError: Keras rejects a layer.
    """
    test: RangeTest | None = None
    for repeat in range(repeats):
        seed = (plan.recipe.seed + repeat) % 2**32
        fresh = make_learner(replace(plan, recipe=plan.recipe.model_copy(update={"seed": seed})), dataset)
        if test is None:
            test = RangeTest(plan, fresh, dataset)
        else:
            load_state_dict(test.learner, state_dict(fresh))
        yield seed, test.sweep(swept, seed)
