"""``recipe inspect``: replays a run up to a step and tells what its examples and layers had to do with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from runner.errors import CannotReplay, InputError
from runner.events import Event, Steps
from runner.inference.class_names import class_names
from runner.inference.opened import TrainedRun
from runner.plan.plan import Plan
from runner.record.history import HistoryRow, history_rows
from runner.workflows.dataset_check.example_names import own_names_of
from runner.workflows.image_data import holds_images
from runner.workflows.inspecting.ground import checked_plan, same_dataset, started
from runner.workflows.inspecting.proof import Arrays, Proof, prove
from runner.workflows.inspecting.replay_start import checkpoint_at, nearest_checkpoint
from runner.workflows.raw_values import raw_values
from runner.workflows.target_words import said_mixture, said_outputs, said_targets

if TYPE_CHECKING:
    from runner.engine.loop.step_figures import Batch, LayerFigures, StepFigures


@dataclass(frozen=True)
class InspectedExample:
    """An example of the step's batch."""

    number: int
    """Place in the batch, from 0."""
    name: str
    """File and row, or place in the training part from 1."""
    place: int
    """Place in the training part, from 0."""
    loss: float
    """With its weight and its class's; the mean over the batch is the step's loss without penalties."""
    target: str
    said: str
    """What the model made of it before the update, with the step's dropout masks."""
    values: Mapping[str, str]
    """Of a table's row its cells, of a text its beginning; empty for others."""
    losses: Mapping[str, float]
    """Of several outputs that of each, without any weight; empty for one."""


@dataclass(frozen=True)
class Inspection:
    """A step, looked into."""

    step: int
    begun: int
    """Step from which it was replayed."""
    plan: Plan
    figures: "StepFigures"
    examples: tuple[InspectedExample, ...]
    """All of the batch, by falling loss, or that of one output; one whose loss is not a number is the worst."""
    proof: Proof
    notes: tuple[str, ...] = ()

    @property
    def layers(self) -> "tuple[LayerFigures, ...]":
        """Figures of the layers."""
        return self.figures.layers

    @property
    def images(self) -> Any:
        """Inputs of the examples in their order where they are images, else None."""
        order = [example.number for example in self.examples]
        return self.figures.batch.inputs[order] if holds_images(self.plan.data) else None


def inspect_step(
    run: TrainedRun,
    plan: Plan,
    step: int,
    report: Callable[[str], None],
    by: str | None = None,
    *,
    inexact: bool = False,
    force: bool = False,
) -> Inspection:
    """Replay a run up to a step, make the step, and compare the replay with the run.

    Args:
        run: the run.
        plan: its plan, for the data as it is here.
        step: 0-based, as ``recipe history`` counts.
        report: called with messages before slow work.
        by: one of several outputs, by whose loss the examples are put in order; None: by the loss that trained.
        inexact: whether to replay although packages or machine differ.
        force: whether to replay even if the estimate exceeds the available memory.

    Raises:
        InputError: the run has no output ``by``.
        CannotReplay: recipe, code, data, packages or machine are not what the run had, or it never made the step.
        RunError: its files cannot be used.
        OSError: they cannot be read.
    """
    _require_output(plan, by)
    plan, notes = checked_plan(run, plan, inexact=inexact)
    checkpoint, broken = nearest_checkpoint(run, step)
    begun = 0 if checkpoint is None else checkpoint.step
    recorded = _recorded(run, begun, step)
    device, others = started(run, plan, inexact=inexact, force=force)
    notes += others
    dataset = same_dataset(run, plan)
    report(f"replaying steps {begun:,} to {step:,}" if begun < step else f"step {step:,} has a checkpoint before it")
    made = list[Event]()
    from runner.engine.loop.replay import replayed
    from runner.engine.loop.step_figures import make_step

    figures = make_step(replayed(plan, dataset, device.replicas, checkpoint, step, made.append))
    steps = [*(event for event in made if isinstance(event, Steps)), figures.steps]
    proof, compared = _compared(run, plan, recorded, steps, figures.after)
    said = (*_remarks(broken, notes), *compared)
    return Inspection(step, begun, plan, figures, _examples(_named(run, plan), figures.batch, by), proof, said)


def _remarks(broken: Iterable[str], differing: Iterable[str]) -> Iterator[str]:
    """On where the replay began, and on what is not as it was."""
    yield from (f"skipped a broken checkpoint: {text}" for text in broken)
    yield from (f"differs: {text}" for text in differing)


def _compared(
    run: TrainedRun, plan: Plan, recorded: dict[int, HistoryRow], steps: Sequence[Steps], after: Arrays
) -> tuple[Proof, list[str]]:
    """The comparison of replayed steps with those recorded, and what was not compared."""
    step = max(recorded)
    later = plan.callbacks and ((step + 1) % plan.steps_per_epoch == 0 or step + 1 == plan.steps)
    proof = prove(recorded, steps, after, None if later else checkpoint_at(run, step + 1))
    notes = [
        "weights are not compared with the run's: callbacks may change them at the epoch's end, and the replay ends "
        "before it"
    ]
    return proof, notes if later else []


def _require_output(plan: Plan, by: str | None) -> None:
    names = [output.name for output in plan.outputs]
    if by is not None and by not in names:
        ways = [f"one of {', '.join(names)}"] if names else ["leave out --by: the run has one output"]
        raise InputError(f"--by {by}: the run has no such output", *ways)


def _recorded(run: TrainedRun, begun: int, step: int) -> dict[int, HistoryRow]:
    """What the run recorded of the steps that are replayed."""
    found, last = {}, None
    for row in history_rows(run.paths.events):
        last = row.step
        if begun <= row.step <= step:
            found[row.step] = row
        if row.step >= step:
            break
    if step not in found:
        made = "it has made no step" if last is None else f"its last step is {last:,}"
        raise CannotReplay(f"--step {step:,}: the run has not made this step; {made}", "`recipe history` lists them")
    return found


def _named(run: TrainedRun, plan: Plan) -> Plan:
    """The plan with the names of its classes, where its source knows them only apart from its facts."""
    facts = plan.data
    if facts.classes is None or facts.class_names or facts.next_token:
        return plan
    names = class_names(run.source, facts.version, facts.classes, run.access)
    return replace(plan, data=replace(facts, class_names=names))


def _examples(plan: Plan, batch: "Batch", by: str | None) -> tuple[InspectedExample, ...]:
    name, values = own_names_of(plan.data), raw_values(plan, batch.places)
    targets = list(said_targets(plan.data, batch.targets))
    if batch.other is not None and batch.share is not None:
        others = said_targets(plan.data, batch.other)
        targets = [said_mixture(*each) for each in zip(targets, others, batch.share.tolist(), strict=True)]
    said, places = list(said_outputs(plan, batch.outputs)), batch.places.tolist()

    def example(k: int) -> InspectedExample:
        own = {output: float(losses[k]) for output, losses in batch.losses_of.items()}
        loss, place = float(batch.losses[k]), places[k]
        return InspectedExample(k, name("train", place), place, loss, targets[k], said[k], values[k], own)

    ranked = batch.losses if by is None else batch.losses_of[by]
    order: Sequence[int] = np.argsort(-np.nan_to_num(ranked, nan=np.inf), kind="stable").tolist()
    return tuple(map(example, order))
