"""R190: weight decay of schedules."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R190",
        title="a schedule moves a weight decay that the optimizer does not have",
        what="""The schedule gives weight_decay, one value or a table of its own, and the optimizer decays no weights.
        adamw and muon do; any other optimizer does where it has the key weight_decay itself.""",
        why="""Whether weights decay at all belongs to the optimizer, as momentum does; the schedule says how much at
        each step. Where only the schedule had it, changing the schedule would silently change the method.""",
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
