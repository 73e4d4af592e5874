"""Going on with a run: from which checkpoint, and what has changed since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.papers import Papers
from runner.record.checkpoint import Checkpoint, newest_checkpoint
from runner.record.difference import differences

if TYPE_CHECKING:
    from runner.engine.policy import Policy

MACHINE = ("packages", "host", "device")
"""Parts of the lock that may differ, aloud: results can differ in their last bits."""


class RecipeChanged(Exception):
    """The recipe or its data is not the one that the run began with, and no policy says what to do."""


@dataclass(frozen=True)
class Beginning:
    """From where a session starts."""

    checkpoint: Checkpoint | None = None
    """None: from the beginning."""
    warnings: tuple[str, ...] = ()


Start = Callable[[Papers], Beginning]
"""Decides from where a session starts, once its directory is open."""


def fresh(papers: Papers) -> Beginning:
    """A new run: from the beginning."""
    return Beginning()


def going_on(policy: "Policy | None") -> Start:
    """From the newest checkpoint that is whole.

    Args:
        policy: what to do when the recipe has changed; None refuses it with the differences.
    """

    def start(papers: Papers) -> Beginning:
        changed = [str(d) for key in ("recipe", "data") for d in differences(papers.before.get(key), papers.now[key])]
        if changed and policy is None:
            raise RecipeChanged("the recipe is not the one that the run began with:\n  " + "\n  ".join(changed))
        checkpoint, broken = newest_checkpoint(papers.directory.checkpoints)
        warnings = [f"passed over a broken checkpoint: {text}" for text in broken]
        warnings += [f"this machine is not what it was: {text}" for text in _machine(papers)]
        if checkpoint is None:
            return Beginning(None, (*warnings, "there is no whole checkpoint: training from the beginning"))
        if changed and policy is not None:
            from runner.engine.policy import adapt

            checkpoint = adapt(checkpoint, policy, papers.plan)
        return Beginning(checkpoint, tuple(warnings))

    return start


def _machine(papers: Papers) -> list[str]:
    return [str(d) for key in MACHINE for d in differences(papers.before.get(key, {}), papers.now[key])]
