"""R101 to R190, R225 to R467 but for R290, R319, R462 and R466: what must hold between keys.

The rules are in ``schemas.rules``. Examples are fragments; a test merges each into a complete recipe and runs the
rules on it.
"""

from runner.diagnostics.codes import Page
from runner.diagnostics.pages.rules import (
    acting,
    augment,
    catalogue,
    custom,
    data,
    durations,
    files,
    graph,
    groups,
    inputs,
    measures,
    model,
    momentum,
    options,
    prediction,
    repeat,
    schedule,
    sequences,
    series,
    shapes,
    sweep,
    tables,
    task,
    validation,
    weight_decay,
    weights,
)

PAGES: list[Page] = [
    *momentum.PAGES,
    *schedule.PAGES,
    *durations.PAGES,
    *measures.PAGES,
    *validation.PAGES,
    *task.PAGES,
    *model.PAGES,
    *shapes.PAGES,
    *data.PAGES,
    *inputs.PAGES,
    *tables.PAGES,
    *prediction.PAGES,
    *augment.PAGES,
    *options.PAGES,
    *graph.PAGES,
    *custom.PAGES,
    *weight_decay.PAGES,
    *acting.PAGES,
    *catalogue.PAGES,
    *sequences.PAGES,
    *files.PAGES,
    *repeat.PAGES,
    *groups.PAGES,
    *weights.PAGES,
    *sweep.PAGES,
    *series.PAGES,
]
