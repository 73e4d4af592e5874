"""R500 to R505: named inputs, and layers that are applied in several places."""

from runner.diagnostics.codes import Page

_TWO = """
        task: classification
        data: {source: builtin, name: iris}
        model:
          kind: functional
          inputs:
            sepal: {columns: [sepal_length, sepal_width]}
            petal: {columns: [petal_length, petal_width]}
          layers:
            - {kind: dense, units: 8, name: a, inputs: [sepal]}
            - {kind: dense, units: 8, name: b, inputs: [petal]}
            - {kind: concatenate, inputs: [a, b]}
        """
_ONCE_MORE = """
        task: classification
        data: {source: builtin, name: iris}
        model:
          kind: functional
          inputs:
            sepal: {columns: [sepal_length, sepal_width]}
            petal: {columns: [petal_length, petal_width]}
          layers:
            - {kind: dense, units: 8, name: tower, inputs: [sepal]}
            - {kind: shared, layer: tower, inputs: [petal], name: other}
            - {kind: subtract, inputs: [tower, other]}
        """

PAGES = [
    Page(
        code="R500",
        title="an input that is not one thing",
        what="""An entry of model.inputs has both columns and index, or neither, or its name is that of a layer or one
        of the model's own.""",
        why="Layers take an input by its name, which must mean one part of an example and nothing else.",
        bad=_TWO.replace("petal: {columns: [petal_length, petal_width]}", "petal: {}"),
        good=_TWO,
    ),
    Page(
        code="R501",
        title="a column that is no input",
        what="""A column of model.inputs is not in the data, is named twice, is a target, or is not read; or the data
        has no columns by name.""",
        why="Columns are those that the data gives the model: of a table, or of a built-in sample of rows.",
        bad=_TWO.replace("sepal_length, ", "sepal, "),
        good=_TWO,
    ),
    Page(
        code="R502",
        title="a part that is not there",
        what="model.inputs has an index, and an example has no such part along a first of several axes.",
        why="""An index takes one of the parts that an example consists of, such as the second of a pair of images with
        the shape (2, 28, 28, 1). A row has columns instead.""",
        bad=_TWO.replace("sepal: {columns: [sepal_length, sepal_width]}", "sepal: {index: 0}"),
        good=_TWO,
    ),
    Page(
        code="R503",
        title="an input that no layer takes",
        what="A name of model.inputs stands in the inputs of no layer.",
        why="The model would never see it. Most likely a branch is missing, or takes another input.",
        bad=_TWO.replace("inputs: [petal]", "inputs: [sepal]"),
        good=_TWO,
    ),
    Page(
        code="R504",
        title="no layer to apply once more",
        what="A shared layer names a layer that does not come before it.",
        why="What is applied once more has weights that an earlier layer made.",
        bad=_ONCE_MORE.replace("layer: tower", "layer: towers"),
        good=_ONCE_MORE,
    ),
    Page(
        code="R505",
        title="a shared layer for inputs of another size",
        what="A shared layer gets inputs whose last axis differs from that of the layer that it applies.",
        why="""The weights have the size of what the layer was first given. A kernel for two numbers cannot be applied
        to four.""",
        bad=_ONCE_MORE.replace("tower, inputs: [petal]", "tower, inputs: [input]").replace(
            "{kind: subtract, inputs: [tower, other]}", "{kind: concatenate, inputs: [tower, other, petal]}"
        ),
        good=_ONCE_MORE,
    ),
]
