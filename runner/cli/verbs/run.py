"""The verb ``recipe run``: its options and its first line, which is printed before slow imports."""

from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.opening import first_line
from runner.interrupts import importing

_Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Recipe files or names of gallery recipes, trained one after another.",
        autocompletion=options.complete_file,
    ),
]
_Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the newest unfinished run of this recipe, if there is one.")
]
_ExpectSha256 = Annotated[str | None, typer.Option(help="Refuse to run unless the recipe has this fingerprint.")]


_JUnit = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the expectations as JUnit XML.", show_default=False)
]
_NoAfter = Annotated[bool, typer.Option("--no-after", help="Leave out the steps of the recipe's `after`.")]


def command(
    files: _Files,
    sets: options.Sets = None,
    run_dir: Annotated[Path | None, typer.Option(help="Run directory (default: runs/NAME/TIME-FINGERPRINT).")] = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    force: options.Force = False,
    root: options.Root = None,
    resume: _Resume = False,
    expect_sha256: _ExpectSha256 = None,
    allow_code: options.AllowCode = False,
    allow_network: options.AllowNetwork = False,
    tag: options.Tags = None,
    note: options.Note = None,
    junit: _JUnit = None,
    no_after: _NoAfter = False,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
    kill_at: options.KillAt = None,
    warned: options.Warned = False,
    repeat: options.Repeat = None,
) -> None:
    """Validate, plan, train, evaluate and record.

    All recipes are read and planned before the first one trains; one that takes weights from the run of a recipe before
    it is planned when its turn comes. The steps of a recipe's `after` follow its training. Exit code: 0;
    1 if training failed, diverged or missed an expectation, or a step after it failed; 2 if a recipe or its data cannot
    be used; 130 after Ctrl-C; 143 after SIGTERM; 129 after SIGHUP.
    """
    first_line("reading", ", ".join(map(str, files)), progress, quiet=quiet)
    with importing():
        from runner.cli.run_jobs import Wanted
        from runner.cli.running import run_all
        from runner.cli.tagging import tags_given
        from runner.cli.training import TerminalOptions
        from runner.record.repeat_note import parsed
    wanted = Wanted(
        sets=tuple(sets or ()), run_dir=run_dir, data_dir=data_dir, no_fallback=no_fallback, force=force, root=root,
        resume=resume, expect_sha256=expect_sha256, allow_code=allow_code, warned=warned, junit=junit,
        after=not no_after, allow_network=allow_network, tags=tags_given(tag, note),
        repeat=None if repeat is None else parsed(repeat),
    )  # fmt: skip
    run_all(files, wanted, TerminalOptions(progress, quiet, color, json, kill_at))
