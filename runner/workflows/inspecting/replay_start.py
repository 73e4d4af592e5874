"""Whether a run can be made again exactly on this machine, and from where."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.errors import CannotReplay, CheckpointBroken
from runner.inference.opened import TrainedRun
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, list_checkpoints, path_of, read_checkpoint
from runner.record.difference import differences
from runner.record.manifest import subject
from runner.text import printable
from runner.workflows.resume_point import machine_differences

_TOLD = 4
_INEXACT = "--inexact replays it all the same; figures may then differ from the run's"


def require_same_subject(run: TrainedRun, plan: Plan) -> None:
    """Refuse a run whose recipe or custom code is not what it trained.

    Raises:
        CannotReplay: the message lists what differs.
    """
    if not run.lock:
        raise CannotReplay(f"{run.paths.lock_json} is missing: what the run trained is unknown")
    now = subject(plan)
    found = [*map(str, differences(run.lock.get("recipe"), now["recipe"]))]
    if found:
        raise CannotReplay(
            f"{run.paths.resolved} is not the recipe that the run trained: {_told(found)}",
            "restore the file: lock.json holds the recipe that trained",
        )
    found = [*map(str, differences(run.lock.get("code", {}), now["code"]))]
    if found:
        raise CannotReplay(
            f"the custom code is not what the run imported: {_told(found)}",
            f"restore the code in {run.lock.get('code_folder')}, or start a new run",
        )
    if plan.recipe.hardware.strategy != "none":
        raise CannotReplay(
            f"the run trained with hardware.strategy {plan.recipe.hardware.strategy}, and a step is replayed on one "
            "device alone",
            "`recipe history` has its losses and learning rates",
        )


def require_same_machine(before: Mapping[str, Any], now: Mapping[str, Any], *, inexact: bool) -> list[str]:
    """Refuse packages, a host or a device that may change the last bits.

    Args:
        before: the run's lock.
        now: the same keys as they are here.
        inexact: whether differences are only returned.

    Raises:
        CannotReplay: something differs, and ``inexact`` is false.
    """
    found = machine_differences(before, now)
    if found and not inexact:
        wanted = [f"{name}=={version}" for name, version in _other_packages(before, now)]
        install = [f"install what the run had: {printable(' '.join(wanted))}"] if wanted else []
        raise CannotReplay(f"this machine is not as it was when the run trained: {_told(found)}", *install, _INEXACT)
    return found


def _other_packages(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any]]:
    recorded, here = before.get("packages", {}), now.get("packages", {})
    return [(name, version) for name, version in recorded.items() if version is not None and here.get(name) != version]


def require_same_data(run: TrainedRun, plan: Plan, digests: Mapping[str, str]) -> None:
    """Refuse examples that are not those that the run trained on.

    Raises:
        CannotReplay: the message names the splits.
    """
    changed = run.changed_data(digests)
    if changed:
        raise CannotReplay(
            f"{plan.data.label} has changed since the run started: {', '.join(changed)} differ",
            "restore the old data; `recipe data check` describes what is there",
        )


def nearest_checkpoint(run: TrainedRun, step: int) -> tuple[Checkpoint | None, list[str]]:
    """The newest intact checkpoint at or before a step, and the faults of broken ones; None: begin at step 0.

    Raises:
        CannotReplay: the recipe was changed during the run, and no checkpoint since then is early enough.
    """
    folder, broken = _folder(run), list[str]()
    for path in list_checkpoints(folder):
        if path.name > path_of(folder, step).name:
            continue
        try:
            return read_checkpoint(path), broken
        except CheckpointBroken as error:
            broken.append(str(error))
    if run.lock.get("generation", 0):
        raise CannotReplay(
            f"the recipe was changed during the run, and none of its checkpoints since then is at or before "
            f"step {step:,}",
            "name a later step",
        )
    return None, broken


def checkpoint_at(run: TrainedRun, step: int) -> Checkpoint | None:
    """The checkpoint of exactly this step, where there is an intact one."""
    folder = _folder(run)
    if path_of(folder, step) not in list_checkpoints(folder):
        return None
    try:
        return read_checkpoint(path_of(folder, step))
    except CheckpointBroken:
        return None


def _folder(run: TrainedRun) -> Path:
    return run.paths.checkpoints(run.lock.get("generation", 0))


def _told(found: list[str]) -> str:
    more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return printable("; ".join(found[:_TOLD])) + more
