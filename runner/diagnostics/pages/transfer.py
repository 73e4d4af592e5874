"""R441 and R442: weights of another run, once that run is looked at."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R441",
        title="a run that weights cannot be taken from",
        what="""The run that `weights.run` names is not on this machine, has no such model, or its model cannot be
        opened.""",
        why="""The model begins with what another run has learned, so that run comes first. A recipe can name runs below
        `runs/` by their handles, and folders beside itself; nothing else is opened.""",
        bad="weights: {run: /tmp/somebody/model.keras}",
        good="weights: {run: digits_base}       # after `recipe run digits_base.yaml`",
    ),
    Page(
        code="R442",
        title="a layer that cannot take its weights",
        what="""The run has no layer of this name, or weights of other shapes in it, or ones that are not finite; or a
        pattern in `weights.layers` matches only layers without weights.""",
        why="A layer takes all of its weights or none. Leave it out of `layers` to initialize it as usual.",
        bad="""
        {kind: dense, units: 64, name: base}           # in the run it has 100 units
        """,
        good="""
        {kind: dense, units: 100, name: base}
        """,
    ),
]
