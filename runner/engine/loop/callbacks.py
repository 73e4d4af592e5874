"""The bridge to Keras' callbacks: hooks are called between two calls of the compiled step, and nowhere else.

Invariants:

* What a hook may change and have act is the model's weights, and ``model.stop_training``. A hyperparameter that a hook
  assigns would be overwritten by the schedule before the next step: that is an error.
* A run that goes on calls no hook twice for the same epoch or end; ``on_train_begin`` alone is called in every session,
  and what it then does to the weights of a run that goes on is undone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from runner.engine.distributed.workers import Workers
from runner.engine.loop.variables import load_state_dict, state_dict
from runner.engine.step.learner import Learner
from runner.errors import OwnCodeFailed
from runner.events import Sink, Warned
from runner.keras_errors import said_with_kind
from runner.model.own_callback import own_callbacks, silent_hooks
from runner.plan.callbacks import PlannedCallback
from runner.plan.plan import Plan

Logs = Mapping[str, float]
_STATE_AT_MOST = 1 << 20
"""Characters of a callback's state as JSON."""


class CallbackBridge:
    """The callbacks of one session.

    Args:
        callbacks: with what is planned of each; may be none.
        plan: has the lengths that callbacks see as ``params``.
        learner: its model is what they see as ``model``.
        emit: receives warnings.
    """

    def __init__(
        self, callbacks: Sequence[tuple[PlannedCallback, Any]], plan: Plan, learner: Learner, emit: Sink
    ) -> None:
        self._callbacks, self._learner, self._emit = callbacks, learner, emit
        self._workers = Workers(learner.replicas)
        self._states: list[Any] | None = None
        self._begun = -1
        """The last epoch whose on_epoch_begin was called."""
        self._ended = False
        self._open = False
        """Whether on_train_begin was called, and every callback has its state."""
        self.stopped = False
        """Whether one has asked the run to end."""
        for planned, callback in callbacks:
            callback.set_params({"verbose": 0, "epochs": plan.epochs, "steps": plan.steps_per_epoch})
            callback.set_model(learner.model)
            if silent := silent_hooks(planned, callback):
                emit(Warned(message=f"{planned.callback.target}: {', '.join(silent)} will never be called"))

    def steps_left(self, step: int, at_most: int) -> int:
        """Steps that one call may make from ``step`` on: to the next call of on_train_batch_end."""
        return min([at_most, *(one.every - step % one.every for one, _ in self._callbacks if one.every is not None)])

    def begin(self, *, over: bool) -> None:
        """The session begins; ``over``: there is nothing left to train."""
        self._ended = self._ended and over
        if not self._callbacks or self._ended:
            return
        goes_on = self._states is not None
        before = state_dict(self._learner) if goes_on else {}
        self._each("on_train_begin")
        if goes_on:
            load_state_dict(self._learner, before)
        for (planned, callback), state in zip(self._callbacks, self._states or (), strict=goes_on):
            if state is not None and hasattr(callback, "set_state"):
                self._guarded(planned, "set_state", partial(callback.set_state, state))
        self._open = True

    def epoch_begins(self, epoch: int) -> None:
        """The first step of an epoch is next."""
        if epoch != self._begun:
            self._begun = epoch
            self._each("on_epoch_begin", epoch)

    def batch_ended(self, step: int, in_epoch: int, logs: Callable[[], Logs]) -> None:
        """So many steps of the run, and of its epoch, are made; ``logs`` gives the means of the epoch so far."""
        due = [one for one, _ in self._callbacks if one.is_due(step)]
        if due:
            self._each("on_train_batch_end", in_epoch - 1, dict(logs()), only=due)

    def epoch_ended(self, epoch: int, logs: Logs) -> None:
        """An epoch, or the part of one with which the run ends, is evaluated."""
        self._each("on_epoch_end", epoch, dict(logs))

    def ended(self, logs: Logs) -> None:
        """The run is at its end."""
        self._each("on_train_end", dict(logs))
        self._ended = True

    def _each(self, hook: str, *arguments: Any, only: Sequence[PlannedCallback] | None = None) -> None:
        for planned, callback in self._callbacks:
            if only is not None and planned not in only:
                continue
            own = [dict(value) if isinstance(value, dict) else value for value in arguments]
            self._guarded(planned, hook, partial(getattr(callback, hook), *own))

    def _guarded(self, planned: PlannedCallback, hook: str, call: Callable[[], Any]) -> None:
        """Call a hook; what it raises, and a hyperparameter that it assigns, ends the run."""
        model, name = self._learner.model, f"callback {planned.callback.target}, {hook}"
        # past Keras' own bookkeeping, by which the optimizer would become a part of the model
        object.__setattr__(model, "optimizer", self._learner.optimizer.optimizer)
        object.__setattr__(model, "stop_training", False)
        before = self._driven()
        try:
            call()
        except Exception as error:  # it is somebody's own, and may raise anything
            raise OwnCodeFailed(f"{name}: {said_with_kind(error)}") from error
        changed = [key for key, value in self._driven().items() if value != before[key]]
        if changed:
            raise OwnCodeFailed(
                f"{name}: it assigned {' and '.join(changed)}, which the schedule assigns before every step: it "
                "would never act",
                "write the values as the recipe's schedule, or as one of custom code",
            )
        self._require_alike(name)
        if self._workers.broadcast_number(int(bool(model.stop_training))) and not self.stopped:
            self.stopped = True
            self._emit(Warned(message=f"{name}: it set model.stop_training, and the run ends"))

    def _require_alike(self, name: str) -> None:
        """Raise where a hook has made another model of one worker than of the others: they would train apart unseen.

        Raises:
            WorkersDiffer: on every worker.
        """
        if self._workers.count > 1:
            digest = hashlib.sha256()
            for variable in self._learner.model.variables:
                digest.update(variable.numpy().tobytes())
            self._workers.require_same(f"after {name} the model", digest.hexdigest())

    def _driven(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: float(variable.numpy()) for name, variable in self._learner.hyperparameters.items()
        }
        return {
            **found,
            "learning_rate": (id(self._learner.optimizer.optimizer._learning_rate), found["learning_rate"]),
        }

    def state_dict(self) -> dict[str, Any]:
        """What of the callbacks a checkpoint holds: of those with ``get_state`` what it gives."""
        if self._states is not None and not self._open:  # the session has not begun: what it was given still holds
            return {"begun": self._begun, "ended": self._ended, "states": self._states}
        states = [self._state_of(planned, callback) for planned, callback in self._callbacks]
        return {"begun": self._begun, "ended": self._ended, "states": states}

    def _state_of(self, planned: PlannedCallback, callback: Any) -> Any:
        if not hasattr(callback, "get_state"):
            return None
        name = f"callback {planned.callback.target}, get_state"
        try:
            text = json.dumps(callback.get_state(), allow_nan=False)
        except Exception as error:  # it is somebody's own, or no JSON
            raise OwnCodeFailed(f"{name}: {said_with_kind(error)}") from error
        if len(text) > _STATE_AT_MOST:
            raise OwnCodeFailed(
                f"{name}: it must give at most {_STATE_AT_MOST:,} characters of JSON, got {len(text):,}"
            )
        return json.loads(text)

    def load_state_dict(self, state: Mapping[str, Any] | None) -> None:
        """Take over what :meth:`state_dict` gave, once the session begins; None: the run begins anew for callbacks."""
        self._states = [None] * len(self._callbacks)
        if state is not None and len(state["states"]) == len(self._callbacks):
            self._states, self._begun, self._ended = state["states"], state["begun"], state["ended"]


def bridge_of(plan: Plan, learner: Learner, emit: Sink) -> CallbackBridge:
    """The callbacks of a plan.

    Raises:
        BuildError: one cannot be made.
    """
    return CallbackBridge(tuple(own_callbacks(plan)), plan, learner, emit)
