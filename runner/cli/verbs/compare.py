"""``recipe compare``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options, pictures
from runner.cli.common import fail, print_json, use_color
from runner.cli.looking import refusing, runs_of


def command(
    runs: options.SeveralRuns,
    json: options.Json = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.svg|png", help="Draw learning rate, momentum and loss overlaid.")
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="With --plot: for a dark background.")] = False,
    color: options.ColorOption = "auto",
) -> None:
    """Compare runs: what differs, what came out, and their curves over one another.

    After `recipe evaluate` of each run, their decisions on the same test examples are compared with the first run's: by
    McNemar's test, or by a permutation test of the errors of a regression. Fields in which all runs agree are left out.
    The best value of each metric is marked. Runs of different lengths are drawn over the share of the run.
    """
    if len(runs) < 2:
        fail(f"a comparison takes two runs or more, got {len(runs)}", ["`recipe show RUN` shows one"])
    form = pictures.form_of(plot) if plot is not None else None
    if plot is not None and form is None:
        fail(f"a picture is a .svg or a .png file, got {plot.name!r}", [f"--plot {plot.with_suffix('.svg')}"])
    pasts = runs_of(runs)
    if plot is not None and form is not None:
        from runner.lookback.run_curves import comparison_picture

        pictures.save(plot, comparison_picture(pasts, form, dark=dark), code=2)
    from runner.lookback.compare_view import comparison_lines, comparison_mapping
    from runner.views.lines import stdout_screen

    with refusing():
        if json:
            print_json(comparison_mapping(pasts))
        else:
            screen = stdout_screen(color=use_color(color, sys.stdout))
            screen.print(comparison_lines(pasts, screen))
