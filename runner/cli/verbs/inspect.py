"""``recipe inspect``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runner.cli import options, pictures
from runner.cli.common import fail, note, print_json, use_color
from runner.cli.trained import leave_with, open_run, plan_of_run
from runner.errors import Diverged, RecipeError
from runner.numerals import measure, rate, short
from runner.text import printable

if TYPE_CHECKING:
    from runner.inference.opened import TrainedRun
    from runner.views.lines import Screen
    from runner.workflows.inspecting.inspecting import Inspection

_Step = Annotated[
    int, typer.Option("--step", metavar="N", min=0, help="Which step, as `recipe history` counts them: from 0.")
]
_Top = Annotated[int, typer.Option("--top", metavar="K", min=1, help="How many examples are shown.")]
_By = Annotated[
    str | None,
    typer.Option("--by", metavar="OUTPUT", help="Order by the loss of one of several outputs.", show_default=False),
]
_Pictures = Annotated[
    Path | None,
    typer.Option("--pictures", metavar="FILE.png|svg", help="Draw the worst 40 images of the batch, as they trained."),
]
_Inexact = Annotated[bool, typer.Option("--inexact", help="Replay although packages or machine differ from the run's.")]


def command(
    step: _Step,
    run: options.Run = "latest",
    top: _Top = 10,
    by: _By = None,
    output: _Pictures = None,
    inexact: _Inexact = False,
    data_dir: options.DataDir = None,
    force: options.Force = False,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Replay a run up to a step and look into the step: the loss of each example of its batch, the norms of each layer.

    Of several outputs, each example has the loss of every one, without any weight; --by orders the examples by one.
    Replays from the nearest checkpoint at or before the step, or from the beginning. Every replayed loss, learning rate
    and momentum is compared with the recorded one, and the weights after the step with the run's checkpoint of that
    step where there is one. The run is only read. Exit code: 0 if the replay is the run to the bit; 1 if not; 2 if the
    run, its data, its code or this machine do not allow it.
    """
    form = None if output is None else pictures.form_of(output)
    if output is not None and form is None:
        fail(f"--pictures takes a .svg or .png file; received {output.name!r}", [f"--pictures {output.stem}.png"])
    trained = open_run(run, "last", data_dir, color, allow_code=allow_code)
    found = _inspected(trained, step, by, inexact=inexact, force=force)
    if output is not None and form is not None:
        _draw(found, output, form)
    for text in found.notes:
        note(text)
    if json:
        print_json(_mapping(trained, found))
    else:
        _print(trained, found, top, by, color)
    raise typer.Exit(0 if found.proof.holds else 1)


def _inspected(trained: "TrainedRun", step: int, by: str | None, *, inexact: bool, force: bool) -> "Inspection":
    from runner.workflows.inspecting.inspecting import inspect_step

    try:
        return inspect_step(trained, plan_of_run(trained), step, note, by, inexact=inexact, force=force)
    except Diverged as error:  # an earlier step than the one that is asked for
        fail(str(error), ["a step after it cannot be made again: give --step that one, or an earlier one"])
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"the run cannot be read: {error}")


def _draw(found: "Inspection", output: Path, form: Any) -> None:
    if found.images is None:
        fail(f"{found.plan.data.name} holds no images to draw", ["leave out --pictures"])
    from runner.plots.example_grid import example_grid

    labels = [f"{example.target} {short(example.loss)}" for example in found.examples]
    title = f"{found.plan.data.label}, batch of step {found.step:,}, worst first"
    pictures.save(output, example_grid(found.images, labels, title, form), code=2)


def _mapping(trained: "TrainedRun", found: "Inspection") -> dict[str, Any]:
    figures, proof = found.figures, found.proof
    return {
        "run_dir": str(trained.paths.root),
        "step": found.step,
        "epoch": figures.steps.epoch + 1,
        "replayed_from": found.begun,
        "loss": figures.steps.loss[0],
        "hyperparameters": dict(figures.hyperparameters),
        "diverged": figures.diverged,
        "examples": [
            {"place": e.place, "name": e.name, "loss": e.loss, **_named("losses", e.losses), "target": e.target,
             "model": e.said, **_named("values", e.values)}
            for e in found.examples
        ],
        "gradient_norm": figures.gradient,
        "layers": [
            {"name": row.name, "kind": row.kind, "gradient_norm": row.gradient, "weight_norm": row.weights,
             "update_norm": row.update, "update_ratio": row.ratio}
            for row in found.layers
        ],
        "replay": {
            "equal": proof.holds,
            "steps_compared": proof.steps,
            "differing_steps": list(proof.differing),
            "weights_sha256": proof.weights,
            "checkpoint_sha256": proof.recorded_weights,
            "differing_variables": list(proof.variables),
        },
        "notes": list(found.notes),
    }  # fmt: skip


def _named(key: str, found: Any) -> dict[str, Any]:
    return {key: dict(found)} if found else {}


def _print(trained: "TrainedRun", found: "Inspection", top: int, by: str | None, color: options.Color) -> None:
    from runner.views.example_lines import picture_lines
    from runner.views.inspect_lines import example_lines, layer_lines
    from runner.views.lines import paragraph, stdout_screen

    screen = stdout_screen(color=use_color(color, sys.stdout))
    for text in _heading(trained, found):
        screen.print(paragraph(screen, text, hang=2))
    shown = found.examples[:top]
    if found.images is not None:
        print()
        screen.print(picture_lines(found.images[:top], [f"{e.target} {short(e.loss, 2)}" for e in shown], screen))
    print()
    screen.print(example_lines(shown, screen, by))
    if len(found.examples) > top:
        print(f"and {len(found.examples) - top:,} more examples; --top shows more")
    print()
    screen.print(layer_lines(found.layers, screen))
    print()
    _print_proof(found, screen)


def _heading(trained: "TrainedRun", found: "Inspection") -> list[str]:
    plan, steps = found.plan, found.figures.steps
    batch = found.step - steps.epoch * plan.steps_per_epoch + 1
    acted = ", ".join(
        f"{name.replace('_', ' ')} {rate(value)}" for name, value in found.figures.hyperparameters.items()
    )
    lines = [
        f"{printable(str(trained.paths.root))}, step {found.step:,}: epoch {steps.epoch + 1}, batch {batch:,} of "
        f"{plan.steps_per_epoch:,}, replayed from step {found.begun:,}",
        f"loss {measure(steps.loss[0])}, gradient norm {measure(found.figures.gradient)}, {acted}",
    ]
    skipped = ["the update was skipped: a gradient in float16 was not finite"] if steps.skipped else []
    return [*lines, *skipped, *([found.figures.diverged] if found.figures.diverged is not None else [])]


def _print_proof(found: "Inspection", screen: "Screen") -> None:
    from runner.views.lines import paragraph

    proof = found.proof
    said = [f"{proof.steps:,} recorded step{'s' * (proof.steps != 1)} compared: "]
    said[0] += "equal to the bit" if not proof.differing else f"they differ: {'; '.join(proof.differing)}"
    digest = proof.weights[:12]
    if proof.recorded_weights is None:
        said.append(f"weights after the step: SHA-256 {digest}; compared with no checkpoint of step {found.step + 1:,}")
    elif proof.variables:
        said.append(f"weights after the step: SHA-256 {digest}, in the checkpoint {proof.recorded_weights[:12]}; "
                    f"{len(proof.variables):,} variables differ")  # fmt: skip
    else:
        said.append(f"weights after the step: SHA-256 {digest}, as in the run's checkpoint of step {found.step + 1:,}")
    for text in said:
        screen.print(paragraph(screen, text, hang=2, style="" if proof.holds else "red"))
