"""``recipe evaluate``."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from runner.cli import options
from runner.cli.common import fail, note, print_json, use_color
from runner.cli.trained import WhichOption, leave_with, open_run, plan_of_run, start
from runner.errors import RecipeError

if TYPE_CHECKING:
    from runner.inference.evaluation import Evaluation, OutputFigures
    from runner.inference.opened import TrainedRun
    from runner.measures.class_counts import ClassFigures
    from runner.plan.plan import Plan
    from runner.workflows.evaluations import SplitName


_Other = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Other examples: .npz with arrays x and y, .csv with the target in the last column; a table, texts.",
        show_default=False,
    ),
]


def command(
    run: options.Run = "latest",
    split: Annotated[Literal["train", "validation", "test"], typer.Option(help="Which examples.")] = "test",
    data: _Other = None,
    which: WhichOption = "last",
    data_dir: options.DataDir = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Evaluate a run's model: loss, metrics, and precision, recall, F1 and support of every class or label.

    On the test examples the figures are those that the run recorded. A regression has its errors and R² instead of
    classes, of several targets also those of each; a language model the sequences with the highest loss, and the token
    of each that it expected least. The predictions of a split stay in the run's folder, as
    evaluation-SPLIT.safetensors, for `recipe report`; those of --data or of --which best do not. JSON keys: run_dir,
    model, split (null with --data), data, examples, metrics, classes, targets (where there are several), outputs (of
    several those that decide for a class or labels, with the threshold of those that have one), surprises (of a
    language model: loss, before, token, probability, expected, expected_probability), data_changed.
    """
    trained = open_run(run, which, data_dir, color, allow_code=allow_code)
    plan = plan_of_run(trained)
    start(trained)
    found = _evaluated(trained, plan, split, data)
    if found.changed:
        note(f"the {split} examples are not those that the run had: their contents have changed")
    label = str(data) if data is not None else plan.data.label
    result = _mapping(trained, found, split if data is None else None, label)
    if json:
        print_json(result)
    else:
        _print(result, color)


def _evaluated(trained: "TrainedRun", plan: "Plan", split: "SplitName", data: Path | None) -> "Evaluation":
    """The figures on a split, or on other examples; leaves with 2 if these cannot be used."""
    from runner.workflows.evaluations import evaluate_split, keep

    try:
        if data is not None:
            return _of_file(trained, plan, data)
        found, kept = evaluate_split(trained, plan, split)
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"the data cannot be read: {error}")
    why_not = keep(trained, kept) if trained.which == "last" else None
    if why_not is not None:
        note(f"the evaluation is not kept for `recipe report`: {why_not}")
    return found


def _of_file(trained: "TrainedRun", plan: "Plan", data: Path) -> "Evaluation":
    from runner.inference.evaluation import evaluate, split_of_file
    from runner.inference.saved_model import core_of

    saved = trained.trained_model()
    return evaluate(trained, plan, core_of(saved), split_of_file(trained, plan, saved, data, note))


def _mapping(run: "TrainedRun", found: "Evaluation", split: str | None, data: str) -> dict[str, Any]:
    return {
        "run_dir": str(run.paths.root),
        "model": run.model_file.name,
        "split": split,
        "data": data,
        "examples": found.examples,
        "metrics": found.metrics,
        "classes": list(map(_of_class, found.classes)),
        **({"targets": [{"name": name, **errors} for name, errors in found.targets]} if found.targets else {}),
        "data_changed": found.changed,
        **({"threshold": found.threshold} if found.threshold is not None else {}),
        **({"surprises": list(map(asdict, found.surprises))} if found.surprises else {}),
        **({"outputs": list(map(_of_output, found.outputs))} if found.outputs else {}),
    }


def _of_class(row: "ClassFigures") -> dict[str, Any]:
    figures = {"precision": row.precision, "recall": row.recall, "f1": row.f1}
    return {"class": row.number, "name": row.name, **figures, "support": row.support}


def _of_output(output: "OutputFigures") -> dict[str, Any]:
    threshold = {"threshold": output.threshold} if output.threshold is not None else {}
    return {"name": output.name, **threshold, "classes": list(map(_of_class, output.classes))}


def _print(result: dict[str, Any], color: options.Color) -> None:
    from runner.inference.lines import evaluation_lines
    from runner.views.lines import stdout_screen

    screen = stdout_screen(color=use_color(color, sys.stdout))
    screen.print(evaluation_lines(result, screen))
