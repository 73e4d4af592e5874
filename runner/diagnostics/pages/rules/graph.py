"""R180 to R184: layers with inputs of their own choice."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R180",
        title="a branch in a sequential model",
        what="A layer of a sequential model has inputs, or is one that joins several.",
        why="""In a sequential model each layer takes the output of the one before it. A functional model is written in
        the same way, and its layers may take other outputs.""",
        bad="""
        model:
          kind: sequential
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [pixels, hidden]}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [pixels, hidden]}
        """,
    ),
    Page(
        code="R181",
        title="an input that is no layer before",
        what="A name in inputs is that of no layer before this one, or of this one itself.",
        why="""Layers take what is known when they are computed: the outputs of layers above them, by name, or input,
        which is the model's own. So no recipe can describe a cycle.""",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [pixel, hidden]}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [pixels, hidden]}
        """,
    ),
    Page(
        code="R182",
        title="too many inputs, or too few",
        what="""A layer that joins outputs has fewer than two inputs, a subtract has another number than two, or a layer
        that takes one has several.""",
        why="Without inputs a layer takes the one right before it, and one output is nothing to join.",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [hidden]}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 784, name: hidden}
            - {kind: add, inputs: [pixels, hidden]}
        """,
    ),
    Page(
        code="R183",
        title="an output that nobody takes",
        what="A layer that is not the last one is in the inputs of no other.",
        why="""The model consists of the layers from which its output is computed. Others are left out: they have no
        weights and train nothing.""",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 100}
            - {kind: dense, units: 50, inputs: [pixels]}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: flatten, name: pixels}
            - {kind: dense, units: 50, inputs: [pixels]}
        """,
    ),
    Page(
        code="R184",
        title="outputs that do not go together",
        what="""The inputs of an add, subtract, multiply, average, maximum or minimum have different shapes, those of a
        concatenate differ in more than its axis, or there is no such axis. Checked here as far as the shapes are known;
        validate --deep checks all data.""",
        why="""Values are joined place by place. As in Keras a side of 1 fits any other, and missing axes count as 1,
        from the last axis on.""",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [784], name: pixels}
            - {kind: dense, units: 100, name: hidden}
            - {kind: add, inputs: [pixels, hidden]}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [784], name: pixels}
            - {kind: dense, units: 100, name: hidden}
            - {kind: concatenate, inputs: [pixels, hidden]}
        """,
    ),
]
