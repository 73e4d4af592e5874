"""Whether a run fits into this machine's memory; a recipe that does not is refused before anything is allocated."""

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from runner.errors import TooLarge
from runner.measures.scores import bytes_per_example
from runner.plan.memory import Memory, estimate, human
from runner.plan.plan import Plan
from schemas.findings import Path as KeyPath
from schemas.metrics import metric_of

# The limits of a container, by the two versions of Linux' control groups.
_GROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


class Shaped(Protocol):
    """A layer whose shapes are known."""

    @property
    def path(self) -> KeyPath:
        """Place in the recipe."""

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Without the batch axis."""

    @property
    def parameters(self) -> int:
        """Number of weights."""

    @property
    def inner_values(self) -> int:
        """Number of values that layers within it give before the last one, for one example."""


def memory_of(plan: Plan, layers: Sequence[Shaped]) -> Memory:
    """The estimate for a plan whose shapes are known."""
    shapes = [plan.data.layer_input, *(layer.output_shape for layer in layers)]
    shapes += [(layer.inner_values,) for layer in layers if layer.inner_values]
    parameters = sum(layer.parameters for layer in layers)
    training = plan.recipe.training
    return estimate(
        plan.recipe.optimizer,
        parameters,
        shapes,
        math.ceil(plan.batch_size / training.accumulate),
        plan.placement.size,
        scores=_scores(plan),
        copies=(training.ema is not None) + (training.accumulate > 1),
        activation_bytes=4 if plan.recipe.hardware.precision == "float32" else 2,
    )


def _scores(plan: Plan) -> int:
    """Bytes of what the areas under curves need of the larger of the two splits that are evaluated."""
    ranked = {"auc", "pr_auc"} & {metric_of(name) for name in plan.whole}
    columns = plan.data.classes or max(len(plan.data.targets), len(plan.output_names), 2)
    return max(plan.data.validation, plan.data.test) * bytes_per_example(columns) if ranked else 0


def machine_memory() -> int:
    """Bytes of memory that a process may take: the machine's, or its container's where that has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [path.read_text(encoding="ascii").strip() for path in _GROUP_LIMITS if path.exists()]
    return min([machine, *(int(limit) for limit in limits if limit.isdigit())])


def fitting_batch_size(plan: Plan, layers: Sequence[Shaped], available: int) -> int | None:
    """The batch size, halved once and then as often as it takes for the estimate to fit; None: none does.

    Args:
        plan: what did not fit.
        layers: its layers' shapes.
        available: bytes.
    """
    size = plan.batch_size // 2
    while size and memory_of(replace(plan, batch_size=size), layers).total > available:
        size //= 2
    return size or None


def require_fits(plan: Plan, layers: Sequence[Shaped], available: int) -> None:
    """Refuse a run whose estimate is beyond the memory there is.

    Args:
        plan: what is to be run.
        layers: its layers' shapes.
        available: bytes, such as :func:`machine_memory`.

    Raises:
        TooLarge: the message has the figure and what it consists of.
    """
    memory = memory_of(plan, layers)
    if memory.total <= available:
        return
    heaviest = max(layers, key=lambda layer: layer.parameters)
    parts = {
        "weights, gradients and optimizer slots": (memory.weights, heaviest.path, "take fewer units"),
        "activations of a batch": (memory.activations, ("data", "batch_size"), "take a smaller batch_size"),
        "scores of a split, for auc or pr_auc": (memory.scores, ("training", "metrics"), "take other metrics"),
        "data": (memory.data, ("data", "splits"), "a smaller data.resident_limit reads the data as it trains"),
    }
    terms = ", ".join(f"{human(size)} {what}" for what, (size, _, _) in parts.items() if size)
    _, path, way_out = max(parts.values())
    raise TooLarge(
        f"the run needs about {human(memory.total)} of memory, this machine has {human(available)}: {terms}",
        path,
        way_out,
        "`recipe run --force` tries it all the same",
    )
