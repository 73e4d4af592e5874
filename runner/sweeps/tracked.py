"""What MLflow shows above the trials of a sweep."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runner.numerals import measure
from runner.sinks.tracking.mlflow_client import Metric
from runner.sinks.tracking.mlflow_group import GroupFacts, group_of_sweep
from runner.sinks.tracking.mlflow_rows import as_texts, fitting
from runner.sinks.tracking.mlflow_told import tell_server
from runner.sweeps.board import values_text
from runner.sweeps.definition import Definition
from runner.sweeps.past import read_sweep
from runner.workflows.trackers import parameters_of

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


def tell_sweep(
    folder: Path,
    definition: Definition,
    trials: "Sequence[FrozenTrial]",
    found: Mapping[str, Any],
    say: Callable[[str], None],
    *,
    patient: bool = False,
) -> None:
    """Say on the server what the trials have come to.

    Args:
        folder: of the sweep.
        definition: what it searches.
        trials: as the journal has them.
        found: the sweep as ``--json`` prints it.
        say: hears that somebody waits for the server.
        patient: whether to wait as long as there is progress.

    Raises:
        ServerError: the server is away or refuses it.
        OSError: the folder cannot be used.
    """
    if trials:
        tell_server(group_of_sweep(folder), _facts(folder, definition, trials, found), say, patient=patient)


def tell_past_sweep(folder: Path, say: Callable[[str], None]) -> None:
    """The same of a sweep that is known by its folder; nothing tells whether more trials are planned than there are.

    Raises:
        RecipeError: its files cannot be read, or Optuna is not installed.
        ServerError: the server is away or refuses it.
        OSError: the folder cannot be used.
    """
    past = read_sweep(folder)
    from runner.sweeps.journal import recorded_trials  # Optuna is here

    trials, found = recorded_trials(folder, past.definition), dict(past.values)
    if not {"running", "stopped"} & {each["state"] for each in found["trials"]}:
        found["status"] = "finished"
    tell_sweep(folder, past.definition, trials, found, say, patient=True)


def _facts(
    folder: Path, definition: Definition, trials: "Sequence[FrozenTrial]", found: Mapping[str, Any]
) -> GroupFacts:
    starts, ends = _times(each.datetime_start for each in trials), _times(each.datetime_complete for each in trials)
    counts = _counts(found)
    said, metrics, tags = _of_best(found, len(ends), max(ends, default=0))
    return GroupFacts(
        recipe=definition.recipe.name,
        status=_status(found),
        began=min(starts, default=0),
        ended=max(ends, default=0),
        text=f"Search of `{definition.recipe.name}` in `{folder}`: {counts}.{said}",
        metrics=metrics,
        parameters=as_texts(_shared(definition)),
        tags={"recipe.status": counts, "recipe.objective": f"{found['direction']} {found['objective']}", **tags},
    )


def _times(moments: Iterable[datetime | None]) -> list[int]:
    """Milliseconds since 1970."""
    return [round(each.timestamp() * 1000) for each in moments if each is not None]


def _counts(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{count} {state}" for state, count in _states(found).items())


def _states(found: Mapping[str, Any]) -> Counter[str]:
    return Counter(each["state"] for each in found["trials"])


def _status(found: Mapping[str, Any]) -> Literal["RUNNING", "FINISHED", "KILLED"]:
    if found["status"] == "finished":
        return "FINISHED"
    return "RUNNING" if _states(found)["running"] else "KILLED"


def _of_best(found: Mapping[str, Any], ended: int, when: int) -> tuple[str, list[Metric], dict[str, str]]:
    """The best trial in words, as a value after so many trials, and as tags; nothing while none has a result."""
    best, objective = found["best"], found["objective"]
    if best is None:
        return "", [], {}
    values = values_text(best["values"])
    said = f" Best: {objective} {measure(best['value'])} by trial {best['trial']}: {values}."
    tags = {"recipe.best_trial": str(best["trial"]), "recipe.best_values": values}
    tags["recipe.best_runs"] = ", ".join(best["runs"])
    return said, [(fitting(f"best/{objective}"), best["value"], when, ended)], tags


def _shared(definition: Definition) -> dict[str, object]:
    """What all trials are made with."""
    known = {"seed": definition.recipe.seed, **parameters_of(definition.recipe)}
    ranges = definition.sweep.ranges
    return {
        name: value
        for name, value in known.items()
        if not any(name == path or name.startswith(f"{path}.") for path in ranges)
    }
