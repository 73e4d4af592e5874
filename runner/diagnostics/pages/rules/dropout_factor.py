"""R447 and R448: a factor on dropout rates."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R447",
        title="an impossible dropout factor",
        what="""`model.dropout_factor` times the largest dropout rate reaches 1, or the model has no dropout to
        multiply.""",
        why="At a rate of 1 every value would be dropped. Without any dropout the factor has no effect.",
        bad="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 4}}]}
          layers: [{kind: flatten}, {kind: dense, units: 100, dropout: 0.3}]
        """,
        good="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 2}}]}
          layers: [{kind: flatten}, {kind: dense, units: 100, dropout: 0.3}]
        """,
    ),
    Page(
        code="R448",
        title="dropout that the factor does not scale",
        what="The model has `dropout_factor`, and a recurrent or attention layer has dropout inside.",
        why="""The factor multiplies the rates of dropout layers of all kinds and of the short forms. Dropout inside a
        layer of Keras has a constant rate.""",
        bad="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 1}}]}
          input_dropout: 0.1
          layers: [{kind: reshape, target_shape: [8, 8]}, {kind: lstm, units: 9, dropout: 0.2}]
        """,
        good="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 1}}]}
          input_dropout: 0.1
          layers: [{kind: reshape, target_shape: [8, 8]}, {kind: dropout, rate: 0.2}, {kind: lstm, units: 9}]
        """,
    ),
]
