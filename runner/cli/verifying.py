"""``recipe verify --share``: its options and what it prints."""

import re
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from runner.cli import options
from runner.cli.common import fail, note, print_json, use_color
from runner.cli.trained import leave_with, open_run, plan_of_run
from runner.errors import RecipeError
from runner.text import printable
from runner.views.lines import paragraph, stdout_screen
from runner.views.tables import Column, table

if TYPE_CHECKING:
    from runner.workflows.inspecting.stretches import Replayed, Verified

_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%")
_SHOWN = 3


def share_of(text: str) -> float:
    """``5%`` as 0.05; leaves with 2 for what is no share."""
    given = _SHARE.fullmatch(text)
    if given is None or not 0 < float(given[1]) <= 100:
        fail(f"--share: must be a percentage above 0% and at most 100%; received '{printable(text)}'", ["--share 5%"])
    return float(given[1]) / 100


def verify_some(
    directory: Path,
    share: float,
    seed: int | None,
    data_dir: Path | None,
    color: options.Color,
    *,
    force: bool,
    allow_code: bool,
    json: bool,
) -> NoReturn:
    """Make a share of a finished run again, print what was compared, and exit with 0, or 1 if anything differs."""
    from runner.workflows.inspecting.stretches import verify_share

    seed = secrets.randbelow(1 << 31) if seed is None else seed
    trained = open_run(str(directory), "last", data_dir, color, allow_code=allow_code)
    try:
        found = verify_share(trained, plan_of_run(trained), share, seed, note, force=force)
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"the run cannot be read: {error}")
    if json:
        print_json(_mapping(directory, found, share, seed))
    else:
        _print(found, seed, color)
    raise typer.Exit(0 if found.holds else 1)


def _mapping(directory: Path, found: "Verified", share: float, seed: int) -> dict[str, Any]:
    return {
        "run_dir": str(directory),
        "status": "equal" if found.holds else "different",
        "share": share,
        "seed": seed,
        "steps": found.total,
        "steps_made_again": found.steps,
        "stretches": [
            {
                "first_step": each.stretch.start,
                "last_step": each.stretch.stop - 1,
                "steps_compared": each.steps,
                "epochs_compared": each.epochs,
                "state_compared": each.state,
                "differing": list(each.differing),
            }
            for each in found.stretches
        ],
        "explanations": list(found.notes),
    }


def _print(found: "Verified", seed: int, color: options.Color) -> None:
    screen = stdout_screen(color=use_color(color, sys.stdout))
    columns = (Column("steps"), Column("from"), Column("compared"), Column("result"))
    screen.print(table(screen, columns, [_row(each) for each in found.stretches]))
    for each in found.stretches:
        for text in each.differing[:_SHOWN]:
            screen.print(paragraph(screen, printable(text), hang=2, style="red"))
    if not found.holds:
        for text in found.notes:
            screen.print(paragraph(screen, printable(f"differs from the run's: {text}"), hang=2))
    result = "equal to the bit" if found.holds else "not the same"
    made = f"{found.steps:,} of {found.total:,} steps trained again: {result}; --seed {seed} chooses them again"
    screen.print(paragraph(screen, made))


def _row(each: "Replayed") -> tuple[str, ...]:
    compared = [f"{each.steps:,} steps"]
    compared += [f"{each.epochs:,} epoch{'s' * (each.epochs != 1)}"] if each.epochs else []
    compared += ["state"] if each.state else []
    begin = "beginning" if each.stretch.start == 0 else "checkpoint"
    result = "different" if each.differing else "equal to the bit"
    return f"{each.stretch.start:,}–{each.stretch.stop - 1:,}", begin, ", ".join(compared), result
