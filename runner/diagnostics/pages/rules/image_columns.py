"""R765 to R767: columns of images in a table."""

from runner.diagnostics.codes import Page

_JOINED = """
        task: classification
        data: {source: csv, files: skin.csv, target: kind, columns: {photo: {type: image, size: [64, 64]}}}
        model:
          kind: functional
          inputs:
            photo: {columns: [photo]}
            facts: {columns: [age, sex]}
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3, activation: relu, inputs: [photo]}
            - {kind: global_average_pooling2d, name: seen}
            - {kind: concatenate, inputs: [seen, facts]}
        """

PAGES = [
    Page(
        code="R765",
        title="a row with an image taken as a whole",
        what="""The data has a column of images, and the model is sequential, or a layer or the output takes the whole
        input.""",
        why="""An image has height, width and channels, the other columns of its row are numbers. `inputs` of a
        functional model takes them apart: each image is an input of its own, and a layer such as `concatenate` joins
        the branches.""",
        bad=_JOINED.replace("[seen, facts]", "[seen, facts, rest]").replace(
            "- {kind: concatenate",
            "- {kind: dense, units: 8, name: rest, inputs: [input]}\n            - {kind: concatenate",
        ),
        good=_JOINED,
    ),
    Page(
        code="R766",
        title="an image beside other columns in one input",
        what="An entry of model.inputs has a column of images and another column.",
        why="The input with an image has the image's shape, in which there is no place for a number.",
        bad=_JOINED.replace("[age, sex]", "[age, photo]"),
        good=_JOINED,
    ),
    Page(
        code="R767",
        title="a table at an address, with paths of images",
        what="The table has a column of images, and `files` is an address.",
        why="""Paths of images start from the folder of the table's file, and only that file is fetched from an
        address.""",
        bad=_JOINED.replace("skin.csv", "https://example.org/skin.csv"),
        good=_JOINED,
    ),
]
