"""The verb ``recipe lr-find``."""

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
from runner.lr_find.output import as_mapping, picture_of, print_csv, print_text, verdict
from runner.lr_find.sweep import LEAST_STEPS
from runner.lr_find.sweep_plot import range_picture
from runner.numerals import setting
from runner.plan.plan import Plan
from runner.source.load import Loaded
from runner.text import printable

if TYPE_CHECKING:
    from runner.lr_find.range_test import Found
    from runner.plots.canvas import Form

_Steps = Annotated[
    int | None,
    typer.Option(min=LEAST_STEPS, help="Number of steps (default: one epoch, but 100 to 300).", show_default=False),
]
_Repeats = Annotated[int, typer.Option(min=1, max=100, help="Number of seeds; the suggestion uses the median curve.")]
_Plot = Annotated[Path | None, typer.Option(metavar="FILE.svg|png", help="Draw the curve and the suggestion.")]
_Form = Annotated[
    Literal["text", "csv", "json"], typer.Option("--format", help="`csv`: step,learning_rate,loss,smoothed.")
]


def command(
    file: options.File,
    min_lr: Annotated[float, typer.Option(min=1e-12, help="Learning rate of the first step.")] = 1e-6,
    max_lr: Annotated[float, typer.Option(max=1e6, help="Learning rate of the last step.")] = 10.0,
    steps: _Steps = None,
    repeats: _Repeats = 1,
    seed: Annotated[int | None, typer.Option(help="First seed (default: the recipe's).", show_default=False)] = None,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    plot: _Plot = None,
    dark: Annotated[bool, typer.Option("--dark", help="With --plot: draw for a dark background.")] = False,
    form: _Form = "text",
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write the suggestion into the recipe.")] = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Find a learning rate: raise it with every batch and watch the loss.

    Shows the rate of the steepest descent, the valley, and a tenth of the rate at the minimum (minimum/10), which is
    the suggestion; minimum/3 for the peak of a cycle.

    No trained model is kept, and only --plot and --apply write files. Each loss is that of a single batch. Exit code:
    0; 1 if there is no clear suggestion; 2 if the recipe or its data cannot be used.
    """
    swept = _Swept.of(min_lr, max_lr, steps, repeats)
    picture_form = _form_of(plot) if plot is not None else None
    seeds = [f"seed={seed}"] if seed is not None else []
    loaded = read(file, [*(sets or []), *seeds], root, color, allow_code=allow_code)
    place = _place(loaded, sets) if apply else None
    data = DataAccess(data_dir, allow_fallback=not no_fallback).beside(loaded.path, root)
    plan = plan_of(loaded, data, color, allow_code=allow_code)
    if plan.fallback is not None:
        _report_fallback(plan, plan.fallback, apply=apply)
    found = _test(loaded, plan, data, swept, quiet=quiet, color=color)
    if plot is not None and picture_form is not None:
        _draw(found, plot, picture_form, dark=dark)
    if place is not None and found.suggestion is not None:
        _apply(loaded, place, found.suggestion, root, color)
    _print(found, "json" if json else form, quiet=quiet, color=color)
    raise typer.Exit(1 if found.suggestion is None else 0)


class _Swept(NamedTuple):
    """Options of the test."""

    min_lr: float
    max_lr: float
    steps: int | None
    """None: the number that the plan suggests."""
    repeats: int

    @classmethod
    def of(cls, min_lr: float, max_lr: float, steps: int | None, repeats: int) -> "_Swept":
        if not max_lr > min_lr:
            fail(f"--max-lr must be above --min-lr; received {setting(max_lr)} and {setting(min_lr)}")
        return cls(min_lr, max_lr, steps, repeats)


def _print(found: "Found", form: Literal["text", "csv", "json"], *, quiet: bool, color: options.Color) -> None:
    match form:
        case "json":
            print_json(as_mapping(found))
        case "csv":
            print_csv(found)
            _report(verdict(found), quiet)
        case "text":
            print_text(found, color=use_color(color, sys.stdout))


def _form_of(plot: Path) -> "Form":
    form = pictures.form_of(plot)
    if form is None or not plot.parent.is_dir():
        fail(f"--plot takes a .svg or .png file in an existing folder; received {plot}")
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
    print(printable(f"{loaded.path}: {apply_suggestion.dotted(place)} is now {setting(value)}"), file=sys.stderr)


def _report(message: str, quiet: bool) -> None:
    if not quiet:
        print(message, file=sys.stderr)


def _report_fallback(plan: Plan, reason: str, *, apply: bool) -> None:
    """Warn that the fallback data is tested; its result must not be written into the recipe."""
    if apply:
        fail(f"--apply cannot use a result from {plan.data.label}: the recipe trains on {plan.wanted}", [reason])
    print(printable(f"warning: testing on {plan.data.label} instead of {plan.wanted}: {reason}"), file=sys.stderr)


def _draw(found: "Found", path: Path, form: "Form", *, dark: bool) -> None:
    if not len(found.median.loss):
        fail(f"there is nothing to draw: {found.advice.reason}", code=1)
    pictures.save(path, range_picture(picture_of(found), form, dark=dark), code=1)


def _test(
    loaded: Loaded, plan: Plan, access: DataAccess, swept: _Swept, *, quiet: bool, color: options.Color
) -> "Found":
    """Start TensorFlow and run the test; exits with 2 if the recipe or its data cannot be used."""
    _report("starting TensorFlow", quiet)
    from runner.lr_find.started import range_test

    try:
        return range_test(plan, access, *swept, lambda message: _report(message, quiet))
    except RecipeError as error:
        refuse(loaded, error, color)
