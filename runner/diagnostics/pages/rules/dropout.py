"""R540 to R544: dropout and constraints that act on something else than what they are for."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R540",
        title="alpha dropout without selu",
        what="An alpha_dropout takes the output of a layer whose activation is not selu.",
        why="""Alpha dropout sets values to selu's smallest one, -1.76, and rescales them so that mean 0 and variance 1
        are kept. Outputs of other activations have other means, and relu never gives a value below 0.""",
        bad="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 9, activation: relu}, {kind: alpha_dropout, rate: 0.1}]}
        """,
        good="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 9, activation: relu}, {kind: dropout, rate: 0.1}]}
        """,
    ),
    Page(
        code="R541",
        title="dropout on the numbers of an embedding",
        what="input_dropout is above 0, or a dropout layer precedes an embedding.",
        why="""An embedding takes whole numbers, each of which stands for a row of its table. Dropout sets some to 0 and
        multiplies the others, so that they stand for other rows, or for none.""",
        bad="""
        data: {source: builtin, name: digits, scale: 1}
        model:
          input_dropout: 0.1
          layers: [{kind: flatten}, {kind: embedding, input_dim: 17, output_dim: 4}, {kind: flatten}]
        """,
        good="""
        data: {source: builtin, name: digits, scale: 1}
        model:
          layers:
            - {kind: flatten}
            - {kind: embedding, input_dim: 17, output_dim: 4}
            - {kind: spatial_dropout1d, rate: 0.1}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R542",
        title="a drop_path without an add",
        what="The output of a drop_path is not an input of an add.",
        why="""drop_path sets a whole example to 0. In a branch of a residual block the example then skips the branch;
        anywhere else it is lost.""",
        bad="""
        model: {layers: [{kind: flatten}, {kind: dense, units: 100}, {kind: drop_path, rate: 0.1}]}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: residual, layers: [{kind: dense, units: 784}, {kind: drop_path, rate: 0.1}]}
        """,
    ),
    Page(
        code="R543",
        title="two dropouts one after another",
        what="A dropout layer takes the output of another dropout layer, or of a layer that has a dropout rate.",
        why="Rates a and b together act as the rate 1 - (1 - a) · (1 - b), which the recipe does not show.",
        bad="model: {layers: [{kind: flatten}, {kind: dense, units: 9, dropout: 0.2}, {kind: dropout, rate: 0.5}]}",
        good="model: {layers: [{kind: flatten}, {kind: dense, units: 9}, {kind: dropout, rate: 0.6}]}",
    ),
    Page(
        code="R544",
        title="a constraint on a weight that does not exist",
        what="""A constraint or a penalty is on the bias of a layer with `use_bias: false`, or on the offset or the
        scale of a normalization with `center: false` or `scale: false`.""",
        why="The layer has no such weight, so nothing is constrained.",
        bad="model: {layers: [{kind: flatten}, {kind: dense, units: 9, use_bias: false, bias_constraint: non_neg}]}",
        good="model: {layers: [{kind: flatten}, {kind: dense, units: 9, bias_constraint: non_neg}]}",
    ),
]
