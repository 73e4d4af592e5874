"""The table of epochs: its columns, and the cells of an epoch. All text that leaves this module is printable."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from runner.events import EpochEnded, RunStarted
from runner.sinks import format as fmt
from runner.sinks.layout import BEST_COLUMN, Cells, Column
from runner.text import printable

BEST = "*"
"""Marks an epoch that was the best so far."""

_LONGEST_METRIC = 14


@dataclass(frozen=True)
class EpochTable:
    """What the columns hold and how wide they are; the metrics are those seen so far, in the recipe's order."""

    run: RunStarted
    metrics: tuple[str, ...]
    momentum: bool

    @classmethod
    def start(cls, run: RunStarted) -> "EpochTable":
        """The table before the first epoch."""
        return cls(run, _training_first(run.metrics), momentum=False)

    def including(self, event: EpochEnded) -> "EpochTable":
        """The table with the columns that this epoch needs too."""
        metrics = _training_first((*self.metrics, *event.metrics))
        return replace(self, metrics=metrics, momentum=self.momentum or event.momentum is not None)

    def columns(self, *, stacked: bool) -> list[Column]:
        """All columns, from left to right.

        Args:
            stacked: break headings such as ``val_accuracy`` into two lines, which saves width, and cut long ones.
        """
        heading = _stacked if stacked else _single
        momentum = [("momentum", 8)] if self.momentum else []
        metrics = [(name, 7) for name in self.metrics]
        phase = max((fmt.width(printable(row.name)) for row in self.run.phases), default=0)
        numeric = [("epoch", len(self.epoch(self.run.epochs - 1))), ("learning_rate", 9), *momentum, *metrics]
        columns = [_column(key, heading(key), least) for key, least in [*numeric, ("time", 6)]]
        return [*columns, Column(BEST_COLUMN, heading(""), 1), _column("phase", heading("phase"), phase, left=True)]

    def epoch(self, epoch: int) -> str:
        """``3/10`` for the 0-based epoch 2."""
        return f"{epoch + 1}/{self.run.epochs}"

    def cells(self, event: EpochEnded) -> Cells:
        """The row of an epoch."""
        return {
            "epoch": self.epoch(event.epoch),
            "learning_rate": fmt.rate(event.learning_rate),
            "momentum": fmt.momentum(event.momentum),
            **{name: fmt.measure(event.metrics.get(name)) for name in self.metrics},
            "time": fmt.seconds(event.seconds),
            BEST_COLUMN: BEST if event.best else "",
            "phase": printable(event.phase),
        }


def _training_first(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, validation after training; otherwise in the order given."""
    return tuple(sorted(dict.fromkeys(names), key=lambda name: name.startswith("val_")))


def _column(key: str, heading: tuple[str, ...], least: int, *, left: bool = False) -> Column:
    return Column(key, heading, max(least, *map(fmt.width, heading)), left)


def _single(key: str) -> tuple[str, ...]:
    return (printable(key),)


def _stacked(key: str) -> tuple[str, ...]:
    above, _, below = ("", "", key) if not key.startswith(("val_", "learning_")) else key.partition("_")
    return above, fmt.clip(printable(below), _LONGEST_METRIC)
