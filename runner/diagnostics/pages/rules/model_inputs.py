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
        title="an ambiguous model input",
        what="""An entry of model.inputs has both columns and index, or neither, or it has the name of a layer or a
        reserved name.""",
        why="Layers take an input by its name, so the name must stand for exactly one part of an example.",
        bad=_TWO.replace("petal: {columns: [petal_length, petal_width]}", "petal: {}"),
        good=_TWO,
    ),
    Page(
        code="R501",
        title="a column that is no input",
        what="""A column of model.inputs is not in the data, is named twice, is a target, or is not read; or the data
        has no named columns.""",
        why="""Only columns that the data passes to the model can be chosen: those of a table, or of a built-in sample
        of rows.""",
        bad=_TWO.replace("sepal_length, ", "sepal, "),
        good=_TWO,
    ),
    Page(
        code="R502",
        title="an index beyond the parts of an example",
        what="model.inputs has an index, and the examples have no such part along their first axis.",
        why="""An index selects one part of an example, such as the second of a pair of images with the shape (2, 28,
        28, 1). Rows of a table have columns instead.""",
        bad=_TWO.replace("sepal: {columns: [sepal_length, sepal_width]}", "sepal: {index: 0}"),
        good=_TWO,
    ),
    Page(
        code="R503",
        title="an input that no layer takes",
        what="No layer lists this entry of model.inputs in its inputs.",
        why="The model would never see it. Most likely a branch is missing, or takes another input.",
        bad=_TWO.replace("inputs: [petal]", "inputs: [sepal]"),
        good=_TWO,
    ),
    Page(
        code="R504",
        title="a shared layer without an original",
        what="A shared layer names a layer that does not come before it.",
        why="A shared layer reuses the weights that an earlier layer created.",
        bad=_ONCE_MORE.replace("layer: tower", "layer: towers"),
        good=_ONCE_MORE,
    ),
    Page(
        code="R505",
        title="a shared layer with inputs of another size",
        what="The inputs of a shared layer and of the layer that it reuses differ in their last axis.",
        why="""The first input of a layer determines the size of its weights. A kernel for two numbers cannot be applied
        to four.""",
        bad=_ONCE_MORE.replace("tower, inputs: [petal]", "tower, inputs: [input]").replace(
            "{kind: subtract, inputs: [tower, other]}", "{kind: concatenate, inputs: [tower, other, petal]}"
        ),
        good=_ONCE_MORE,
    ),
]
