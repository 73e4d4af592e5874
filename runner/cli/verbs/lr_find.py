"""``recipe lr-find``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from runner.cli import options, pictures
from runner.cli.common import fail, print_json, read, refuse, show, use_color
from runner.cli.planning import plan_of
from runner.data.access import DataAccess
from runner.errors import KeyPath, RecipeError
from runner.lr_find import apply_suggestion
from runner.lr_find.picture import range_picture
from runner.lr_find.sweep import LEAST_STEPS
from runner.lr_find.text import as_mapping, picture_of, print_csv, print_text, verdict
from runner.plan.plan import Plan
from runner.plan.threads import threads_for
from runner.source.load import Loaded
from runner.text import printable

if TYPE_CHECKING:
    from runner.lr_find.range_test import Found
    from runner.plots.canvas import Form


def command(
    file: options.File,
    min_lr: Annotated[float, typer.Option(min=1e-12, help="Learning rate of the first step.")] = 1e-6,
    max_lr: Annotated[float, typer.Option(max=1e6, help="Learning rate of the last step.")] = 10.0,
    steps: Annotated[
        int | None,
        typer.Option(min=LEAST_STEPS, help="Steps (default: an epoch, within 100 and 300).", show_default=False),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="Seeds; the suggestion is on their median.")] = 1,
    seed: Annotated[int | None, typer.Option(help="First seed (default: the recipe's).", show_default=False)] = None,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.svg|png", help="Draw the curve and what it says.")] = None,
    dark: Annotated[bool, typer.Option("--dark", help="With --plot: for a dark background.")] = False,
    form: Annotated[
        Literal["text", "csv", "json"], typer.Option("--format", help="`csv`: step,learning_rate,loss,smoothed.")
    ] = "text",
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write the suggestion into the recipe.")] = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Find a learning rate: let it grow with every batch and watch the loss.

    Shown are where the loss falls steepest, the valley, and a tenth of where it is least (minimum/10), which is what
    is suggested; minimum/3 for the peak of a cycle.

    Nothing is trained for good, and nothing is written but what --plot and --apply ask for. The loss is each
    batch's own. Exit code: 0; 1 there is no clear suggestion; 2 a recipe or its data is not usable.
    """
    picture_form = _form_of(plot) if plot is not None else None
    if not max_lr > min_lr:
        fail(f"--max-lr must be above --min-lr; received {max_lr:g} and {min_lr:g}")
    seeds = [f"seed={seed}"] if seed is not None else []
    loaded = read(file, [*(sets or []), *seeds], root, color, allow_code=allow_code)
    place = _place(loaded, sets) if apply else None
    data = DataAccess(data_dir, allow_fallback=not no_fallback).beside(loaded.path, root)
    plan = plan_of(loaded, data, color, allow_code=allow_code)
    if plan.fallback is not None:
        _tell_fallback(plan, plan.fallback, apply=apply)
    swept = _Swept(min_lr, max_lr, steps, repeats)
    found = _test(loaded, plan, data, swept, quiet=quiet, color=color)
    if plot is not None and picture_form is not None:
        _draw(found, plot, picture_form, dark=dark)
    if place is not None and found.suggestion is not None:
        _apply(loaded, place, found.suggestion, root, color)
    match "json" if json else form:
        case "json":
            print_json(as_mapping(found))
        case "csv":
            print_csv(found)
            _tell(verdict(found), quiet)
        case "text":
            print_text(found, color=use_color(color, sys.stdout))
    raise typer.Exit(1 if found.suggestion is None else 0)


class _Swept(NamedTuple):
    """What the options say about the test."""

    min_lr: float
    max_lr: float
    steps: int | None
    """None: as many as the plan suggests."""
    repeats: int


def _form_of(plot: Path) -> "Form":
    form = pictures.form_of(plot)
    if form is None or not plot.parent.is_dir():
        fail(f"--plot draws .svg and .png, into a folder that is there; received {plot}")
    return form


def _place(loaded: Loaded, sets: list[str] | None) -> KeyPath:
    try:
        return apply_suggestion.place_to_write(loaded, sets)
    except RecipeError as error:
        refuse(None, error, "auto")


def _apply(loaded: Loaded, place: KeyPath, value: float, root: Path | None, color: options.Color) -> None:
    try:
        show(apply_suggestion.write(loaded, place, value, root), sys.stderr, color)
    except RecipeError as error:
        refuse(None, error, color)
    print(printable(f"{loaded.path}: {apply_suggestion.dotted(place)} is now {value}"), file=sys.stderr)


def _tell(message: str, quiet: bool) -> None:
    if not quiet:
        print(message, file=sys.stderr)


def _tell_fallback(plan: Plan, reason: str, *, apply: bool) -> None:
    """Say that other data is tested; it has no say in what the recipe is to have."""
    if apply:
        fail(f"--apply is not for what {plan.data.label} says about {plan.wanted}", [reason])
    print(printable(f"warning: testing on {plan.data.label} in place of {plan.wanted}: {reason}"), file=sys.stderr)


def _draw(found: "Found", path: Path, form: "Form", *, dark: bool) -> None:
    if not len(found.median.loss):
        fail(f"there is nothing to draw: {found.advice.reason}", code=1)
    pictures.save(path, range_picture(picture_of(found), form, dark=dark), code=1)


def _test(
    loaded: Loaded, plan: Plan, access: DataAccess, swept: _Swept, *, quiet: bool, color: options.Color
) -> "Found":
    """Start TensorFlow and test; leaves with 2 when the recipe or its data is not usable."""
    _tell("starting TensorFlow", quiet)
    from runner.engine.start import start_tensorflow

    try:
        device = start_tensorflow(plan.recipe.hardware.model_copy(update={"strategy": "none"}), threads_for(plan))
        from runner.data.load import load_data
        from runner.lr_find.range_test import Range, default_steps, find

        grid = Range(swept.min_lr, swept.max_lr, swept.steps or default_steps(plan))
        _tell(f"testing up to {grid.steps * swept.repeats:,} steps on {device.kind}, {plan.data.label}", quiet)
        return find(plan, load_data(plan, access), grid, swept.repeats)
    except RecipeError as error:
        refuse(loaded, error, color)
