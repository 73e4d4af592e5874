"""R155 to R158: shapes through the layers."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R155",
        title="a window larger than its input",
        what="""The kernel or pool of a layer with padding valid is larger than its input image. The size of a dilated
        kernel includes its gaps. Checked here for built-in samples; validate --deep checks every dataset.""",
        why="Without padding, the window must fit into the image at least once.",
        bad="""
        data: {source: builtin, name: digits, scale: 1/16}
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 9}
            - {kind: flatten}
        """,
        good="""
        data: {source: builtin, name: digits, scale: 1/16}
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R156",
        title="an image layer without an image",
        what="A layer that expects height, width and channels gets something else, such as the output of flatten.",
        why="There are no rows and columns to move a window over.",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: conv2d, filters: 8, kernel_size: 3}
        """,
        good="""
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R157",
        title="more than one axis before the output",
        what="The output of the last layer is an image or another array, and the output layer follows directly.",
        why="The output layer is dense: applied to an image, it would make a prediction for every pixel.",
        bad="model: {layers: [{kind: conv2d, filters: 8, kernel_size: 3}]}",
        good="""
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3}
            - {kind: global_average_pooling2d}
        """,
    ),
    Page(
        code="R158",
        title="a reshape that changes the number of values",
        what="The product of target_shape differs from the number of values in the input.",
        why="A reshape only rearranges the same values.",
        bad="""
        data: {source: builtin, name: digits, scale: 1/16}
        model: {layers: [{kind: reshape, target_shape: [60]}]}
        """,
        good="""
        data: {source: builtin, name: digits, scale: 1/16}
        model: {layers: [{kind: reshape, target_shape: [64]}]}
        """,
    ),
]
