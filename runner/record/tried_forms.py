"""What trials of a step's forms have found on this machine: a small file for each model in the user's cache folder."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.data.cache import cache_folder
from runner.disk.atomic import write_atomic
from runner.plan.plan import Plan
from runner.plan.threads import threads_of

_BYTES_AT_MOST = 1 << 12


@dataclass(frozen=True)
class Tried:
    """What a trial has found."""

    seconds: Mapping[int, float]
    """Of a step, by the number of parts of its batch."""


_kept: dict[str, Tried] = {}
"""By key: a process follows its own trials also where no file can be written."""


def tried_before(plan: Plan) -> Tried | None:
    """What a trial of such steps has found on this machine; None: there was none, or its file is not readable."""
    if not _kept and not _folder().is_dir():
        return None
    key = key_of(plan)
    return _kept.get(key) or _read(_path(key))


def keep(plan: Plan, tried: Tried, tell: Callable[[str], None]) -> None:
    """Keep what a trial has found, for later runs; ``tell`` is told when it cannot be."""
    key = key_of(plan)
    path = _path(key)
    _kept[key] = tried
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps({"seconds": {str(parts): one for parts, one in tried.seconds.items()}}) + "\n")
    except OSError as error:
        tell(f"what was tried cannot be kept for later runs in {path.parent}: {error.strerror or error}")


def key_of(plan: Plan) -> str:
    """SHA-256 of what the speed of a step depends on: model, data's shapes, update, threads, machine, versions.

    Not of seed, schedule and length: runs that differ in nothing else share a trial.
    """
    from runner.record.environment import host_facts, package_versions  # 20 ms, which most plans do without

    recipe, data = plan.recipe, plan.data
    training = {"accumulate", "clip", "ema"}
    subject: list[Any] = [
        recipe.model.model_dump(mode="json"),
        recipe.optimizer.model_dump(mode="json"),
        recipe.hardware.model_dump(mode="json"),
        recipe.training.model_dump(mode="json", include=training),
        [plan.batch_size, data.shape, data.encoded, data.classes, len(data.targets), data.bytes_per_value],
        [threads_of(plan), host_facts(), package_versions()],
    ]
    return hashlib.sha256(json.dumps(subject, sort_keys=True).encode()).hexdigest()


def _path(key: str) -> Path:
    return _folder() / f"{key[:32]}.json"


def _folder() -> Path:
    return cache_folder() / "step-forms"


def _read(path: Path) -> Tried | None:
    """The file's content, if it is what :func:`keep` writes; anything else is as good as no file, and replaced."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(_BYTES_AT_MOST))
        seconds = {int(parts): float(one) for parts, one in values["seconds"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    sound = all(1 <= parts <= 1024 and math.isfinite(one) and one > 0 for parts, one in seconds.items())
    return Tried(seconds) if sound and len(seconds) > 1 else None
