"""The methods paragraph: how the run was done, in sentences whose every number comes from its record."""

from collections.abc import Iterator

from runner.lookback.cells import plural
from runner.lookback.planned import Planned
from runner.lookback.recorded_run import Past
from runner.lookback.run_facts import phases, way
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.plan_phases import steps_text

_MOST_PHASES = 8
_NAMED = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "nadam": "Nadam", "lion": "Lion"}


def methods(past: Past, plan: Planned | None) -> str:
    """The paragraph; sentences for which the record has nothing are left out."""
    sentences = (*_data(past), *_training(past, plan), *_schedule(past, plan), *_checked(past, plan), *_result(past))
    return " ".join(sentences)


def _data(past: Past) -> Iterator[str]:
    counts = [f"{count:,} {name}" for name, count in past.papers.examples.items() if count]
    split = f" ({', '.join(counts)} examples)" if counts else ""
    instead = f" in place of {printable(past.fallback.wanted)}" if past.fallback is not None else ""
    yield f"The recipe {printable(past.started.recipe)} was trained on {printable(past.started.data)}{split}{instead}."


def _training(past: Past, plan: Planned | None) -> Iterator[str]:
    run = past.started
    packages = past.papers.packages
    using = [f"{label} {packages[name]}" for name, label in _PACKAGES if packages.get(name)]
    with_ = f" with {_and(using)}" if using else ""
    optimizer = _optimizer(plan)
    by = f" by {optimizer}" if optimizer else ""
    device = f" on {printable(past.device.device)} ({printable(past.device.description)})" if past.device else ""
    yield (
        f"A model of {plural(run.parameters, 'parameter')} was trained{by} for {past.steps:,} of {run.steps:,} planned "
        f"steps ({run.steps_per_epoch:,} per epoch, batches of {run.batch_size:,}, seed {run.seed}){with_}{device}."
    )


_PACKAGES = (("recipe-runner", "recipe-runner"), ("tensorflow", "TensorFlow"), ("keras", "Keras"))


def _optimizer(plan: Planned | None) -> str:
    if plan is None:
        return ""
    optimizer = plan.recipe.optimizer
    named = _NAMED.get(optimizer.kind, printable(optimizer.called))
    return f"{named} with Nesterov momentum" if getattr(optimizer, "nesterov", False) else named


def _schedule(past: Past, plan: Planned | None) -> Iterator[str]:
    found = [row for row in phases(past) if row.rate is not None]
    kind = f" (schedule: {plan.kind})" if plan is not None else ""
    if not found or len(found) > _MOST_PHASES:
        if past.curves.steps:
            rates = past.curves.learning_rate
            yield f"The learning rate{kind} lay between {fmt.rate(min(rates))} and {fmt.rate(max(rates))}."
        return
    parts = [
        f"{way(row.rate).replace('→', 'to')} over steps {steps_text(row.start, min(row.stop, past.steps))} "
        f"({printable(row.name)})"
        for row in found
    ]
    yield f"The learning rate{kind} was {_and(parts)}."
    if any(row.momentum for row in found):
        moved = [way(row.momentum).replace("→", "to") for row in found if row.momentum]
        same = len(set(moved)) == 1
        yield f"Momentum was {moved[0] if same else _and(moved) + ' over the same steps'}."


def _checked(past: Past, plan: Planned | None) -> Iterator[str]:
    gap = plan.gap(past) if plan is not None else None
    checked = f"; the largest difference from the planned learning rate is {fmt.rate(gap)}" if gap is not None else ""
    if past.curves.steps:
        yield f"These values were read back from the optimizer after each step{checked}."
    for cut in past.acting_cuts[:_MOST_PHASES]:
        yield f"At step {cut.step:,} a plateau of {printable(cut.monitor)} set the scale to {fmt.rate(cut.scale)}."


def _result(past: Past) -> Iterator[str]:
    best = past.best or {}
    named = [f"{printable(name)} {fmt.measure(value)}" for name, value in best.items() if name != "epoch"]
    if named and "epoch" in best:
        yield f"The best epoch was {best['epoch']:,.0f}, with {_and(named)}."
    for event in past.evaluated:
        values = [
            f"{printable(name.removeprefix(f'{event.split}_'))} {fmt.measure(value)}"
            for name, value in event.metrics.items()
        ]
        yield f"On the {event.examples:,} examples of the {printable(event.split)} split: {_and(values)}."
    if past.ended is not None:
        took = past.elapsed
        yield f"Training took {fmt.seconds(took.training)} of {fmt.seconds(took.total)}{took.until}."


def _and(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
