"""Callbacks of custom code: which hooks act, and how often."""

from dataclasses import dataclass

from schemas.callbacks import Callback
from schemas.quantities import Duration


@dataclass(frozen=True)
class PlannedCallback:
    """A callback, with its interval in steps."""

    callback: Callback
    every: int | None
    """Steps from one call of on_train_batch_end to the next; None: it is never called."""

    @property
    def text(self) -> str:
        """The hooks that act, for the plan."""
        each = f", batch end every {self.every:,} steps" if self.every is not None else ""
        return f"on train begin and end, epoch begin and end{each}"

    def acts(self, hook: str) -> bool:
        """Whether a hook of Keras is called."""
        if hook in ("on_train_batch_end", "on_batch_end"):
            return self.every is not None
        return hook in ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end")

    def is_due(self, step: int) -> bool:
        """Whether on_train_batch_end is called after so many steps."""
        return self.every is not None and step % self.every == 0


def plan_callbacks(callbacks: tuple[Callback, ...], steps: int, steps_per_epoch: int) -> tuple[PlannedCallback, ...]:
    """The callbacks of a run of ``steps`` steps."""

    def interval(every: Duration | None) -> int | None:
        return None if every is None else max(1, round(every.steps(total=steps, per_epoch=steps_per_epoch)))

    return tuple(PlannedCallback(one, interval(one.every)) for one in callbacks)
