"""Words of which a recipe's task takes only some: losses and metrics."""

from typing import get_args

from runner.diagnostics import suggest, sure
from runner.source.checking.complaints import Remarks
from runner.source.yaml.nodes import MappingNode, Node, Scalar
from schemas.losses import LOSSES, losses_for
from schemas.metrics import Metric, fits


def task_of(root: Node) -> str:
    """The task that a recipe names; empty for a part of a recipe."""
    entry = root.entries.get("task") if isinstance(root, MappingNode) else None
    return entry.value.value if entry and isinstance(entry.value, Scalar) and isinstance(entry.value.value, str) else ""


def of_task(key: str, word: str, task: str) -> Remarks | None:
    """Remarks on an unknown loss or metric whose nearest word is for another task; None if that word fits the task."""
    every, fitting = _words(key, task)
    meant = suggest(word, every)
    if not fitting or meant is None or meant in fitting:
        return None
    near = suggest(word, fitting)
    label = f"did you mean '{near}'?" if near else f"{meant} is not for {task}"
    what = {"loss": "losses", "metrics": "metrics"}[key]
    return Remarks(label, f"{what} for {task}: {', '.join(fitting)}", sure(word, fitting))


def _words(key: str, task: str) -> tuple[list[str], list[str]]:
    """All words of a key, and those for the task."""
    if key == "loss":
        return list(LOSSES), losses_for(task)
    metrics = list(get_args(Metric)) if key == "metrics" else []
    return metrics, [name for name in metrics if fits(name, task)]
