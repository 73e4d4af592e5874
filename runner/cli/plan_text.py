"""A plan as people read it, and as a JSON object."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from runner.plan.memory import Memory, estimate, human
from runner.plan.plan import Plan
from runner.plan.schedule import Ends
from runner.sinks import format as fmt
from runner.sinks.sparkline import draw
from runner.text import printable

if TYPE_CHECKING:
    from runner.build.model import LayerShape


def print_plan(plan: Plan, layers: "Sequence[LayerShape] | None", *, color: bool) -> None:
    """Print the plan on stdout."""
    console = Console(no_color=not color, markup=False, highlight=False, emoji=False)
    for block in _blocks(plan, layers, console.width):
        console.print(block)
        console.print()


def _blocks(plan: Plan, layers: "Sequence[LayerShape] | None", width: int) -> Iterable[RenderableType]:
    yield _facts(plan, layers)
    if layers is not None:
        yield _layer_table(layers)
    yield _phase_table(plan)
    yield _curves(plan, min(width, 100) - 4)
    for warning in plan.schedule.warnings:
        yield Text(f"warning: {printable(warning.message)}", style="yellow")


def _facts(plan: Plan, layers: "Sequence[LayerShape] | None") -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    data = plan.data
    rows = [
        ("recipe", f"{plan.recipe.name}, seed {plan.recipe.seed}"),
        ("fingerprint", plan.fingerprint),
        ("data", f"{data.label}: {data.train:,} train, {data.validation:,} validation, {data.test:,} test"),
        (
            "steps",
            f"{plan.steps:,} = {plan.epochs:,} epochs of {plan.steps_per_epoch:,}, batches of {plan.batch_size:,}",
        ),
        ("optimizer", plan.recipe.optimizer.kind),
    ]
    if plan.fallback is not None:
        rows.insert(3, ("fallback", plan.fallback))
    if layers is not None:
        memory = memory_of(plan, layers)
        rows += [
            ("parameters", f"{sum(layer.parameters for layer in layers):,}"),
            (
                "memory",
                f"about {human(memory.total)}: weights, gradients and slots {human(memory.weights)}, "
                f"activations {human(memory.activations)}, data {human(memory.data)}",
            ),
        ]
    rows += [(".".join(map(str, item.path)), f"{item.value} (from {item.why})") for item in plan.inferred]
    for name, text in rows:
        table.add_row(Text(name), Text(printable(text)))
    return table


def memory_of(plan: Plan, layers: "Sequence[LayerShape]") -> Memory:
    """The estimate for a plan whose shapes are known."""
    shapes = [plan.data.shape, *(layer.output_shape for layer in layers)]
    parameters = sum(layer.parameters for layer in layers)
    return estimate(plan.recipe.optimizer, parameters, shapes, plan.batch_size, plan.data)


def _layer_table(layers: "Sequence[LayerShape]") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("layer", "left"), ("output", "left"), ("parameters", "right"), ("from", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for layer in layers:
        kind = layer.kind if layer.dropout is None else f"{layer.kind} {layer.dropout:.3g}"
        shape = " x ".join(str(side) for side in layer.output_shape)
        origin = layer.origin or ".".join(str(key) for key in layer.path)
        table.add_row(kind, shape, f"{layer.parameters:,}" if layer.parameters else "", origin)
    return table


def _ends(ends: Ends | None, show: Any) -> str:
    if ends is None:
        return fmt.MISSING
    first, last = show(ends.first), show(ends.last)
    return str(first) if first == last else f"{first} → {last}"


def _phase_table(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("phase", "left"),
        ("steps", "right"),
        ("epochs", "right"),
        ("learning rate", "left"),
        ("momentum", "left"),
        ("curve", "left"),
        ("purpose", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in plan.schedule.phases:
        table.add_row(
            Text(printable(row.name)),
            f"{row.start:,}–{row.stop - 1:,}",
            f"{row.steps / plan.steps_per_epoch:.2f}",
            _ends(row.learning_rate, fmt.rate),
            _ends(row.momentum, lambda value: f"{value:.5g}"),
            row.curve,
            Text(printable(row.purpose)),
        )
    return table


def _curves(plan: Plan, width: int) -> Text:
    """Learning rate and momentum over the run, drawn small."""
    steps = np.unique(np.linspace(0, plan.steps - 1, width, dtype=np.int64))
    rates, momenta = plan.schedule.evaluate(steps)
    text = Text("learning rate\n" + "\n".join(draw(rates.tolist(), 4)))
    if momenta is not None and momenta.min() != momenta.max():
        low = float(momenta.min())
        text.append(f"\nmomentum, above {low:.3g}\n" + "\n".join(draw((momenta - low).tolist(), 3)))
    return text


def as_mapping(plan: Plan, layers: "Sequence[LayerShape] | None") -> dict[str, Any]:
    """The plan as one JSON object."""
    known: dict[str, Any] = {}
    if layers is not None:
        memory = memory_of(plan, layers)
        known = {
            "parameters": sum(layer.parameters for layer in layers),
            "memory_bytes": memory.total,
            "layers": [
                {
                    "kind": layer.kind,
                    "path": ".".join(map(str, layer.path)),
                    "output_shape": list(layer.output_shape),
                    "parameters": layer.parameters,
                    "dropout": layer.dropout,
                    "origin": layer.origin,
                }
                for layer in layers
            ],
        }
    data = plan.data
    return {
        "name": plan.recipe.name,
        "fingerprint": plan.fingerprint,
        "data": data.label,
        "fallback": plan.fallback,
        "examples": {"train": data.train, "validation": data.validation, "test": data.test},
        "steps": plan.steps,
        "epochs": plan.epochs,
        "steps_per_epoch": plan.steps_per_epoch,
        "batch_size": plan.batch_size,
        "loss": plan.loss,
        "metrics": list(plan.metrics),
        "inferred": {".".join(map(str, item.path)): item.value for item in plan.inferred},
        "phases": [
            {
                "name": row.name,
                "start": row.start,
                "stop": row.stop,
                "learning_rate": list(row.learning_rate),
                "momentum": list(row.momentum) if row.momentum is not None else None,
                "curve": row.curve,
                "purpose": row.purpose,
            }
            for row in plan.schedule.phases
        ],
        "warnings": [warning.message for warning in plan.schedule.warnings],
        **known,
    }
