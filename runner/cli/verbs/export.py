"""``recipe export``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from runner.cli import options
from runner.cli.common import fail, print_json
from runner.cli.trained import WhichOption, leave_with, open_run, plan_of_run, start
from runner.errors import RecipeError
from runner.sinks.summary import expectation
from runner.text import printable
from runner.workflows.after import flips_expected

if TYPE_CHECKING:
    from runner.inference.export.export import Exported, Order
    from runner.inference.opened import TrainedRun
    from runner.plan.plan import Plan


Form = Literal["keras", "savedmodel", "onnx", "litert", "openvino"]
Output = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Folder to write (default: RUN/export/FORMAT).", show_default=False),
]


def command(
    run: options.Run,
    to: Annotated[Form, typer.Option(help="Format.")],
    output: Output = None,
    check: Annotated[
        bool, typer.Option("--check", help="Run it without Keras, and count the decisions that flip.")
    ] = False,
    allow_flips: Annotated[int, typer.Option(min=0, help="Flips that --check lets pass.")] = 0,
    bench: Annotated[bool, typer.Option("--bench", help="Time it: latency, throughput, size.")] = False,
    int8: Annotated[bool, typer.Option("--int8", help="Weights in 8 bits (litert), and what that costs.")] = False,
    which: WhichOption = "last",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing export.")] = False,
    data_dir: options.DataDir = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Export a run's model to a folder: the model, preprocess.json, golden examples and a check that needs no Keras.

    preprocess.json names the classes and says what inputs and outputs mean; scaling is inside the model. Several
    outputs have their names in the exported model. golden.npz holds 32 inputs as they are stored, with outputs and
    class names; `python check.py` in the folder runs them. For a table or texts, preprocess.py turns raw rows into what
    the model takes.
    --check compares the golden examples and the test examples with Keras; on a folder that already exists it checks
    what is there. Of several outputs the flips of each are counted. Where the recipe expects so many flips, such as
    onnx_flips, that bound counts, else --allow-flips.
    Exit code: 0; 1 a decision flips, or a name or a file is not what was exported; 2 not usable.
    """
    if int8 and to != "litert":
        fail(f"--int8: is for --to litert; received --to {to}")
    _require_packages(to)
    trained = open_run(run, which, data_dir, color, allow_code=allow_code)
    plan = plan_of_run(trained)
    start(trained)
    from runner.inference.export.export import Order, default_folder

    folder = output if output is not None else default_folder(trained, to, int8=int8)
    _require_folder(folder)
    done = _exported(trained, plan, Order(to, folder, int8, force, check, bench))
    bound = flips_expected(trained.recipe, to, done.checked.flips) if done.checked is not None and not int8 else None
    result = _mapping(str(trained.paths.root), to, done) | {"expectations": [expectation(bound)] if bound else []}
    (print_json if json else _print)(result)
    allowed = allow_flips if bound is None or not bound.met else max(allow_flips, int(bound.value or 0))
    if check and done.checked is not None and not (done.checked.passes(allowed) and (bound is None or bound.met)):
        raise typer.Exit(1)


def _require_packages(form: Form) -> None:
    """Leave with 2 if the packages of a format are not installed; before anything slow is imported."""
    from runner.inference.export.formats import require_packages

    try:
        require_packages(form)
    except RecipeError as error:
        leave_with(error)


def _exported(trained: "TrainedRun", plan: "Plan", order: "Order") -> "Exported":
    """The export as it was written and checked; leaves if it cannot be."""
    from runner.inference.export.export import export

    try:
        return export(trained, plan, order)
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), code=1)


def _require_folder(folder: Path) -> None:
    endings = (".keras", ".onnx", ".tflite", ".xml", ".zip")
    if folder.suffix in endings and not folder.is_dir():
        fail(
            f"--output: must name a folder, into which the model is written; received {folder}",
            [f"--output {folder.stem}"],
        )


def _mapping(run: str, form: str, done: "Exported") -> dict[str, Any]:
    checked = done.checked
    return {
        "run_dir": run,
        "format": form,
        "path": str(done.folder),
        "written": done.written,
        "bytes": done.octets,
        "check": None
        if checked is None
        else {
            "examples": checked.examples,
            "flips": checked.flips,
            "largest_difference": checked.largest_difference,
            "problems": list(checked.problems),
            "imported": list(checked.imported),
            "score_name": checked.score_name,
            "score_of_keras": checked.score[0] if checked.score else None,
            "score": checked.score[1] if checked.score else None,
            "decisions": checked.decisions,
            "outputs": checked.outputs,
        },
        "bench": checked.bench if checked is not None else None,
    }


def _print(result: dict[str, Any]) -> None:
    from runner.inference.lines import export_lines
    from runner.sinks.formatting import measure

    for line in export_lines(result):
        print(printable(line))
    for one in result["expectations"]:
        said = f"{one['metric']} {one['bound']}: {'met' if one['met'] else 'missed'} ({measure(one['value'])})"
        print(printable(f"expected  {said}"))
