"""R460 to R467: sweeps. What the values of a range do to their field is in ``runner.diagnostics.pages.swept``."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R460",
        title="a range with no form, or with several",
        what="""A range of a sweep has none or several of `log`, `linear`, `int` and `choice`, or a key of another
        form.""",
        why="""Each form defines which values are tried and how often: `log` tries every order of magnitude equally
        often, `linear` every number, `int` every whole number and `choice` every value in the list.""",
        bad="""
        sweep: {objective: val_loss, trials: 10, ranges: {optimizer.learning_rate: {log: [0.01, 1], linear: [0, 1]}}}
        """,
        good="sweep: {objective: val_loss, trials: 10, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
    ),
    Page(
        code="R461",
        title="a range without values",
        what="""The low end of a range is not below its high end, a `log` range starts at or below 0, or a choice is
        listed twice.""",
        why="""Both ends belong to a range, and the low one comes first. A logarithmic range cannot contain 0. A value
        that is listed twice would be tried twice as often.""",
        bad="sweep: {objective: val_loss, trials: 10, ranges: {optimizer.learning_rate: {log: [0.1, 1e-4]}}}",
        good="sweep: {objective: val_loss, trials: 10, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
    ),
    Page(
        code="R463",
        title="an objective that is not validated",
        what="`sweep.objective` is not a validation metric that the recipe computes.",
        why="""Trials are compared on examples that did not train them. Choosing the best of many trials on the test
        examples would overstate how good the model is.""",
        bad="sweep: {objective: test_accuracy, trials: 10, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
        good="sweep: {objective: val_accuracy, trials: 10, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
    ),
    Page(
        code="R464",
        title="a sweep without a size",
        what="""`trials` is missing for the samplers tpe and random or given for a grid; a grid has a range without a
        list of values, or more than 1,000 combinations; there is no range at all, or there are too many values to try
        them all on a recipe of this size.""",
        why="How many runs a sweep makes is known before the first one.",
        bad="sweep: {objective: val_loss, sampler: grid, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
        good="""
        sweep: {objective: val_loss, sampler: grid, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1], points: 4}}}
        """,
    ),
    Page(
        code="R465",
        title="a field that a sweep cannot vary",
        what="A range is for `name`, `repeat`, `sweep` or another key that does not affect training.",
        why="All trials lie in one folder, named by the recipe, and have the same runs.",
        bad="sweep: {objective: val_loss, trials: 2, ranges: {name: {choice: [one, two]}}}",
        good="sweep: {objective: val_loss, trials: 2, ranges: {seed: {choice: [1, 2]}}}",
    ),
    Page(
        code="R467",
        title="a trial with several workers",
        what="A recipe with a sweep has `hardware.strategy: multi_worker`, or a range that has it.",
        why="""Machines share a sweep by its trials: each `recipe sweep FILE --worker` trains one trial after another.
        The machines of a single run would have to agree on which trial that is.""",
        bad="""
        hardware: {strategy: multi_worker}
        sweep: {objective: val_loss, trials: 2, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}
        """,
        good="sweep: {objective: val_loss, trials: 2, ranges: {optimizer.learning_rate: {log: [1e-4, 0.1]}}}",
    ),
]
