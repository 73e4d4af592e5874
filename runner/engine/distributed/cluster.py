"""Which machines train together: read from ``TF_CONFIG``, Kubernetes or Slurm.

TensorFlow's own Slurm resolver divides by the number of GPUs (none on a CPU node) and sorts hosts as text, so that
``n10`` comes before ``n9`` while Slurm's ranks do not; and its Kubernetes resolver needs the right to list pods. What
they read is a handful of variables, which are read here and given to a ``SimpleClusterResolver``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from runner.errors import ClusterError
from schemas.hardware import Hardware

PORTS = range(12_000, 32_000)
"""Slurm names hosts alone; a job's ports are among these, by its number, so that two jobs can share a host."""
_WAYS = (
    "`recipe launch FILE --workers 2` starts local workers for a trial",
    "docs/distributed.md has a Slurm script and a Kubernetes Job",
)


@dataclass(frozen=True)
class Cluster:
    """The workers of a run; the first one is the chief."""

    source: str
    """Where it was found: ``TF_CONFIG``, ``Kubernetes`` or ``Slurm``."""
    workers: tuple[str, ...]
    """``host:port`` of each."""
    index: int
    """Which of them this process is."""


def find_cluster(environ: Mapping[str, str]) -> Cluster:
    """The cluster that the environment describes.

    ``TF_CONFIG`` comes first, since somebody wrote it on purpose; then ``RECIPE_ADDRESS`` with the index that a
    Kubernetes Job gives its pods; then Slurm's variables of a job step.

    Args:
        environ: the environment's variables.

    Raises:
        ClusterError: there is none, or it is not complete.
    """
    if environ.get("TF_CONFIG"):
        return _checked(_from_tf_config(environ["TF_CONFIG"]))
    if "RECIPE_ADDRESS" in environ:
        return _checked(_from_kubernetes(environ))
    if "SLURM_STEP_NODELIST" in environ:
        return _checked(_from_slurm(environ))
    raise ClusterError(
        "hardware.strategy is multi_worker, but no cluster was found: TF_CONFIG, RECIPE_ADDRESS (Kubernetes) and "
        "SLURM_STEP_NODELIST (inside srun) are all unset",
        *_WAYS,
    )


def follows_a_chief(hardware: Hardware, environ: Mapping[str, str]) -> bool:
    """Whether this process is a worker other than the chief, and so has nothing to write or to show."""
    if hardware.strategy != "multi_worker":
        return False
    try:
        return find_cluster(environ).index > 0
    except ClusterError:  # told where TensorFlow is started
        return False


def _checked(cluster: Cluster) -> Cluster:
    if not 0 <= cluster.index < len(cluster.workers):
        raise ClusterError(f"{cluster.source}: worker {cluster.index} is not one of {len(cluster.workers)}")
    for address in cluster.workers:
        if not re.fullmatch(r"\S+:\d{1,5}", address):
            raise ClusterError(f"{cluster.source}: a worker's address is host:port, got {address!r}")
    if len(set(cluster.workers)) < len(cluster.workers):
        raise ClusterError(f"{cluster.source}: two workers have the same address in {', '.join(cluster.workers)}")
    return cluster


def _from_tf_config(text: str) -> Cluster:
    """``{"cluster": {"worker": [...]}, "task": {"type": "worker", "index": 0}}``; a ``chief`` comes before them."""
    try:
        values = json.loads(text)
        jobs, task = values["cluster"], values["task"]
        kind, index = task["type"], int(task["index"])
        broadcast_number, workers = tuple(jobs.get("chief", ())), tuple(jobs.get("worker", ()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ClusterError(f"TF_CONFIG is not {{cluster: …, task: …}} in JSON: {error!r}") from error
    if kind not in ("chief", "worker"):
        raise ClusterError(f"TF_CONFIG: task.type is 'chief' or 'worker', got {kind!r}: all workers train alike")
    return Cluster("TF_CONFIG", broadcast_number + workers, index + (len(broadcast_number) if kind == "worker" else 0))


def _from_kubernetes(environ: Mapping[str, str]) -> Cluster:
    """``RECIPE_ADDRESS`` such as ``name-{index}.service:2222``, the count, and the index of the Job's pod."""
    pattern, count = environ["RECIPE_ADDRESS"], _number(environ, "RECIPE_WORKERS")
    if "{index}" not in pattern:
        raise ClusterError(f"RECIPE_ADDRESS has {{index}} in its place, got {pattern!r}")
    workers = tuple(pattern.replace("{index}", str(i)) for i in range(count))
    return Cluster("Kubernetes", workers, _number(environ, "JOB_COMPLETION_INDEX"))


def _from_slurm(environ: Mapping[str, str]) -> Cluster:
    """One worker a task: Slurm numbers tasks node by node, in the order of the node list."""
    hosts = list(expand_hosts(environ["SLURM_STEP_NODELIST"]))
    tasks = list(_expand_counts(environ.get("SLURM_STEP_TASKS_PER_NODE", "1")))
    if len(tasks) != len(hosts):
        raise ClusterError(f"Slurm: {len(hosts)} nodes, but tasks for {len(tasks)}")
    port = PORTS[(_number(environ, "SLURM_JOB_ID") * 16) % len(PORTS)]
    workers = tuple(f"{host}:{port + i}" for host, count in zip(hosts, tasks, strict=True) for i in range(count))
    return Cluster("Slurm", workers, _number(environ, "SLURM_PROCID"))


def _number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "")
    if not text.isdecimal():
        raise ClusterError(f"{name} must be a whole number, got {text!r}")
    return int(text)


def expand_hosts(text: str) -> Iterator[str]:
    """``n[1-2,05],m`` → ``n1``, ``n2``, ``n05``, ``m``."""
    for part in re.findall(r"[^,\[]+(?:\[[^\]]*\])?", text):
        prefix, _, ranges = part.rstrip("]").partition("[")
        yield from (prefix + number for number in _expand_ranges(ranges)) if ranges else (prefix,)


def _expand_ranges(text: str) -> Iterator[str]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from (f"{i:0{len(first)}}" for i in range(int(first), int(last or first) + 1))


def _expand_counts(text: str) -> Iterator[int]:
    """``2(x3),1`` → 2, 2, 2, 1."""
    found = re.findall(r"(\d+)(?:\(x(\d+)\))?", text)
    return chain.from_iterable([int(count)] * int(times or 1) for count, times in found)
