"""The table of epochs: its columns and the cells of an epoch. All returned text is printable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from runner.events import EpochEnded, RunStarted, Steps
from runner.sinks import formatting as fmt
from runner.sinks.headings import stacked as stacked_heading
from runner.sinks.layout import BEST_COLUMN, Cells, Column
from runner.text import printable

BEST = "*"
"""Mark of an epoch that was the best so far."""

_LONGEST_PHASE = 12
"""Maximum width of a phase name in a stacked table: names, unlike numbers, can be recognised when cut."""


@dataclass(frozen=True)
class EpochTable:
    """Columns and their widths; the metrics are those seen so far, in the order of the recipe."""

    run: RunStarted
    metrics: tuple[str, ...]
    momentum: bool
    widths: Mapping[str, int] = field(default_factory=dict)
    """Width of the widest cell seen so far, per column."""

    @classmethod
    def start(cls, run: RunStarted) -> "EpochTable":
        """The table before the first step, with every column that the run announces."""
        return cls(run, _training_first(run.metrics), momentum=bool(run.momentum))

    def including(self, event: EpochEnded) -> "EpochTable":
        """The table with its columns extended and widened for this epoch."""
        metrics = _training_first((*self.metrics, *event.metrics))
        table = replace(self, metrics=metrics, momentum=self.momentum or event.momentum is not None)
        return table._holding(table.cells(event))

    def including_steps(self, event: Steps, phase: str) -> "EpochTable":
        """The table with its columns extended and widened for the current epoch."""
        table = replace(self, momentum=self.momentum or event.momentum is not None)
        return table._holding(table.cells_under_way(event, phase))

    def _holding(self, cells: Cells) -> "EpochTable":
        widest = {key: max(self.widths.get(key, 0), fmt.width(text)) for key, text in cells.items()}
        return replace(self, widths={**self.widths, **widest})

    def columns(self, *, stacked: bool) -> list[Column]:
        """All columns, from left to right.

        Args:
            stacked: break headings such as ``val_accuracy`` into lines, to save width, and cut long names of phases.
        """
        phase = max((fmt.width(printable(row.name)) for row in self.run.phases), default=0)
        least = {
            "epoch": len(self.epoch(self.run.epochs - 1)),
            "learning_rate": 9,
            **({"momentum": 8} if self.momentum else {}),
            **dict.fromkeys(self.metrics, 7),
            "time": 6,
            BEST_COLUMN: 1,
            "phase": min(phase, _LONGEST_PHASE) if stacked else phase,
        }
        headings = _headings(least, stacked=stacked)
        widths = {key: max(width, self._needed(key, stacked=stacked)) for key, width in least.items()}
        return [
            Column(key, headings[key], max(width, *map(fmt.width, headings[key])), left=key == "phase")
            for key, width in widths.items()
        ]

    def _needed(self, key: str, *, stacked: bool) -> int:
        needed = self.widths.get(key, 0)
        return min(needed, _LONGEST_PHASE) if stacked and key == "phase" else needed

    def epoch(self, epoch: int) -> str:
        """``3/10`` for the 0-based epoch 2 of 10."""
        return f"{epoch + 1}/{self.run.epochs}"

    def cells(self, event: EpochEnded) -> Cells:
        """The row of a finished epoch."""
        return {
            "epoch": self.epoch(event.epoch),
            "learning_rate": fmt.rate(event.learning_rate),
            "momentum": fmt.momentum(event.momentum),
            **{name: fmt.measure(event.metrics.get(name)) for name in self.metrics},
            "time": fmt.seconds(event.seconds),
            BEST_COLUMN: BEST if event.best else "",
            "phase": printable(event.phase),
        }

    def cells_under_way(self, event: Steps, phase: str) -> Cells:
        """The row of an unfinished epoch: its newest step, and its training metrics so far."""
        so_far = event.metrics if event.metrics is not None else {"loss": event.loss[-1]}
        return {
            "epoch": self.epoch(event.epoch),
            "learning_rate": fmt.rate(event.learning_rate[-1]),
            "momentum": fmt.momentum(event.momentum[-1]) if event.momentum else "",
            **{name: fmt.measure(so_far[name]) for name in self.metrics if name in so_far},
            "phase": printable(phase),
        }


def short(cells: Cells) -> Cells:
    """The cells with the phase name cut as a stacked table shows it."""
    return {**cells, "phase": fmt.clip(cells.get("phase", ""), _LONGEST_PHASE)}


def _training_first(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, validation after training, otherwise in the given order."""
    return tuple(sorted(dict.fromkeys(names), key=lambda name: name.startswith("val_")))


def _headings(keys: Iterable[str], *, stacked: bool) -> dict[str, tuple[str, ...]]:
    """Lines of the headings, the same number for all; the column of the mark has a heading only if there is room."""
    if not stacked:
        return {key: (printable(key),) for key in keys}
    lines = {key: stacked_heading("" if key == BEST_COLUMN else printable(key)) for key in keys}
    most = max(map(len, lines.values()))
    return {key: ("",) * (most - len(parts)) + parts for key, parts in lines.items()}
