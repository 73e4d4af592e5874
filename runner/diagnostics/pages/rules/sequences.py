"""R310 to R314: layers over sequences."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R310",
        title="a sequence layer without a sequence",
        what="""A layer that works on steps and features, such as lstm or conv1d, gets something else: plain values, or
        an image.""",
        why="There are no steps to process.",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: lstm, units: 8}
        """,
        good="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28]}
            - {kind: lstm, units: 8}
        """,
    ),
    Page(
        code="R312",
        title="inputs or dropout inside another layer",
        what="The layer inside bidirectional or time_distributed has inputs, or dropout of its outputs, of its own.",
        why="It takes the inputs of the outer layer; dropout of its outputs is written as a layer after it.",
        bad="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28]}
            - {kind: bidirectional, layer: {kind: lstm, units: 8, inputs: [input]}}
        """,
        good="""
        model:
          layers:
            - {kind: reshape, target_shape: [28, 28]}
            - {kind: bidirectional, layer: {kind: lstm, units: 8}}
        """,
    ),
    Page(
        code="R313",
        title="a mask that is lost",
        what="""An embedding with mask_zero is followed by a layer that cannot handle masks, such as conv1d, flatten or
        global_max_pooling1d; or by a sum, such as add, whose other input has no mask.""",
        why="From that layer on, padding counts like any other input; Keras says so only in a Python warning.",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: embedding, input_dim: 256, output_dim: 8, mask_zero: true}
            - {kind: global_max_pooling1d}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: embedding, input_dim: 256, output_dim: 8, mask_zero: true}
            - {kind: global_average_pooling1d}
        """,
    ),
    Page(
        code="R314",
        title="an embedding without its rows",
        what="An embedding leaves out input_dim, and the data is not a text whose vocabulary gives it.",
        why="The table has one row for each possible number, and only a vocabulary says how many there are.",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: embedding, output_dim: 8}
            - {kind: global_average_pooling1d}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: embedding, input_dim: 256, output_dim: 8}
            - {kind: global_average_pooling1d}
        """,
    ),
]
