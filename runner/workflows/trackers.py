"""The trackers that a recipe names."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from runner.errors import RecipeError
from runner.events import Event, Sink, Stage, Warned
from runner.plan.tracked import sent_interval
from runner.record.directory import RunPaths
from runner.text import argument
from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.tracking import Tracker, TrackerName, artifacts_of, every_of, name_of

Parameter = float | bool | str

_SECTIONS = ("data", "model", "optimizer", "schedule", "training")
_MOST = 200
"""Parameters that are passed on."""
_LONGEST = 250
"""Characters of a text among them."""


Say = Callable[[str], None]
"""Hears that somebody waits for a server."""


COME_TO = "what the runs have come to"


class ClosingSink(Protocol):
    """A sink that may have something left to write."""

    def __call__(self, event: Event) -> None:
        """Take the event."""

    def close(self) -> None:
        """Write the rest."""


def tracker_sinks(recipe: Recipe, tell: Sink) -> list[Sink]:
    """A sink for each tracker; what only one of them needs is imported for that one.

    Args:
        recipe: names the trackers.
        tell: hears of a tracker that fails, while the run goes on, and of one that is waited for.
    """
    if not recipe.tracking:
        return []
    from runner.sinks.tracking.lenient import Lenient

    names = [name_of(each) for each in recipe.tracking]
    return [Lenient(tracker(name, recipe, tell), name, tell) for name in names]


def tracker(
    name: TrackerName, recipe: Recipe, tell: Sink, *, folder: Path | None = None, every: Duration | None = None
) -> ClosingSink:
    """The sink of a tracker.

    Args:
        name: of it.
        recipe: of the run.
        tell: hears how far a tracker is that is waited for.
        folder: for event files of a run that is over; None: the run's own, while it trains.
        every: interval of the steps that MLflow gets; None: the recipe's.
    """
    parameters = parameters_of(recipe)
    if name == "tensorboard":
        from runner.sinks.tracking.tensorboard import TensorBoardSink

        return TensorBoardSink(parameters, folder)
    from runner.sinks.tracking.mlflow import MlflowSink

    chosen: Tracker = next((each for each in recipe.tracking or () if name_of(each) == name), "mlflow")
    interval, artifacts = partial(sent_interval, every or every_of(chosen)), artifacts_of(chosen)
    return MlflowSink(parameters, tell, patient=folder is not None, interval=interval, artifacts=artifacts)


def tell_of_after(recipe: Recipe, run: Path, tell: Sink) -> None:
    """Have MLflow's server given what has followed a training, if it is one of the recipe's trackers.

    Args:
        recipe: of the run.
        run: its directory.
        tell: as for :func:`tell_mlflow`.
    """
    for each in recipe.tracking or ():
        if name_of(each) == "mlflow":
            from runner.lookback.entry import read_entry
            from runner.sinks.tracking.mlflow_told import tell_followed

            steps = read_entry(str(RunPaths(run).events))[0].steps
            send = partial(tell_followed, run, steps, artifacts_of(each))
            tell_mlflow(recipe, send, "what has followed the training", run, tell)


def tell_mlflow(recipe: Recipe, send: Callable[[Say], None], what: str, again: object, tell: Sink) -> None:
    """Have MLflow's server told something besides a run, if it is one of the recipe's trackers.

    Args:
        recipe: names the trackers.
        send: tells the server.
        what: it is told.
        again: what `recipe track` is given to send it later.
        tell: hears of a server that is waited for, and why it was not told.
    """
    if "mlflow" not in map(name_of, recipe.tracking or ()):
        return
    try:
        send(lambda message: tell(Stage(stage="track", message=message)))
    except (OSError, RecipeError, KeyboardInterrupt) as error:  # the last: somebody does not want to wait any longer
        reason = getattr(error, "strerror", None) or str(error) or "interrupted"
        rest = f"`recipe track {argument(again)} --to mlflow` sends it"
        tell(Warned(message=f"tracking: mlflow is not told {what}: {reason}; {rest}"))


def parameters_of(recipe: Recipe) -> dict[str, float | bool | str]:
    """What a recipe says, by paths such as ``schedule.max_lr`` and ``model.layers.0.units``."""
    written = recipe.model_dump(mode="json")
    found: dict[str, float | bool | str] = {"task": recipe.task}
    for section in _SECTIONS:
        for path, value in _scalars(section, written.get(section)):
            if len(found) == _MOST:
                return found
            found[path] = value[:_LONGEST] if isinstance(value, str) else value
    return found


def _scalars(path: str, value: Any) -> Iterator[tuple[str, float | bool | str]]:
    match value:
        case Mapping():
            for key, item in value.items():
                yield from _scalars(f"{path}.{key}", item)
        case list() if all(isinstance(item, int | float | str) for item in value):
            yield path, ", ".join(map(str, value))
        case list():
            for number, item in enumerate(value):
                yield from _scalars(f"{path}.{number}", item)
        case int() | float() | str():
            yield path, value
        case _:
            pass
