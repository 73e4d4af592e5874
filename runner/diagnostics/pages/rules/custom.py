"""R185 and R615: custom code."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R185",
        title="custom code",
        what="A recipe names custom code, such as a layer, a metric or a callback: a run would import and call it.",
        why="""A recipe is text and can do nothing but train; the code it names here is a program and can do anything.
        Therefore checking a recipe imports nothing, a run imports it only with --allow-code, and the run's lock
        records the SHA-256 of the file. Read the code before you allow it.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: custom, target: "mine:Scale", arguments: {factor: 2.0}}
        """,
        good="model: {layers: [{kind: flatten}, {kind: dense, units: 100}]}",
    ),
    Page(
        code="R615",
        title="a name that a custom metric cannot have",
        what="""A custom metric has the name of a metric of the language, or loss; or its name ends in _ and one of
        these, begins with val_ or test_, or has other characters than a-z, 0-9 and _.""",
        why="""A figure is known by its name: its direction, its bounds, and whether training examples have it. Names of
        the figures of an output end in the metric's, and those of a part of the data begin with the part's.""",
        bad="""
        training:
          epochs: 12
          metrics: [{kind: custom, target: "mine:weighted_accuracy"}]
        """,
        good="""
        training:
          epochs: 12
          metrics: [{kind: custom, target: "mine:weighted_accuracy", name: weighted_share}]
        """,
    ),
]
