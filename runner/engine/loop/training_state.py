"""All that a run knows beyond the variables of model and optimizer: what a checkpoint saves and restores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runner.curves import PlateauState
from runner.engine.loop.best import Best, Weights, best_of
from runner.engine.loop.callbacks import CallbackBridge
from runner.engine.loop.early_stopping import EarlyStoppingState, stopping_of
from runner.engine.loop.position import Position
from runner.engine.loop.time_limit import TimeLimit
from runner.plan.plan import Plan


@dataclass
class TrainingState:
    """Where a run is and what its rules remember; the loop changes it, a checkpoint holds all of it."""

    best: Best
    """The best model so far, with its weights."""
    stopping: EarlyStoppingState | None
    """What early stopping has counted; None where the recipe has none."""
    limit: TimeLimit
    """Seconds of training so far, over all sessions."""
    position: Position = field(default_factory=Position)
    """Epoch and step, sums over the epoch under way, and the figures of the last evaluations."""
    plateau: PlateauState = field(default_factory=PlateauState)
    """What the plateau rule has counted."""
    over: bool = False
    """Whether early stopping, or a callback, has ended the run."""
    callbacks: CallbackBridge | None = None
    """Callbacks of custom code; None where the recipe has none."""

    @classmethod
    def of(cls, plan: Plan) -> "TrainingState":
        """The state before the first step."""
        wanted, limit = plan.recipe.training.early_stopping, plan.recipe.training.time_limit
        return cls(best_of(plan.best, wanted), stopping_of(wanted), TimeLimit(None if limit is None else limit.seconds))

    def state_dict(self) -> dict[str, Any]:
        """Everything but the weights of the best model, as plain values."""
        return {
            "position": self.position.to_dict(),
            "plateau": self.plateau.to_dict(),
            "best": self.best.state_dict(),
            "stopping": None if self.stopping is None else self.stopping.state_dict(),
            "over": self.over,
            "seconds": self.limit.spent,
            **({} if self.callbacks is None else {"callbacks": self.callbacks.state_dict()}),
        }

    def load_state_dict(self, state: Mapping[str, Any], best_weights: Weights | None) -> None:
        """Take over what :meth:`state_dict` gave.

        Args:
            state: may have further keys, which a checkpoint adds.
            best_weights: of the best model; None where there is none yet.
        """
        self.position = Position.from_dict(state["position"])
        self.plateau = PlateauState.from_dict(state["plateau"])
        if state["best"] is not None:
            self.best.load_state_dict(state["best"], best_weights)
        if self.stopping is not None and state["stopping"] is not None:
            self.stopping.load_state_dict(state["stopping"])
        self.over = state["over"]
        self.limit.before = state["seconds"]
        if self.callbacks is not None:
            self.callbacks.load_state_dict(state.get("callbacks"))
