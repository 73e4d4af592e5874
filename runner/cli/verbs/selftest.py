"""The verb ``recipe selftest``."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read
from runner.cli.compared import as_mapping, differs, print_comparison
from runner.cli.planning import plan_of
from runner.data.access import DataAccess
from runner.errors import SessionFailed
from runner.views.lines import paragraph
from runner.workflows.selftest import Comparison, checkpoint_every, compare, kill_steps, steps_of
from runner.workflows.trial import Trial

PROVED = "resume"

_Words = Annotated[
    list[str],
    typer.Argument(
        metavar="[resume] FILE",
        help="What to test (optional), and a recipe file or the name of a gallery recipe.",
        show_default=False,
        autocompletion=options.complete_file,
    ),
]


def command(
    words: _Words,
    kills: Annotated[int, typer.Option(min=1, max=100, help="How often to kill the run.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Seed that chooses the steps at which the run is killed.")] = 0,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Check that a killed run of your recipe resumes to the same bits.

    Trains twice in a temporary directory: once without interruption, and once with SIGKILL at random steps and `recipe
    resume` after each. Then compares weights, optimizer state, best model, history and metrics. Exit code: 0 if all
    are equal to the bit; 1 if something differs or a run failed; 2 if the recipe or its data cannot be used.
    """
    file = _file_of(words)
    loaded = read(file, sets, root, color, quiet=quiet, allow_code=allow_code)
    assert loaded.recipe is not None
    access = DataAccess(data_dir, allow_fallback=not no_fallback).beside(loaded.path, root)
    plan = plan_of(loaded, access, color, allow_code=allow_code)
    own = [*(["--root", str(root)] if root else []), *(part for one in sets or () for part in ("--set", one))]
    if loaded.recipe.training.checkpoint == "auto":  # a short run would save none
        own += ["--set", f"training.checkpoint={checkpoint_every(plan.steps, kills)} steps"]
    data = [*(["--data-dir", str(data_dir)] if data_dir else []), *(["--no-fallback"] if no_fallback else [])]
    data += ["--allow-code"] if allow_code else []
    with tempfile.TemporaryDirectory(prefix="recipe-selftest-") as folder:
        report = (lambda _: None) if quiet else (lambda message: print(message, file=sys.stderr))
        trial = Trial(loaded.path.absolute(), Path(folder), own, data, report)
        try:
            straight = trial.straight()
            steps = steps_of(straight)
            interrupted, killed = trial.interrupted(kill_steps(steps, kills, seed))
        except SessionFailed as error:
            print(error.stderr, end="", file=sys.stderr)
            fail(str(error), code=2 if error.status == 2 else 1)
        found = list(compare(straight, interrupted))
    if json:
        print_json({**as_mapping(found), "steps": steps, "killed_at": killed})
    else:
        _print(found, steps, killed, color)
    raise typer.Exit(1 if differs(found) else 0)


def _file_of(words: Sequence[str]) -> Path:
    """The recipe's path; the first word may name the test, of which there is one."""
    named = words[1:] if words[0] == PROVED else words
    if len(named) != 1:
        message = "missing argument FILE" if not named else f"selftest takes one recipe; received {', '.join(words)}"
        fail(message, [f"`recipe selftest {PROVED} FILE`"])
    return Path(named[0])


def _print(found: Sequence[Comparison], steps: int, killed: Sequence[int], color: options.Color) -> None:
    screen = print_comparison(found, color)
    places = ", ".join(f"{step:,}" for step in killed)
    outcome = "differs from" if differs(found) else "equals"
    summary = f"the run of {steps:,} steps that was killed after step {places} {outcome} the one that was not"
    screen.print(paragraph(screen, summary))
