"""R321 to R324: layers of Keras' catalogue, against their inputs."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R321",
        title="an axis that the input does not have",
        what="""A layer names axes of its input, by axis, axes, shared_axes or dims, and the input has no such axis, the
        axis is the batch, or dims leaves one out. repeat_vector takes exactly one axis.""",
        why="""Axes are counted as in Keras: 1 is the first one after the batch, -1 the last. The batch, 0, cannot be
        chosen: examples would depend on one another.""",
        bad="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28, 1]}
            - {kind: permute, dims: [2, 1]}
            - {kind: flatten}
        """,
        good="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28, 1]}
            - {kind: permute, dims: [2, 1, 3]}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R322",
        title="a crop or padding that is too large",
        what="cropping removes a whole side, or output_padding is not below the stride.",
        why="There would be no output, or outputs that depend on no input.",
        bad="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28, 1]}
            - {kind: cropping2d, cropping: 14}
            - {kind: flatten}
        """,
        good="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28, 1]}
            - {kind: cropping2d, cropping: 4}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R323",
        title="inputs that cannot be multiplied",
        what="""Query, value and key of an attention layer, or the inputs of dot, have axes that do not match, or the
        heads of key and value do not divide those of the query.""",
        why="Products are summed along an axis, which must have the same length in both.",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [28, 28], name: rows}
            - {kind: dense, units: 8, name: query}
            - {kind: attention, inputs: [query, rows]}
            - {kind: flatten}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [28, 28], name: rows}
            - {kind: dense, units: 28, name: query}
            - {kind: attention, inputs: [query, rows]}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R324",
        title="an equation that does not fit",
        what="""The equation of einsum_dense has another form, or its letters do not fit the input, output_shape or
        bias_axes.""",
        why="""Input, kernel and output are written as letters, the batch first: `abc,cd->abd` multiplies the last axis
        of steps with features. A letter that is not in the output is summed over.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: einsum_dense, equation: "abc,cd->abd", output_shape: [null, 64]}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: einsum_dense, equation: "ab,bc->ac", output_shape: 64}
        """,
    ),
]
