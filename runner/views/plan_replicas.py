"""How a plan's batches are divided among replicas, as far as this is known where the plan is shown."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.engine.distributed.cluster import find_cluster
from runner.errors import ClusterError
from runner.plan.plan import Plan
from schemas.hardware import Hardware

_EXAMPLES = (2, 4, 8)
"""Example numbers of replicas, shown if the real number is unknown."""


def shares(batch: int, replicas: int) -> list[int]:
    """Number of examples of each replica: replica r of R takes b·r/R up to b·(r+1)/R of a batch of b."""
    return [batch * (r + 1) // replicas - batch * r // replicas for r in range(replicas)]


def count_replicas(hardware: Hardware, environ: Mapping[str, str]) -> tuple[int | None, str]:
    """The number of replicas here, or None if unknown, and the reason.

    Args:
        hardware: the recipe's hardware section.
        environ: the environment variables.
    """
    gpus = 0 if hardware.device == "cpu" else len(list(Path("/dev").glob("nvidia[0-9]*")))
    if hardware.strategy == "mirrored":
        cpus = int(environ.get("RECIPE_LOGICAL_CPUS", "1"))
        return (gpus, "GPUs of this machine") if gpus else (cpus, "no GPU here")
    try:
        cluster = find_cluster(environ)
    except ClusterError:
        return None, "no cluster here"
    workers = len(cluster.workers)
    return workers * max(gpus, 1), f"{workers} workers ({cluster.source})"


def replica_text(plan: Plan) -> str:
    """The line about the strategy in `recipe plan`."""
    hardware, batch = plan.recipe.hardware, plan.batch_size
    count, why = count_replicas(hardware, os.environ)
    if count is None:
        each = ", ".join(f"{_sizes(batch, number)} on {number}" for number in _EXAMPLES)
        return f"{hardware.strategy}, {why}: {batch:,} examples would be {each} replicas"
    tail = plan.data.train % batch
    last = f"; the last batch {_sizes(tail, count)}" if tail else ""
    return f"{hardware.strategy}, {why}: {count} replica{'s' if count > 1 else ''} with {_sizes(batch, count)}{last}"


def _sizes(batch: int, replicas: int) -> str:
    """``64 each``, or ``3 × 43 and 1 × 42``."""
    sizes = Counter(shares(batch, replicas))
    if len(sizes) == 1:
        return f"{batch // replicas:,} each"
    return " and ".join(f"{times} × {size:,}" for size, times in sorted(sizes.items(), reverse=True))


def replica_mapping(plan: Plan) -> dict[str, Any]:
    """The replicas of a plan as plain values."""
    count, why = count_replicas(plan.recipe.hardware, os.environ)
    return {
        "strategy": plan.recipe.hardware.strategy,
        "replicas": count,
        "from": why,
        "batch_sizes": None if count is None else shares(plan.batch_size, count),
    }
