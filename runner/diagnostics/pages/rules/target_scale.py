"""R570 to R572: scaled targets of a regression."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R570",
        title="target_scale without a regression",
        what="`data.target_scale` is written for a classification or for labels.",
        why="A class has no mean and no deviation.",
        bad="data: {source: builtin, name: iris, target_scale: standard}",
        good="data: {source: builtin, name: iris}",
    ),
    Page(
        code="R571",
        title="a loss that needs the target itself",
        what="""The loss is a ratio, a logarithm or a likelihood of counts, and `data.target_scale` subtracts the mean
        of the target.""",
        why="""With `target_scale: standard` the loss compares (target − mean)/deviation. A percentage of that, or its
        logarithm, says nothing about the target.""",
        bad="""
        task: regression
        data: {source: builtin, name: diabetes, target_scale: standard}
        training: {loss: mean_absolute_percentage_error}
        """,
        good="""
        task: regression
        data: {source: builtin, name: diabetes, target_scale: standard}
        training: {loss: mean_absolute_error}
        """,
    ),
    Page(
        code="R572",
        title="an activation that cannot reach scaled targets",
        what="""The activation of the output is bounded, and `data.target_scale` makes targets lie around 0 with a
        standard deviation of 1.""",
        why="""The output layer predicts the scaled target. With relu or sigmoid no prediction could be below the mean;
        with tanh none could be more than one standard deviation from it.""",
        bad="""
        task: regression
        data: {source: builtin, name: diabetes, target_scale: standard}
        model: {output: {activation: relu}}
        """,
        good="""
        task: regression
        data: {source: builtin, name: diabetes, target_scale: standard}
        """,
    ),
]
