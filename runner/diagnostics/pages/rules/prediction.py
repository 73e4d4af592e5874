"""R350 to R369: weights of examples, and what is predicted of them."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R350",
        title="a weight that is something else as well",
        what="""The column or array of `weight` is the target, the inputs, or the column that divides the rows; or it
        has options of an input.""",
        why="A weight says how much an example counts in the loss; it is no input, and is read as it is.",
        bad="data: {source: csv, files: t.csv, target: y, weight: y}",
        good="data: {source: csv, files: t.csv, target: y, weight: w}",
    ),
]
