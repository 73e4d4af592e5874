"""R447 and R448: a factor on dropout rates."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R447",
        title="a factor that dropout cannot have",
        what="""`model.dropout_factor` times the largest dropout rate reaches 1, or the model has no dropout that it
        could multiply.""",
        why="At a rate of 1 nothing would be left. The factor multiplies rates; without any it does nothing.",
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
        title="dropout that keeps its rate",
        what="The model has `dropout_factor`, and a layer with dropout of another kind than plain dropout.",
        why="""The factor multiplies the rates of plain dropout: the kind dropout and the short forms. Keras computes
        the other kinds with a constant rate.""",
        bad="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 1}}]}
          input_dropout: 0.1
          layers: [{kind: flatten}, {kind: dense, units: 100}, {kind: gaussian_dropout, rate: 0.2}]
        """,
        good="""
        model:
          dropout_factor: {phases: [{duration: 100%, factor: {from: 0, to: 1}}]}
          input_dropout: 0.1
          layers: [{kind: flatten}, {kind: dense, units: 100}, {kind: dropout, rate: 0.2}]
        """,
    ),
]
