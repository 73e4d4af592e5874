"""R101 to R190: what must hold between the keys of a recipe; the rules are in ``schemas.rules``.

Examples are parts of a recipe. A test lays each over a whole one and runs the rules on it.
"""

from runner.diagnostics.codes import Page
from runner.diagnostics.pages.rules import (
    custom,
    data,
    durations,
    graph,
    inputs,
    measures,
    model,
    momentum,
    options,
    schedule,
    shapes,
    task,
    weight_decay,
)

PAGES: list[Page] = [
    *momentum.PAGES,
    *schedule.PAGES,
    *durations.PAGES,
    *measures.PAGES,
    *task.PAGES,
    *model.PAGES,
    *shapes.PAGES,
    *data.PAGES,
    *inputs.PAGES,
    *options.PAGES,
    *graph.PAGES,
    *custom.PAGES,
    *weight_decay.PAGES,
]
