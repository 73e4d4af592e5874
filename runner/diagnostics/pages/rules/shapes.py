"""R155 to R158: shapes along the layers."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R155",
        title="a window larger than its input",
        what="""The kernel or the pool of a layer with padding valid is larger than the image that reaches it. A dilated
        kernel counts with its gaps. Checked here for built-in samples; validate --deep checks all data.""",
        why="Without padding the window must fit into the image at least once.",
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
        what="A layer that works on height, width and channels gets something else, such as what flatten leaves.",
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
        what="The layers end with an image or another array, and the output layer follows directly.",
        why="The output layer is dense: over an image it would give a prediction for every pixel.",
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
        what="The product of target_shape is not the number of values that reach the layer.",
        why="A reshape only arranges the same values differently.",
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
