"""``recipe lr-find``."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, assert_never

import numpy as np
import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read, refuse, show, use_color
from runner.cli.planning import plan_of
from runner.curves.range_test import LEAST_STEPS, Sweep, rounded
from runner.curves.types import Values
from runner.events import shortest
from runner.plan.plan import Plan
from runner.plots.canvas import Form
from runner.plots.numbers import short
from runner.plots.range_plot import Picture, range_lines, range_picture
from runner.prepare import DataOptions
from runner.record.atomic import write_atomic
from runner.source import edit
from runner.source.load import Loaded, load
from runner.source.nodes import Path as KeyPath
from runner.text import printable
from schemas.recipe import Recipe
from schemas.rules.parts import base_of

if TYPE_CHECKING:
    from rich.text import Text

    from runner.cli.lines import Screen
    from runner.engine.range_test import Found


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
    json: options.Json = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write the suggestion into the recipe.")] = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Find a learning rate: let it grow with every batch and watch the loss.

    Nothing is trained for good, and nothing is written but what --plot and --apply ask for. The loss is each
    batch's own. Exit code: 0; 1 there is no clear suggestion; 2 a recipe or its data is not usable.
    """
    picture_form = _form_of(plot) if plot is not None else None
    if not max_lr > min_lr:
        fail(f"--max-lr must be above --min-lr; received {max_lr:g} and {min_lr:g}")
    seeds = [f"seed={seed}"] if seed is not None else []
    loaded = read(file, [*(sets or []), *seeds], root, color)
    place = _place_to_write(loaded, sets) if apply else None
    data = DataOptions(data_dir, allow_fallback=not no_fallback)
    plan = plan_of(loaded, data, color)
    if plan.fallback is not None:
        _tell_fallback(plan, plan.fallback, apply=apply)
    swept = _Swept(min_lr, max_lr, steps, repeats)
    found = _test(loaded, plan, data.directory, swept, quiet=quiet, color=color)
    if plot is not None and picture_form is not None:
        _draw(found, plot, picture_form, dark=dark)
    if place is not None and found.suggestion is not None:
        _apply(loaded, place, found.suggestion, root, color)
    match "json" if json else form:
        case "json":
            print_json(_as_mapping(found))
        case "csv":
            _print_csv(found)
            _tell(_verdict(found), quiet)
        case "text":
            _print_text(found, color)
    raise typer.Exit(1 if found.suggestion is None else 0)


class _Swept(NamedTuple):
    """What the options say about the test."""

    min_lr: float
    max_lr: float
    steps: int | None
    """None: as many as the plan suggests."""
    repeats: int


def _form_of(plot: Path) -> Form:
    forms: dict[str, Form] = {".svg": "svg", ".png": "png"}
    form = forms.get(plot.suffix.lower())
    if form is None or not plot.parent.is_dir():
        fail(f"--plot draws .svg and .png, into a folder that is there; received {plot}")
    return form


def _tell(message: str, quiet: bool) -> None:
    if not quiet:
        print(message, file=sys.stderr)


def _tell_fallback(plan: Plan, reason: str, *, apply: bool) -> None:
    """Say that other data is tested; it has no say in what the recipe is to have."""
    if apply:
        fail(f"--apply is not for what {plan.data.label} says about {plan.wanted}", [reason])
    print(printable(f"warning: testing on {plan.data.label} in place of {plan.wanted}: {reason}"), file=sys.stderr)


def _draw(found: "Found", path: Path, form: Form, *, dark: bool) -> None:
    if not len(found.median.loss):
        fail(f"there is nothing to draw: {found.advice.reason}", code=1)
    try:
        write_atomic(path, range_picture(_picture(found), form, dark=dark))
    except OSError as error:
        fail(f"the picture cannot be written: {error}", code=1)
    print(f"picture: {path}", file=sys.stderr)


def _test(loaded: Loaded, plan: Plan, data_dir: Path, swept: _Swept, *, quiet: bool, color: options.Color) -> "Found":
    """Start TensorFlow and test; leaves with 2 when the recipe or its data is not usable."""
    _tell("starting TensorFlow", quiet)
    from runner.engine.start import DeviceError, start_tensorflow

    try:
        device = start_tensorflow(plan.recipe.hardware)
    except DeviceError as error:
        refuse(loaded, error, "R204", ("hardware", "device"), color)
    from runner.build.data import load_data
    from runner.build.model import BuildError
    from runner.engine.checks import TrainingFailed
    from runner.engine.range_test import Range, default_steps, find
    from runner.plan.facts import DataError

    grid = Range(swept.min_lr, swept.max_lr, swept.steps or default_steps(plan))
    _tell(f"testing up to {grid.steps * swept.repeats:,} steps on {device.kind}, {plan.data.label}", quiet)
    try:
        return find(plan, load_data(plan, data_dir), grid, swept.repeats)
    except BuildError as error:
        refuse(loaded, error, "R203", error.path, color)
    except DataError as error:
        refuse(loaded, error, "R202", ("data", "name"), color)
    except TrainingFailed as error:
        fail(str(error), code=1)


def _key(recipe: Recipe) -> KeyPath | None:
    """Where the recipe writes its learning rate; None for schedules that write several."""
    if recipe.schedule is None:
        return ("optimizer", "learning_rate")
    base, path = base_of(recipe)
    if base is None:
        return ("schedule", "learning_rate")
    match base.kind:
        case "constant":
            return (*path, "learning_rate")
        case "1cycle" | "wsd" | "cyclic":
            return (*path, "max_lr")
        case "power" | "exponential" | "linear" | "polynomial" | "inverse_sqrt" | "cosine" | "cosine_restarts":
            return (*path, "initial_lr")
        case "phases" | "piecewise":
            return None
        case _:
            assert_never(base.kind)


def _place_to_write(loaded: Loaded, sets: list[str] | None) -> KeyPath:
    """The key for --apply, known before anything is tested; leaves with 2 when it is not the recipe's own."""
    assert loaded.recipe is not None
    assert loaded.document is not None
    if sets:
        fail("--apply writes what was found for the recipe as it stands, not with --set", ["edit the recipe first"])
    place = _key(loaded.recipe)
    if place is None:
        fail("--apply needs one learning rate to write, but this schedule has several", ["take it over by hand"])
    origin = loaded.document.origin(place)
    if origin.kind == "default":  # the key is new: it goes where the mapping around it stands
        origin = loaded.document.origin(place[:-1])
    if origin.kind != "recipe":
        where = "no file" if origin.kind == "default" else origin
        fail(f"--apply writes into {loaded.path} alone, but {_dotted(place)} comes from {where}", ["change it there"])
    return place


def _dotted(place: KeyPath) -> str:
    return ".".join(map(str, place))


def _apply(loaded: Loaded, place: KeyPath, value: float, root: Path | None, color: options.Color) -> None:
    """Write the suggestion, if the recipe is a valid one with it; warnings that come with it are told."""
    changed = load(loaded.path, sets=[f"{_dotted(place)}={value}"], root=root)
    show([finding for finding in changed.diagnostics if finding not in loaded.diagnostics], sys.stderr, color)
    if changed.recipe is None:
        fail(f"with {_dotted(place)}: {value} the recipe is not valid by itself; nothing was written")
    try:
        text = loaded.path.read_bytes().decode("utf-8")
        edit.write_atomic(loaded.path, edit.set_value(text, place, value))
    except (OSError, KeyError) as error:
        fail(f"{_dotted(place)}: {value} cannot be written: {error}", code=1)
    print(f"{loaded.path}: {_dotted(place)} is now {value}", file=sys.stderr)


def _picture(found: "Found") -> Picture:
    said = found.advice.reason if found.suggestion is None else f"recommended: {short(found.suggestion)}"
    spread = found.band if len(found.sweeps) > 1 else None
    limits = (found.swept.min_lr, found.swept.max_lr)
    title = f"{found.plan.recipe.name}: range test"
    return Picture(title, found.median, found.advice, limits, spread, (_conditions(found), said))


def _conditions(found: "Found") -> str:
    """Length, end, seeds and momentum in one line."""
    seeds = list(found.sweeps)
    end = "" if found.median.stopped is None else f" ({found.median.stopped} after {len(found.median.loss)})"
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"median of {len(seeds)} seeds from {seeds[0]}"
    momentum = "no momentum" if found.momentum is None else f"momentum {found.momentum:g} throughout"
    return f"{found.swept.steps} steps of {found.plan.batch_size} examples{end} · {which} · {momentum}"


def _print_text(found: "Found", color: options.Color) -> None:
    from runner.cli.lines import paragraph, stdout_screen
    from runner.cli.plan_text import drawing

    screen = stdout_screen(color=use_color(color, sys.stdout))
    screen.print(paragraph(screen, printable(f"{found.plan.recipe.name}: {_conditions(found)}"), style="bold"))
    if len(found.median.loss):
        screen.print(drawing(range_lines(_picture(found), screen.width, screen.glyphs), screen))
    screen.print(_rule_lines(found, screen))
    screen.print(paragraph(screen, _verdict(found)))


def _rule_lines(found: "Found", screen: "Screen") -> "list[Text]":
    """A row for each rule: on the median, and from the least to the largest of the seeds."""
    from runner.cli.lines import Column, table

    if not found.advice.rules:
        return []
    several = len(found.each) > 1
    rows = []
    for rule, rate in found.advice.rules.items():
        each = sorted(one.rules[rule] for one in found.each if one.rules)
        spread = f"{short(each[0])} to {short(each[-1])}" if several and each else ""
        rows.append((f"{rule} *" if rule == found.advice.rule else rule, short(rate), spread))
    columns = (Column("rule"), Column("learning rate"), Column("of the seeds" if several else ""))
    return table(screen, columns, rows)[0]


def _verdict(found: "Found") -> str:
    if found.suggestion is None:
        return f"no clear suggestion: {found.advice.reason}"
    key = _key(found.plan.recipe)
    where = "the schedule writes several learning rates" if key is None else f"the recipe's key is {_dotted(key)}"
    return f"* recommended: {short(found.suggestion)}, {found.advice.reason}; {where}"


def _columns(sweep: Sweep) -> dict[str, tuple[float, ...]]:
    """Learning rate, loss and smoothed loss of each step that counts."""
    arrays = {"learning_rate": sweep.learning_rate, "loss": sweep.loss, "smoothed": sweep.smoothed}
    return {name: _float32(values) for name, values in arrays.items()}


def _float32(values: Values) -> tuple[float, ...]:
    return shortest(values.astype(np.float32))


def _print_csv(found: "Found") -> None:
    """A row a step; with several seeds the loss is their median, and the smoothed one's ends stand beside it."""
    columns = _columns(found.median)
    if len(found.sweeps) > 1:
        least, most = found.band
        columns |= {"smoothed_min": _float32(least), "smoothed_max": _float32(most)}
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("step", *columns))
    writer.writerows((step, *row) for step, row in enumerate(zip(*columns.values(), strict=True)))


def _as_mapping(found: "Found") -> dict[str, Any]:
    """Everything, as one JSON object."""
    plan, median, key = found.plan, found.median, _key(found.plan.recipe)
    return {
        "name": plan.recipe.name,
        "fingerprint": plan.fingerprint,
        "data": plan.data.label,
        "fallback": plan.fallback,
        "batch_size": plan.batch_size,
        "optimizer": plan.recipe.optimizer.kind,
        "momentum": found.momentum,
        "min_lr": found.swept.min_lr,
        "max_lr": found.swept.max_lr,
        "steps": found.swept.steps,
        "counted": len(median.loss),
        "stopped": median.stopped,
        "learning_rate": found.suggestion,
        "rule": found.advice.rule,
        "reason": found.advice.reason,
        "key": None if key is None else _dotted(key),
        "rules": found.advice.rules,
        "curve": _columns(median),
        "seeds": [
            {
                "seed": seed,
                "stopped": sweep.stopped,
                "learning_rate": rounded(one.learning_rate),
                "curve": _columns(sweep),
            }
            for (seed, sweep), one in zip(found.sweeps.items(), found.each, strict=True)
        ],
    }
