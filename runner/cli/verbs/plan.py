"""The verb ``recipe plan``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options, pictures
from runner.cli.common import fail, print_json, read, refuse, use_color
from runner.cli.planning import plan_of
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.plan.plan import Plan
from runner.plan.rows import write_csv
from runner.source.load import Loaded
from runner.views.lines import stdout_screen
from runner.workflows.step_form import with_tried_form
from schemas.rules.custom import customs

if TYPE_CHECKING:
    from runner.model.build import LayerShape
    from runner.plots.canvas import Form

_Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Recipes; several are compared.", autocompletion=options.complete_file),
]
_Form = Annotated[
    Literal["text", "csv"], typer.Option("--format", help="`csv`: step,epoch,phase,learning_rate,momentum.")
]
_Plot = Annotated[
    Path | None,
    typer.Option(metavar="FILE.svg|png", help="Draw learning rate and momentum, several recipes on one plot."),
]
_Graph = Annotated[
    Path | None,
    typer.Option(metavar="FILE.svg", help="Draw the model: its layers with shapes, parameters and dropout rates."),
]
_Across = Annotated[
    Literal["auto", "steps", "epochs", "share"], typer.Option("--x", help="X axis of a plot of several recipes.")
]
_Shapes = Annotated[bool, typer.Option("--shapes/--no-shapes", help="Show layer shapes; this starts TensorFlow.")]


def command(
    files: _Files,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    form: _Form = "text",
    every: Annotated[int, typer.Option(min=1, help="With csv: print only every K-th step, and the last.")] = 1,
    plot: _Plot = None,
    graph: _Graph = None,
    log: Annotated[bool, typer.Option("--log", help="Draw the learning rate on a logarithmic axis.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="With --plot or --graph: draw for a dark background.")] = False,
    across: _Across = "auto",
    shapes: _Shapes = True,
    allow_code: options.AllowCode = False,
    allow_network: options.AllowNetwork = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Show what will train: steps, phases, layers, parameters, memory, and all inferred values.

    Trains and allocates nothing, and fetches nothing without --allow-network. Several recipes are compared, one per
    row. The shapes of custom layers are shown only with --allow-code.
    """
    kind = None if plot is None else _picture_form(plot)
    if graph is not None:
        _check_graph(graph, files, shapes=shapes)
    if form == "csv" and len(files) > 1:
        fail("--format csv prints the steps of one recipe, but several are given", ["plan them one by one"])
    all_loaded = [read(file, sets, root, color, allow_code=allow_code or None) for file in files]
    data = DataAccess(data_dir, allow_fallback=not no_fallback, download=False, network=allow_network)
    plans = [plan_of(loaded, data.beside(loaded.path, root), color, allow_code=allow_code) for loaded in all_loaded]
    plans = [with_tried_form(plan) for plan in plans]
    if plot is not None and kind is not None:
        _write_picture(plot, plans, kind, across=across, log=log, dark=dark)
    if graph is not None:
        _write_graph(graph, plans[0], _shapes(all_loaded[0], plans[0], color), dark=dark)
    if form == "csv":
        write_csv(plans[0], sys.stdout, every)
    elif json:
        _print_mapping(all_loaded, plans, shapes=shapes, color=color)
    else:
        _print_text(all_loaded, plans, shapes=shapes, color=color, log=log)


def _picture_form(plot: Path) -> "Form":
    form = pictures.form_of(plot)
    if form is None:
        fail(f"--plot takes a .svg or .png file; received {plot.name!r}", [f"--plot {plot.with_suffix('.svg')}"])
    return form


def _check_graph(path: Path, files: Sequence[Path], *, shapes: bool) -> None:
    """A graph is that of one recipe, with the shapes of its layers."""
    if path.suffix.lower() != ".svg":
        fail(f"--graph takes a .svg file; received {path.name!r}", [f"--graph {path.with_suffix('.svg')}"])
    if len(files) > 1:
        fail("--graph draws the model of one recipe, but several are given", ["plan them one by one"])
    if not shapes:
        fail("--graph draws the shapes of layers, which --no-shapes leaves out", ["remove --no-shapes"])


def _write_graph(path: Path, plan: Plan, layers: "Sequence[LayerShape] | None", *, dark: bool) -> None:
    from runner.views.plan_graph import plan_graph

    if layers is None:
        fail("--graph draws the shapes of layers; those of custom code are known only with --allow-code")
    pictures.save(path, plan_graph(plan, layers, dark=dark), code=2)


def _write_picture(
    path: Path,
    plans: Sequence[Plan],
    form: "Form",
    *,
    across: Literal["auto", "steps", "epochs", "share"],
    log: bool,
    dark: bool,
) -> None:
    from runner.plots.overlay_plot import overlay_picture
    from runner.plots.sampled_steps import track_of
    from runner.plots.schedule_plot import schedule_picture

    tracks = [track_of(plan) for plan in plans]
    if len(tracks) == 1:
        picture = schedule_picture(tracks[0], form, log=log, dark=dark)
    else:
        picture = overlay_picture(tracks, form, across=None if across == "auto" else across, log=log, dark=dark)
    pictures.save(path, picture, code=2)


def _print_mapping(all_loaded: Sequence[Loaded], plans: Sequence[Plan], *, shapes: bool, color: options.Color) -> None:
    from runner.views.plan_mapping import as_mapping

    found = [
        as_mapping(plan, _shapes(loaded, plan, color) if shapes else None)
        for loaded, plan in zip(all_loaded, plans, strict=True)
    ]
    print_json(found[0] if len(found) == 1 else {"plans": found})


def _print_text(
    all_loaded: Sequence[Loaded], plans: Sequence[Plan], *, shapes: bool, color: options.Color, log: bool
) -> None:
    from runner.views.plan_compare import comparison_lines
    from runner.views.plan_text import plan_lines

    screen = stdout_screen(color=use_color(color, sys.stdout))
    if len(plans) > 1:
        screen.print(comparison_lines(plans, screen, log=log))
        return
    layers = _shapes(all_loaded[0], plans[0], color) if shapes else None
    screen.print(plan_lines(plans[0], layers, screen, log=log))


def _shapes(loaded: Loaded, plan: Plan, color: options.Color) -> "tuple[LayerShape, ...] | None":
    """Layers with shapes; None if they need custom code that is not allowed."""
    if plan.code is None and any(customs(plan.recipe)):
        return None
    from runner.engine.start import quiet_start

    quiet_start(own_code=plan.code is not None)
    from runner.model.own_code import require_code
    from runner.model.planned_shapes import planned_shapes
    from runner.model.transfer import with_sources

    try:
        layers = with_sources(plan, planned_shapes(plan))
        require_code(plan)
    except RecipeError as error:
        refuse(loaded, error, color)
    return layers
