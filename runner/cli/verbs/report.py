"""``recipe report``."""

from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail
from runner.cli.looking import refusing, runs_of, write_report
from runner.cli.subject import sweep_folder
from runner.record.directory import RunPaths


def command(
    runs: options.SeveralRuns,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it (of one run: its report.html).")
    ] = None,
) -> None:
    """Write a report: one HTML file with curves, tables, the recipe and a methods paragraph; it needs no network.

    Several runs are compared first. The folder of a sweep has a report of its trials. The path of the file is printed
    on stdout.
    """
    sweep = sweep_folder(runs[0]) if len(runs) == 1 else None
    if sweep is not None:
        from runner.cli.swept import report_sweep

        report_sweep(sweep, output)
    if output is None and len(runs) > 1:
        fail("a report of several runs has no default file", ["--output comparison.html"])
    pasts = runs_of(runs)
    from runner.lookback.report import render

    with refusing():
        page = render(pasts)
    write_report(output if output is not None else RunPaths(pasts[0].path).report, page)
