"""Resuming a run: the checkpoint to start from, and what has changed since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.errors import NothingLeft, RecipeChanged
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, list_checkpoints, newest_checkpoint
from runner.record.checkpoint_state import state_in
from runner.record.difference import differences
from runner.record.directory import RunPaths
from runner.record.manifest import RunManifest, subject

if TYPE_CHECKING:
    from runner.engine.loop.resume_policy import Policy

_SHA256 = 64
"""Hexadecimal digits of a SHA-256."""
LOCK_MISSING = "lock.json is missing"
MACHINE = ("packages", "host", "device", "computation")
"""Parts of the lock that may differ, with a warning: results can then differ in their last bits."""


@dataclass(frozen=True)
class ResumePoint:
    """The point from which a session starts."""

    checkpoint: Checkpoint | None = None
    """The checkpoint; None to start from the beginning."""
    warnings: tuple[str, ...] = ()


Start = Callable[[RunManifest], ResumePoint]
"""Decides where a session starts, once its directory is open."""


def fresh(manifest: RunManifest) -> ResumePoint:
    """The start of a new run: from the beginning."""
    return ResumePoint()


def changes(directory: RunPaths, lock: Mapping[str, Any], plan: Plan, policy: "Policy | None") -> list[str]:
    """The differences between the recipe that a run started with and the plan.

    Args:
        directory: the run directory.
        lock: the contents of its ``lock.json``; empty if it is missing.
        plan: the plan to continue with.
        policy: what to do if something differs; None raises an error.

    Raises:
        RecipeChanged: something differs and there is no policy; the message lists all differences.
    """
    if lock:
        recipe, data, code = (subject(plan)[key] for key in ("recipe", "data", "code"))
        found = [
            *map(str, differences(lock.get("recipe"), recipe)),
            *(f"data: {_named(each.old)} → {_named(each.new)}" for each in differences(lock.get("data"), data)),
            *map(str, differences(lock.get("code", {}), code, "code")),
        ]
        message = "the recipe is not the one that the run started with"
    else:  # a run without checkpoints was stopped before it was recorded: nothing can differ
        found = [LOCK_MISSING] if list_checkpoints(directory.checkpoints()) else []
        message = f"{directory.lock_json} is missing: the recipe that the run started with is unknown"
    if found and policy is None:
        raise RecipeChanged(message, [text for text in found if text != LOCK_MISSING])
    return found


def _named(identity: object) -> str:
    """Data as a plan names it: without the whole of a hash of which the name ends with the beginning."""
    name, _, digest = str(identity).rpartition(" ")
    return name if len(digest) == _SHA256 and digest.startswith(name.rpartition(" ")[2]) else str(identity)


def from_checkpoint(policy: "Policy | None") -> Start:
    """Start from the newest intact checkpoint.

    Args:
        policy: what to do if the recipe has changed; None raises an error with the differences.
    """

    def start(manifest: RunManifest) -> ResumePoint:
        changed = changes(manifest.directory, manifest.before, manifest.plan, policy)
        checkpoint, broken = newest_checkpoint(manifest.directory.checkpoints(manifest.generation))
        if checkpoint is not None:
            state_in(checkpoint)  # checked before reporting where the run continues
        warnings = [f"skipped a broken checkpoint: {text}" for text in broken]
        warnings += [
            f"this machine differs from the earlier one: {text}"
            for text in machine_differences(manifest.before, manifest.now)
        ]
        if checkpoint is None:
            warnings.append("there is no intact checkpoint: training from the beginning")
        if changed and policy is not None:
            checkpoint = _changed(manifest, checkpoint, policy)
        return ResumePoint(checkpoint, tuple(warnings))

    return start


def _changed(manifest: RunManifest, checkpoint: Checkpoint | None, policy: "Policy") -> Checkpoint | None:
    """Start a new generation of checkpoints for a changed recipe, beginning with the adapted one."""
    from runner.engine.loop.resume_policy import adapt

    adapted = adapt(checkpoint, policy, manifest.plan) if checkpoint is not None else None
    if checkpoint is not None and adapted is not None:
        _require_something_left(checkpoint, adapted, policy, manifest.plan)
    manifest.begin_generation(adapted)
    return adapted


def _require_something_left(before: Checkpoint, adapted: Checkpoint, policy: "Policy", plan: Plan) -> None:
    """Raise if no steps are left: the run would count as finished after steps that were never made."""
    if adapted.step < plan.steps:
        return
    made, planned = before.step, before.state["steps"]
    longer = "--policy restart keeps only the weights and makes all steps"
    if policy == "rescale":
        kept = f"the run has made {made:,} of {planned:,} steps, and --policy rescale keeps that share of the run"
        more = f"--policy continue makes the steps from {made:,} to {plan.steps:,}"
        ways = [more, longer] if plan.steps > made else [longer]
    else:
        kept = f"the run has made {made:,} of {planned:,} steps, and the changed recipe has {plan.steps:,}"
        ways = ["increase the epochs or steps", longer]
    raise NothingLeft(f"nothing is left to train: {kept}", *ways)


def machine_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """How packages, host and device differ between two locks; what the earlier one does not have is not compared."""
    known = [key for key in MACHINE if key in before and key in now]
    return [f"{key}.{d}" for key in known for d in differences(before[key], now[key])]
