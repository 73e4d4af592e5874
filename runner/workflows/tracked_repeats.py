"""What MLflow shows above the runs of a repeated recipe."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runner.events import DONE, RunEnded, RunStarted
from runner.lookback.checked import checked_events
from runner.record.directory import RunPaths
from runner.record.repeat_note import VARIED, read_repeat, runs_of_repeat
from runner.record.writer_lock import is_written
from runner.sinks.tracking.mlflow_group import Group, GroupFacts, group_of
from runner.sinks.tracking.mlflow_rows import as_texts, fitting
from runner.sinks.tracking.mlflow_told import tell_server
from runner.workflows.repeats import Spread, figures, spreads
from runner.workflows.trackers import parameters_of
from schemas.recipe import Recipe

_SHOWN = ("mean", "standard_error")


@dataclass(frozen=True)
class _Told:
    """One of the runs, as its record tells it."""

    began: int
    ended: int
    """Milliseconds since 1970."""
    status: str
    metrics: Mapping[str, float]


def tell_repeat(run: Path, recipe: Recipe, say: Callable[[str], None], *, patient: bool = False) -> None:
    """Say on the server what the runs have come to of which this is one.

    Args:
        run: one of them; nothing is said if it is one alone.
        recipe: of this run.
        say: hears that somebody waits for the server.
        patient: whether to wait as long as there is progress.

    Raises:
        ServerError: the server is away or refuses it.
        EventsCorrupt: the record of a run cannot be read.
        OSError: likewise.
    """
    note, group = read_repeat(run), group_of(run)
    if note is not None and group is not None:
        runs = runs_of_repeat(run.parent, note.key)
        wanted = max(each.runs for each in runs.values())  # more seeds may have been asked for later
        tell_server(group, _facts(group, list(runs), wanted, recipe), say, patient=patient)


def _facts(group: Group, runs: Sequence[Path], wanted: int, recipe: Recipe) -> GroupFacts:
    told = [found for run in runs if (found := _told(run)) is not None]
    results: list[Mapping[str, Any]] = [{"status": each.status, "metrics": each.metrics} for each in told]
    common = spreads(results)
    done = sum(each.status in DONE for each in told)
    ended = max((each.ended for each in told), default=0)
    values = {f"{what}/{name}": getattr(spread, what) for name, spread in common.items() for what in _SHOWN}
    return GroupFacts(
        recipe=recipe.name,
        status="FINISHED" if done == wanted else _unfinished(runs, told),
        began=min((each.began for each in told), default=0),
        ended=ended,
        text=_text(group, told, common, wanted),
        metrics=[(fitting(name), value, ended, done) for name, value in values.items()],
        parameters=as_texts({name: value for name, value in parameters_of(recipe).items() if name not in VARIED}),
        tags={"recipe.status": f"{done} of {wanted} runs have finished"},
    )


def _unfinished(runs: Sequence[Path], told: Sequence[_Told]) -> Literal["RUNNING", "FAILED", "KILLED"]:
    if any(is_written(str(run)) for run in runs):
        return "RUNNING"
    return "FAILED" if any(each.status in ("failed", "diverged") for each in told) else "KILLED"


def _text(group: Group, told: Sequence[_Told], found: Mapping[str, Spread], wanted: int) -> str:
    """What stands above the run's values, as Markdown."""
    states = Counter(each.status for each in told)
    counts = ", ".join(f"{count} {status}" for status, count in states.items())
    lines = [f"{wanted} runs of one recipe in `{group.folder}`: {counts}."]
    if found:
        lines += ["", "| metric | mean ± standard error | least to most | runs |", "|---|---|---|---|"]
        lines += [f"| {name} | {' | '.join(figures(spread))} |" for name, spread in found.items()]
    return "\n".join(lines)


def _told(run: Path) -> _Told | None:
    """How one of the runs has ended; None: it has no record yet."""
    begun: RunStarted | None = None
    ended: RunEnded | None = None
    time = 0.0
    for event in checked_events(RunPaths(run).events):
        time = event.time
        if isinstance(event, RunStarted):
            begun, ended = begun or event, None
        elif isinstance(event, RunEnded):
            ended = event
    if begun is None:
        return None
    began, ended_at = round(begun.time * 1000), round((time if ended is None else ended.time) * 1000)
    if ended is None:
        return _Told(began, ended_at, "running" if is_written(str(run)) else "killed", {})
    return _Told(began, ended_at, ended.status, ended.metrics)
