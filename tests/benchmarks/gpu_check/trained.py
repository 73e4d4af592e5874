"""What the parts train: the benchmarks' networks on any device."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from runner.data.examples import Dataset
from runner.engine.distributed.replicas import ALONE, Replicas
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.start import Started, start_tensorflow
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded, Event, Steps
from runner.plan.plan import Plan
from schemas.hardware import Hardware
from tests.benchmarks.workload import dataset


def start(device: str, **more: Any) -> Started:
    """TensorFlow on the device; a GPU that is not there is an error with its reason."""
    return start_tensorflow(Hardware.model_validate({"device": device, **more}))


class Trained:
    """One training, with what came out of it.

    Args:
        plan: what is trained.
        replicas: on what.
        saver: of checkpoints.
        data: in place of the plan's own.
        watch: called after every call of steps.
    """

    def __init__(
        self,
        plan: Plan,
        replicas: Replicas = ALONE,
        saver: Any = None,
        data: Dataset | None = None,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self.losses: list[float] = []
        self.ends: list[float] = []
        self.watch = watch
        self.plan, self.data = plan, data or dataset(plan)
        self.learner = make_learner(plan, self.data, replicas)
        self.trainer = Trainer(plan, self.learner, self.data, self._hear, StopRequest(), saver)

    def run(self) -> "Trained":
        """Train to the end."""
        self.trainer.run()
        return self

    def _hear(self, event: Event) -> None:
        if isinstance(event, Steps):
            self.losses += event.loss
            self.watch()
        if isinstance(event, EpochEnded):
            self.ends.append(time.perf_counter())

    @property
    def milliseconds(self) -> float:
        """Of a step, in the epochs after the first."""
        return 1000 * float(np.median(np.diff(self.ends))) / self.plan.steps_per_epoch

    @property
    def learned(self) -> bool:
        """Whether all losses are finite and the last ones far below the first."""
        few = max(1, len(self.losses) // 10)
        return bool(np.isfinite(self.losses).all() and np.mean(self.losses[-few:]) < 0.8 * np.mean(self.losses[:few]))

    def bits(self) -> dict[str, bytes]:
        """All that a checkpoint would hold."""
        return {name: array.tobytes() for name, array in state_dict(self.learner).items()}
