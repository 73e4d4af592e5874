"""R185: custom code."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R185",
        title="custom code",
        what="A layer, the loss, the schedule or the data is custom: a run would import its target and call it.",
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
]
