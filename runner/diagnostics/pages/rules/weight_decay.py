"""R190: weight decay of schedules."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R190",
        title="a scheduled weight decay that the optimizer does not have",
        what="""The schedule drives weight_decay, with one value or a table, but the optimizer does not decay weights.
        adamw and muon do; any other optimizer does if it has the key weight_decay.""",
        why="""Whether weights decay at all is a property of the optimizer, like momentum; the schedule defines how much
        at each step. If only the schedule had it, changing the schedule would silently change the method.""",
        bad="""
        optimizer: {kind: adam}
        schedule: {kind: constant, learning_rate: 1e-3, weight_decay: 0.01}
        """,
        good="""
        optimizer: {kind: adamw}
        schedule: {kind: constant, learning_rate: 1e-3, weight_decay: 0.01}
        """,
    ),
]
