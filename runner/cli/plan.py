"""``recipe plan``."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import print_json, read, refuse, use_color
from runner.cli.plan_text import as_mapping, print_plan
from runner.cli.planning import plan_of
from runner.plan.plan import Plan
from runner.plan.rows import write_csv
from runner.prepare import DataOptions
from runner.source.load import Loaded

if TYPE_CHECKING:
    from runner.build.model import LayerShape


def command(
    file: options.File,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    form: Annotated[
        Literal["text", "csv"], typer.Option("--format", help="`csv`: step,epoch,phase,learning_rate,momentum.")
    ] = "text",
    every: Annotated[int, typer.Option(min=1, help="With csv: only every K-th step (and the last).")] = 1,
    shapes: Annotated[bool, typer.Option("--shapes/--no-shapes", help="Layer shapes need TensorFlow.")] = True,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Show what will train: steps, phases, layers, parameters, memory, and everything inferred.

    Nothing is trained, downloaded or allocated.
    """
    loaded = read(file, sets, root, color)
    plan = plan_of(loaded, DataOptions(data_dir, allow_fallback=not no_fallback, download=False), color)
    if form == "csv":
        write_csv(plan, sys.stdout, every)
        return
    layers = _shapes(loaded, plan, color) if shapes else None
    if json:
        print_json(as_mapping(plan, layers))
    else:
        print_plan(plan, layers, color=use_color(color, sys.stdout))


def _shapes(loaded: Loaded, plan: Plan, color: options.Color) -> "tuple[LayerShape, ...]":
    from runner.engine.start import quiet_start

    quiet_start()
    from runner.build.model import BuildError, layer_shapes

    try:
        return layer_shapes(plan.layers, plan.data.shape)
    except BuildError as error:
        refuse(loaded, error, "R203", error.path, color)
