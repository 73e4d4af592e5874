"""What the functions of the library take and give."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runner.events import Status

Name = str | os.PathLike[str]
"""A path, or for recipes the name of one of the gallery."""


@dataclass(frozen=True)
class Result:
    """How a run ended: what ``recipe run --json`` prints."""

    status: Status
    """``finished``, ``expectation_missed``, ``diverged``, ``failed``, ``interrupted``, ``terminated`` or ``pruned``."""
    run_dir: Path
    metrics: Mapping[str, float]
    """Final ``loss``, ``val_…`` and ``test_…`` figures, of the weights that were saved."""
    values: Mapping[str, Any]
    """All keys of the JSON object."""


@dataclass(frozen=True)
class Swept:
    """How a sweep stands: what ``recipe sweep --json`` prints."""

    status: Literal["finished", "unfinished"]
    """``unfinished`` where a signal has ended it."""
    sweep_dir: Path
    trials: Sequence[Mapping[str, Any]]
    """Each with ``trial``, ``values``, ``state``, ``value``, ``epochs`` and ``runs``."""
    best: Mapping[str, Any] | None
    """The trial with the best result."""
    best_recipe: Path | None
    """Its recipe."""
    importance: Mapping[str, float]
    """The share of each range in the differences between results."""


def optional(path: Name | None) -> Path | None:
    """The path, where there is one."""
    return None if path is None else Path(path)
