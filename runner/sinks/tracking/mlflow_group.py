"""The run on MLflow's server above those of a sweep or of a repeated recipe: one, whichever of them comes first."""

import fcntl
import getpass
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Literal

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder, read_plain
from runner.record.directory import SWEEP
from runner.record.repeat_note import read_repeat
from runner.sinks.tracking.mlflow_client import Known, Metric, MlflowClient

FILE = "mlflow.json"
"""In a sweep's folder: by which word its run is found on the server."""
_LOCK = ".mlflow.lock"
_TAG = "recipe.group"
_PARENT = "mlflow.parentRunId"
_KEY = re.compile(r"[0-9a-f-]{16,64}")
_VERBS = {"sweep": "sweep", "repeat": "run"}
"""The verb that trains the runs."""


@dataclass(frozen=True)
class Group:
    """Runs that MLflow shows below one."""

    kind: Literal["sweep", "repeat"]
    key: str
    """A word that no other group has."""
    name: str
    """Of the run above them."""
    folder: Path
    """In which they are."""
    part: str = ""
    """Which of them a run is: ``seed 43``."""


@dataclass(frozen=True)
class GroupFacts:
    """What the run above others says of them."""

    recipe: str
    """The name of the experiment."""
    status: Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]
    began: int
    """Milliseconds since 1970 when the first of them began."""
    ended: int
    """The same when the last of them ended."""
    text: str
    metrics: Sequence[Metric]
    parameters: Mapping[str, str]
    """What all of them were made with."""
    tags: Mapping[str, str]


def group_of(run: Path) -> Group | None:
    """The group of a run; None: it is one alone.

    Raises:
        OSError: the folder of its sweep cannot be read or written.
    """
    note = read_repeat(run)
    if note is not None:
        return Group("repeat", note.key, note.name, run.parent, note.part)
    return group_of_sweep(run.parent) if (run.parent / SWEEP).is_file() else None


def group_of_sweep(folder: Path) -> Group:
    """The group of the trials in a sweep's folder.

    Raises:
        OSError: it cannot be read or written.
    """
    with _alone(folder):
        key = _key(folder)
        if key is None:
            key = token_hex(16)
            write_atomic(folder / FILE, json.dumps({"group": key}) + "\n")
    return Group("sweep", key, folder.resolve().name, folder)


def above(client: MlflowClient, group: Group, recipe: str, began: int, *, trains: bool) -> dict[str, str]:
    """The tags by which a run is shown below that of its group, which is made where there is none.

    Args:
        client: of the server.
        group: of the run.
        recipe: the name of the experiment.
        began: milliseconds since 1970 when the run began.
        trains: whether it trains now, and its group with it.
    """
    found = _found_or_made(client, group, recipe, began)
    if trains and found.info.get("status") not in (None, "RUNNING"):
        client.status(found.id, "RUNNING")
    return {_PARENT: found.id} | ({"recipe.part": group.part} if group.part else {})


def tell(client: MlflowClient, group: Group, facts: GroupFacts) -> None:
    """Say what the runs of a group have come to."""
    found = _found_or_made(client, group, facts.recipe, facts.began)
    missing = {name: value for name, value in facts.parameters.items() if name not in found.parameters}
    if missing:
        client.parameters(found.id, missing)
    if facts.metrics:
        client.metrics(found.id, facts.metrics)
    client.tags(found.id, {"mlflow.note.content": facts.text, **facts.tags})
    client.status(found.id, facts.status, None if facts.status == "RUNNING" else facts.ended)


def _found_or_made(client: MlflowClient, group: Group, recipe: str, began: int) -> Known:
    with _alone(group.folder):
        experiment = client.experiment(recipe)
        found = client.tagged(experiment, _TAG, group.key)
        if found is not None:
            return found
        tags = {
            _TAG: group.key, "recipe.kind": group.kind, "recipe.run_dir": str(group.folder), **made_here(),
            "mlflow.source.name": f"recipe {_VERBS[group.kind]} {recipe}",
        }  # fmt: skip
        return Known({"run_id": client.create(experiment, group.name, began, tags)}, {}, {})


def made_here() -> dict[str, str]:
    """The tags by which MLflow shows who has made a run."""
    kind = {"mlflow.source.type": "LOCAL"}
    try:
        return {"mlflow.user": getpass.getuser(), **kind}
    except (KeyError, OSError):  # a number without a name, as in a container
        return kind


def _key(folder: Path) -> str | None:
    """The word in the sweep's folder; None where there is none, or a stranger has written something else."""
    try:
        found = json.loads(read_plain(folder / FILE))["group"]
        return found if isinstance(found, str) and _KEY.fullmatch(found) else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process that sends runs of the folder is in such a block; the kernel ends it with the process."""
    with Folder(folder) as held:
        descriptor = held.open(_LOCK, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
