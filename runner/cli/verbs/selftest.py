"""``recipe selftest``."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read, use_color
from runner.cli.planning import plan_of
from runner.data.access import DataAccess
from runner.errors import SessionFailed
from runner.text import printable
from runner.views.lines import Column, paragraph, stdout_screen, table
from runner.workflows.selftest import Comparison, checkpoint_every, compare, kill_steps, steps_of
from runner.workflows.trial import Trial

PROVED = "resume"
_SHOWN = 3
"""Differences of a field that are printed."""


def command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[resume] FILE",
            help="What is proved, which may be left out, and a recipe or the name of one of the gallery.",
            show_default=False,
            autocompletion=options.complete_file,
        ),
    ],
    kills: Annotated[int, typer.Option(min=1, max=100, help="How many times the run is killed.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the steps at which it is.")] = 0,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Prove on your own recipe that a killed run goes on to the same bits.

    Trains twice in a temporary directory: without a stop, and with SIGKILL at random steps and `recipe resume` after
    each. Then weights, optimizer state, best model, history and metrics are compared. Exit code: 0 all are equal to
    the bit; 1 something differs or a run failed; 2 the recipe or its data is not usable.
    """
    file = _file_of(words)
    loaded = read(file, sets, root, color, quiet=quiet, allow_code=allow_code)
    assert loaded.recipe is not None
    access = DataAccess(data_dir, allow_fallback=not no_fallback).beside(loaded.path, root)
    plan = plan_of(loaded, access, color, allow_code=allow_code)
    own = [*(["--root", str(root)] if root else []), *(part for one in sets or () for part in ("--set", one))]
    if loaded.recipe.training.checkpoint == "auto":  # which would make none in a short run
        own += ["--set", f"training.checkpoint={checkpoint_every(plan.steps, kills)} steps"]
    data = [*(["--data-dir", str(data_dir)] if data_dir else []), *(["--no-fallback"] if no_fallback else [])]
    data += ["--allow-code"] if allow_code else []
    with tempfile.TemporaryDirectory(prefix="recipe-selftest-") as folder:
        tell = (lambda _: None) if quiet else (lambda message: print(message, file=sys.stderr))
        trial = Trial(loaded.path.absolute(), Path(folder), own, data, tell)
        try:
            straight = trial.straight()
            steps = steps_of(straight)
            interrupted, killed = trial.interrupted(kill_steps(steps, kills, seed))
        except SessionFailed as error:
            print(error.stderr, end="", file=sys.stderr)
            fail(str(error), code=2 if error.status == 2 else 1)
        found = list(compare(straight, interrupted))
    equal = not any(one.differing for one in found)
    if json:
        fields = [{"field": one.field, "compared": one.compared, "differing": one.differing} for one in found]
        print_json({"status": "equal" if equal else "different", "steps": steps, "killed_at": killed, "fields": fields})
    else:
        _print(found, steps, killed, color)
    raise typer.Exit(0 if equal else 1)


def _file_of(words: Sequence[str]) -> Path:
    """The recipe; the first word may be what is proved, of which there is one kind."""
    named = words[1:] if words[0] == PROVED else words
    if len(named) != 1:
        told = "missing argument FILE" if not named else f"selftest proves one recipe; received {', '.join(words)}"
        fail(told, [f"`recipe selftest {PROVED} FILE`"])
    return Path(named[0])


def _print(found: Sequence[Comparison], steps: int, killed: Sequence[int], color: options.Color) -> None:
    screen = stdout_screen(color=use_color(color, sys.stdout))
    rows = [
        (one.field, f"{one.compared:,}", f"{len(one.differing):,} differ" if one.differing else "equal to the bit")
        for one in found
    ]
    screen.print(table(screen, (Column("field"), Column("compared", left=False), Column("result")), rows)[0])
    for one in found:
        for text in one.differing[:_SHOWN]:
            screen.print(paragraph(screen, printable(f"{one.field}: {text}"), hang=2, style="red"))
    places = ", ".join(f"{step:,}" for step in killed)
    outcome = "differs from" if any(one.differing for one in found) else "equals"
    said = f"the run of {steps:,} steps that was killed after step {places} {outcome} the one that was not"
    screen.print(paragraph(screen, said))
