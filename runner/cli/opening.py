"""The first line of slow verbs, printed before their imports."""

import os
import sys

from runner.cli.options import Progress
from runner.wrapping import labelled

_CLUSTER = ("TF_CONFIG", "RECIPE_ADDRESS", "SLURM_STEP_NODELIST")


def first_line(label: str, text: str, progress: Progress, *, quiet: bool) -> None:
    """Print on stderr what the program is about to do; of several workers, only the chief prints it."""
    if not quiet and progress != "none" and not _follows_a_chief():
        print(labelled(label, text, sys.stderr), file=sys.stderr)


def _follows_a_chief() -> bool:
    """Whether the environment makes this process a worker other than the chief, whatever the recipe says."""
    if not any(name in os.environ for name in _CLUSTER):
        return False
    from runner.engine.distributed.cluster import find_cluster
    from runner.errors import ClusterError

    try:
        return find_cluster(os.environ).index > 0
    except ClusterError:  # the run says so where it starts TensorFlow
        return False
