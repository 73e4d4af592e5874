"""R395 to R397: groups of layers with a factor on their learning rate."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R395",
        title="a group of unknown layers",
        what="A group names a layer that the model does not have, or one that is already in another group.",
        why="""A group chooses layers by the `name` that the recipe gives them. A layer has one learning rate, so it
        can be in one group only; layers in no group have factor 1.""",
        bad="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]}
        groups: {slow: {layers: [bas], factor: 0.1}}
        """,
        good="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]}
        groups: {slow: {layers: [base], factor: 0.1}}
        """,
    ),
    Page(
        code="R396",
        title="an exponential curve from or to a factor of 0",
        what="A row of a group's factor has `curve: exponential`, and starts or ends at 0.",
        why="An exponential curve multiplies by the same number at every step, so it can neither reach 0 nor leave it.",
        bad="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]}
        groups:
          slow:
            layers: [base]
            factor: {phases: [{duration: 100%, factor: {from: 0, to: 1}, curve: exponential}]}
        """,
        good="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 100, name: base}]}
        groups:
          slow:
            layers: [base]
            factor: {phases: [{duration: 100%, factor: {from: 0.01, to: 1}, curve: exponential}]}
        """,
    ),
    Page(
        code="R397",
        title="a group that changes nothing",
        what="The factor of a group is 1 throughout.",
        why="Layers in no group have factor 1 anyway.",
        bad="groups: {head: {layers: [output], factor: 1}}",
        good="groups: {head: {layers: [output], factor: 2}}",
    ),
]
