"""A comparison of several plans: their differences, and their learning rates drawn one below the other."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.text import Text

from runner.numerals import short
from runner.plan.defaults import effective_schedule
from runner.plan.plan import Plan
from runner.plots.sampled_steps import kind_of, sample, track_of
from runner.plots.terminal import Size, draw_track
from runner.text import printable
from runner.views.lines import Screen, paragraph
from runner.views.plan_text import drawing
from runner.views.tables import Column, table

_COLUMNS = (
    Column("recipe"),
    Column("schedule", leaves=3),
    Column("steps", left=False),
    Column("epochs", left=False),
    Column("batch", left=False, leaves=1),
    Column("learning rate"),
    Column("momentum", leaves=2),
)


def comparison_lines(plans: Sequence[Plan], screen: Screen, *, log: bool = False) -> Iterator[Text]:
    """A row for each plan, and its curves over the fraction of its run.

    Args:
        plans: the plans to compare.
        screen: the screen to fit.
        log: draw learning rates on a logarithmic scale.
    """
    yield from table(screen, _COLUMNS, [_row(plan) for plan in plans])
    for plan in plans:
        yield Text()
        yield from _picture(plan, screen, log=log)
        for warning in plan.warnings:
            yield from paragraph(screen, printable(f"warning: {warning.message}"), hang=2, style="yellow")


def _picture(plan: Plan, screen: Screen, *, log: bool) -> Iterator[Text]:
    """A small plot of the learning rate, with the momentum in words."""
    momenta = sample(track_of(plan)).momenta
    momentum = f", momentum {_way(momenta)}" if momenta is not None else ""
    kind = kind_of(effective_schedule(plan.recipe))
    yield Text.assemble((plan.recipe.name, "bold"), screen.text(f": {kind}{momentum}"))
    lines = draw_track(track_of(plan), Size(screen.width, rate_rows=3), screen.glyphs, log=log)
    curve = [line for line in lines if line.role in ("rate", "axis")]
    rate = any(line.role == "rate" for line in curve)
    yield from drawing(curve if rate else [line for line in lines if line.role == "note"][:1], screen)


def _row(plan: Plan) -> tuple[str, ...]:
    samples = sample(track_of(plan))
    return (
        plan.recipe.name,
        kind_of(effective_schedule(plan.recipe)),
        f"{plan.steps:,}",
        f"{plan.epochs:,}",
        f"{plan.batch_size:,}",
        _way(samples.rates),
        _way(samples.momenta) if samples.momenta is not None else "-",
    )


def _way(values: "np.typing.NDArray[np.float32]") -> str:
    """The first value, the value farthest from both ends if any, and the last."""
    first, last = float(values[0]), float(values[-1])
    low, high = float(values.min()), float(values.max())
    values_shown = [first]
    if high > max(first, last):
        values_shown.append(high)
    elif low < min(first, last):
        values_shown.append(low)
    if last != values_shown[-1] or len(values_shown) > 1:
        values_shown.append(last)
    return " → ".join(short(value) for value in values_shown)
