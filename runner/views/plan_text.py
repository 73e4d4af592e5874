"""A plan as readable text."""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TYPE_CHECKING

from rich.text import Text

from runner.data.placement import described
from runner.numerals import named_values, setting
from runner.plan.capacity import memory_of
from runner.plan.defaults import effective_schedule
from runner.plan.memory import human
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.plan.published import PublishedWeights
from runner.plan.threads import form_text
from runner.plan.tracked import tracked_texts
from runner.plan.weights import SourceWeights
from runner.plots.sampled_steps import kind_of, track_of
from runner.plots.terminal import Line, Size, draw_track
from runner.text import printable
from runner.views.augment_lines import augment_lines
from runner.views.layer_tree import total_multiply_adds
from runner.views.lines import Screen, pairs, paragraph
from runner.views.plan_columns import column_lines
from runner.views.plan_dropout import dropout_lines
from runner.views.plan_groups import group_lines
from runner.views.plan_layers import layer_lines
from runner.views.plan_phases import own_table_lines, phase_lines
from runner.views.plan_replicas import replica_text
from runner.views.plan_training import update_rows
from schemas.losses import loss_text
from schemas.repeat import Repeat
from schemas.training import ClassWeight

if TYPE_CHECKING:
    from runner.model.build import LayerShape

_NAMES = 12
"""Names of classes that are listed."""
_TARGET_SCALE = "standard: the loss is of (target − mean)/deviation, predictions and metrics are in the target's units"
_STYLES = {"title": "bold", "rate": "cyan", "momentum": "magenta", "axis": "", "note": "dim"}


def plan_lines(
    plan: Plan, layers: "Sequence[LayerShape] | None", screen: Screen, *, log: bool = False, curve: bool = True
) -> Iterator[Text]:
    """The whole plan, in blocks separated by empty lines.

    Args:
        plan: the plan to show.
        layers: its layers with shapes; None if the shapes are unknown.
        screen: the screen to fit.
        log: draw the learning rate on a logarithmic scale.
        curve: whether to draw the learning rate and the momentum at all.
    """
    blocks = [
        _title(plan, screen),
        pairs(screen, list(_facts(plan, layers))),
        column_lines(plan.data, screen),
        augment_lines(plan, screen),
        _inferred(plan, screen),
        layer_lines(plan, layers, screen) if layers is not None else [],
        list(phase_lines(plan, screen)),
        own_table_lines(plan, screen),
        list(group_lines(plan, screen)),
        list(dropout_lines(plan, screen)),
        drawing(draw_track(track_of(plan), Size(screen.width), screen.glyphs, log=log), screen) if curve else [],
        _warnings(plan, screen),
    ]
    yield from _apart(block for block in blocks if block)


def _apart(blocks: Iterable[Sequence[Text]]) -> Iterator[Text]:
    for k, block in enumerate(blocks):
        if k:
            yield Text()
        yield from block


def _title(plan: Plan, screen: Screen) -> list[Text]:
    lines = [Text(plan.recipe.name, "bold")]
    if plan.recipe.description:
        lines += paragraph(screen, printable(" ".join(plan.recipe.description.split())))
    return lines


def _weighed(weights: ClassWeight) -> str:
    return weights if isinstance(weights, str) else named_values(weights)


def _cut(threshold: float | str | None) -> str:
    """What an output decides by, where the recipe says it."""
    if isinstance(threshold, str):
        return f", threshold chosen on validation by {threshold}"
    return "" if threshold is None else f", threshold {setting(threshold)}"


def _output(output: PlannedOutput) -> str:
    kind = "labels" if output.labels else "classes"
    of = f"{len(output.classes)} {kind}" if output.classes else "a number"
    weight = "" if output.weight == 1 else f" with weight {setting(output.weight)}"
    options = f", label smoothing {setting(output.label_smoothing)}" if output.label_smoothing else ""
    options += f", class weights {_weighed(output.class_weight)}" if output.class_weight is not None else ""
    options += _cut(output.threshold)
    return f"{of}; {loss_text(output.loss)}{weight}{options}; {', '.join(output.metrics)}"


def _facts(plan: Plan, layers: "Sequence[LayerShape] | None") -> Iterator[tuple[str, str]]:
    data = plan.data
    yield "data", f"{data.label}: {data.train:,} train, {data.validation:,} validation, {data.test:,} test"
    if data.class_names:
        yield "classes", printable(listed(data.class_names))
    if data.targets:
        yield "labels" if data.labels else "targets", printable(listed(data.targets))
    yield from ((f"output {output.name}", _output(output)) for output in plan.outputs)
    yield from data.remarks
    if plan.recipe.data.target_scale is not None:
        yield "target scale", _TARGET_SCALE
    if plan.placement.window is not None:
        yield "order", described(plan.placement, data)
    if plan.fallback is not None:
        yield "fallback", printable(plan.fallback)
    yield "steps", f"{_length(plan)} of {plan.steps_per_epoch:,}, batches of {plan.batch_size:,}"
    if plan.recipe.hardware.strategy != "none":
        yield "strategy", replica_text(plan)
    if (form := form_text(plan)) is not None:
        yield "batch", form
    if plan.data.validation and plan.recipe.training.validation is not None:
        yield "validation", _validation(plan)
    yield "schedule", kind_of(effective_schedule(plan.recipe))
    yield from update_rows(plan.recipe)
    if plan.recipe.tracking is not None:
        yield "tracking", "; ".join(tracked_texts(plan.recipe.tracking, plan.steps, plan.steps_per_epoch))
    for one in plan.callbacks:
        yield "callback", f"{one.callback.target}: {one.text}"
    if layers is not None:
        yield "parameters", f"{sum(layer.parameters for layer in layers):,}"
        if (total := total_multiply_adds(layers)) is not None:
            yield "multiply-adds", f"{total:,} per example, forward"
        if plan.weights is not None:
            yield "weights", _taken(plan.weights, layers, {each.layer for each in plan.published})
        yield from ((f"weights of {printable(each.layer)}", _published(each)) for each in plan.published)
        yield "memory", _memory(plan, layers)
    if plan.expect:
        yield "expect", ", ".join(f"{name} {bound}" for name, bound in plan.expect.items())
    if plan.recipe.repeat is not None:
        yield "repeat", _repeated(plan.recipe.repeat, plan.recipe.seed)
    yield "seed", str(plan.recipe.seed)
    yield "fingerprint", plan.fingerprint


def _published(weights: PublishedWeights) -> str:
    place = "not on this machine" if weights.file is None else f"in {weights.file.parent}"
    return printable(f"{weights.weights}, {weights.name} {place} (SHA-256 {weights.sha256[:12]}…)")


def _taken(source: SourceWeights, layers: "Sequence[LayerShape]", published: Set[str]) -> str:
    taken = sum(layer.parameters for layer in layers if layer.taken and layer.name not in published)
    fresh = sum(layer.parameters for layer in layers if not layer.taken)
    return (
        f"{taken:,} parameters taken from {printable(source.run)}, {source.which} model "
        f"(SHA-256 {source.sha256[:12]}…); {fresh:,} begin fresh"
    )


def _repeated(repeat: Repeat, seed: int) -> str:
    if repeat.folds is not None:
        return f"{repeat.folds} runs, one per fold; this is the plan without folds"
    seeds = [str(each) for each in repeat.seeds_from(seed)]
    return f"{len(seeds)} runs, with seeds {listed(seeds)}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """The first names, and how many there are."""
    more = f", … ({len(names):,})" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _length(plan: Plan) -> str:
    if plan.steps % plan.steps_per_epoch == 0:
        return f"{plan.steps:,} = {plan.epochs:,} epochs"
    return f"{plan.steps:,} = {plan.steps / plan.steps_per_epoch:.2f} epochs"


def _validation(plan: Plan) -> str:
    planned = plan.validation
    whole = f"all {plan.data.validation:,} examples every {planned.every:,} steps and at the end"
    return whole if planned.part is None else f"{whole}, {planned.part:,} at the end of the other epochs"


def _memory(plan: Plan, layers: "Sequence[LayerShape]") -> str:
    memory = memory_of(plan, layers)
    scores = f", scores {human(memory.scores)}" if memory.scores else ""
    known = plan.recipe.optimizer.slots_per_weight is not None
    slots = " and slots" if known else ""
    unknown = "" if known else "; the optimizer's slots are not counted (write optimizer.slots)"
    return (
        f"about {human(memory.total)}: weights{',' if known else ' and'} gradients{slots} {human(memory.weights)}, "
        f"activations {human(memory.activations)}, data {human(memory.data)}{scores}{unknown}"
    )


def _inferred(plan: Plan, screen: Screen) -> list[Text]:
    if not plan.inferred:
        return []
    rows = [(".".join(map(str, item.path)), printable(f"{item.value} (from {item.why})")) for item in plan.inferred]
    return [Text("inferred", "bold"), *pairs(screen, rows, indent=2)]


def drawing(lines: Iterable[Line], screen: Screen) -> list[Text]:
    """A plot of the schedule in the colours of its quantities."""
    return [Text(screen.text(line.text), _STYLES[line.role]) for line in lines]


def _warnings(plan: Plan, screen: Screen) -> list[Text]:
    found = [printable(f"warning: {warning.message}") for warning in plan.warnings]
    return [line for text in found for line in paragraph(screen, text, hang=2, style="yellow")]
