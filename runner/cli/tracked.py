"""``recipe track``: which runs are meant, each of them sent, and what several have come to."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from runner.cli.common import read
from runner.cli.error_output import say
from runner.cli.looking import refusing, words_of
from runner.cli.notices import told_below
from runner.cli.options import Color
from runner.cli.streams import display
from runner.errors import RecipeError, RunError
from runner.events import Sink, Stage
from runner.lookback.whole_record import whole_record
from runner.record.contents import is_run
from runner.record.directory import SWEEP, RunPaths
from runner.record.handles import find_run, plain_run, runs_below
from runner.record.repeat_note import read_repeat
from runner.sinks.console import make_console_sink
from runner.sinks.tracking.server_error import ServerError
from runner.text import argument, printable
from runner.workflows.tracked_repeats import tell_repeat
from runner.workflows.trackers import tracker
from runner.wrapping import labelled
from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.tracking import TrackerName

_NONE = (None, 401, 403)
"""Status of the answers after which no other run would be taken; None: there was none."""


@dataclass(frozen=True)
class Wanted:
    """The verb's options."""

    to: TrackerName
    output: Path | None
    every: Duration | None
    quiet: bool
    color: Color


def track_all(texts: Sequence[str], wanted: Wanted) -> None:
    """Send the runs that are meant, and leave with 2 where one cannot be found or sent."""
    with refusing():
        runs = list(dict.fromkeys(run for text in texts for run in _meant(text)))
    try:
        sent, failed = _tracked(runs, wanted)
        if wanted.to == "mlflow":
            with refusing():
                _tell_above(sent, told_below(quiet=wanted.quiet))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    if sent and wanted.to == "tensorboard" and not wanted.quiet:
        print(f"`tensorboard --logdir {argument(_logdir(list(sent), wanted))}` shows it", file=sys.stderr)
    if failed:
        raise typer.Exit(2)


def _meant(text: str) -> list[Path]:
    """One run, or those in a folder."""
    folder = Path(text)
    if text and folder.is_dir() and not is_run(folder):
        return [plain_run(run) for run in runs_below(folder)]
    return [find_run(text)]


def _tracked(runs: Sequence[Path], wanted: Wanted) -> tuple[dict[Path, Recipe], bool]:
    """The runs that were sent, with their recipes, and whether another could not be, which is said."""
    sent, failed = dict[Path, Recipe](), False
    for run in runs:
        if len(runs) > 1 and not wanted.quiet:
            print(labelled("track", str(run), sys.stderr), file=sys.stderr)
        try:
            sent[run] = _track(run, wanted, several=len(runs) > 1)
        except (RecipeError, OSError) as error:
            failed = True
            say(*words_of(error))
            if isinstance(error, ServerError) and error.status in _NONE:
                break
        except typer.Exit:  # its recipe is none of this language, which was said
            failed = True
    return sent, failed


def _track(run: Path, wanted: Wanted, *, several: bool) -> Recipe:
    paths = RunPaths(run)
    folder = _folder(run, wanted, several=several)
    if wanted.to == "tensorboard" and _is_taken(folder):
        raise RunError(f"{printable(str(folder))} already exists", "name another folder with --output")
    loaded = read(paths.resolved, None, None, wanted.color, quiet=True)
    assert loaded.recipe is not None
    with display() as stream:
        console = make_console_sink("auto", quiet=wanted.quiet, color=wanted.color, stderr=stream)
        sink = tracker(wanted.to, loaded.recipe, console, folder=folder, every=wanted.every)
        try:
            for event in whole_record(paths):
                sink(event)
            sink.close()
        finally:
            console.close()
    return loaded.recipe


def _folder(run: Path, wanted: Wanted, *, several: bool) -> Path:
    """For the event files of a run."""
    if wanted.output is None:
        return run / "tensorboard"
    return wanted.output / run.parent.name / run.name if several else wanted.output


def _is_taken(folder: Path) -> bool:
    return folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir())))


def _logdir(runs: Sequence[Path], wanted: Wanted) -> Path:
    """Where TensorBoard finds the event files of all runs."""
    if wanted.output is not None:
        return wanted.output
    return runs[0] / "tensorboard" if len(runs) == 1 else Path(os.path.commonpath(runs))


def _tell_above(sent: Mapping[Path, Recipe], tell: Sink) -> None:
    """Have the server told what the sweeps and repeated recipes have come to of which these are runs."""

    def waits(message: str) -> None:
        tell(Stage(stage="track", message=message))

    notes = {run: note for run in sent if (note := read_repeat(run)) is not None}
    for run in {note.key: run for run, note in notes.items()}.values():
        tell_repeat(run, sent[run], waits, patient=True)
    for folder in dict.fromkeys(run.parent for run in sent if run not in notes and (run.parent / SWEEP).is_file()):
        from runner.sweeps.tracked import tell_past_sweep

        tell_past_sweep(folder, waits)
