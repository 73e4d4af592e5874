"""A sweep that somebody has made, shown and reported by its folder."""

import sys
from pathlib import Path
from typing import NoReturn

import typer

from runner.cli.common import print_json
from runner.cli.looking import refusing, write_report
from runner.cli.streams import output_width


def show_sweep(folder: Path, *, json: bool) -> None:
    """Print the trials of a sweep; leaves with 2 where its folder cannot be used."""
    with refusing():
        from runner.sweeps.past import read_sweep

        found = read_sweep(folder)
    if json:
        print_json(found.values)
        return
    for line in found.lines(output_width() or sys.maxsize):
        print(line)


def report_sweep(folder: Path, output: Path | None) -> NoReturn:
    """Write the report of a sweep, print its path, and exit."""
    with refusing():
        from runner.sweeps.past import read_sweep
        from runner.sweeps.report import render

        page = render(read_sweep(folder))
    write_report(output if output is not None else folder / "report.html", page)
    raise typer.Exit(0)
