"""R440: weights that are taken from another run."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R440",
        title="weights for layers that do not exist",
        what="A name or a pattern in `weights.layers` matches no layer of the model.",
        why="""Layers are matched by name: their own `name`, or `dense_1` for the first dense layer without one, and so
        on; the last one is called `output`. A pattern that matches nothing would silently have no effect.""",
        bad="""
        model:
          layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]
          weights: {run: digits_base, layers: [bas]}
        """,
        good="""
        model:
          layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]
          weights: {run: digits_base, layers: [base]}
        """,
    ),
]
