"""The verb ``recipe bisect``: its options and its first line, which is printed before slow imports."""

from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.opening import first_line
from runner.interrupts import importing

_SIDE = "A run or a recipe: a directory, a handle such as `latest`, a file, or a name of the gallery."
_Good = Annotated[
    str, typer.Argument(metavar="GOOD", help=_SIDE, show_default=False, autocompletion=options.complete_file_or_run)
]
_Bad = Annotated[
    str, typer.Argument(metavar="BAD", help=_SIDE, show_default=False, autocompletion=options.complete_file_or_run)
]
_Metric = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Final metric that differs (default: as in `recipe runs`).", show_default=False),
]
_Threshold = Annotated[
    float | None, typer.Option(help="Value at which a result is bad (default: halfway).", show_default=False)
]
_Seeds = Annotated[int, typer.Option(min=1, max=100, help="Seeds that each recipe is trained with; its mean counts.")]
_Folder = Annotated[
    Path | None, typer.Option(help="Folder of the runs (default: runs/NAME-bisect).", show_default=False)
]


def command(
    good: _Good,
    bad: _Bad,
    metric: _Metric = None,
    threshold: _Threshold = None,
    seeds: _Seeds = 1,
    bisect_dir: _Folder = None,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    force: options.Force = False,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    only: Annotated[str | None, typer.Option(hidden=True, help="Train these fields of BAD and nothing else.")] = None,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Find the fields that explain why BAD's result differs from GOOD's, by training recipes between the two.

    Both are trained first, here and now. Delta debugging then finds a set of fields that makes GOOD's result bad, and
    in which each field is needed. What does not validate with some of the fields is left out. Started again it goes on
    where it stopped: runs that the folder has are not trained again. Exit code: 0 if fields were found; 1 if the two
    results do not differ; 2 if something cannot be used; 130 after Ctrl-C; 143 after SIGTERM.
    """
    if only is None:
        first_line("bisecting", f"{good}, {bad}", progress, quiet=quiet)
    with importing():
        from runner.cli.bisecting import Asked, bisect
        from runner.cli.training import TerminalOptions
    asked = Asked(
        good, bad, metric, threshold, seeds, bisect_dir, tuple(sets or ()), data_dir, no_fallback, force, root,
        allow_code, only,
    )  # fmt: skip
    bisect(asked, TerminalOptions(progress, quiet, color, json))
