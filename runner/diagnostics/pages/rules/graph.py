"""R180 to R184 and R425: layers with explicit inputs."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R180",
        title="a branch in a sequential model",
        what="A layer of a sequential model has the key inputs, or is a layer that joins several outputs.",
        why="""In a sequential model each layer takes the output of the one before it. A functional model is written the
        same way, but its layers may take other outputs.""",
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
        title="an unknown input",
        what="A name in inputs does not belong to an earlier layer.",
        why="""A layer can take only what is already computed: the outputs of the layers above it, by name, or input,
        the input of the model. This also rules out cycles.""",
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
        title="the wrong number of inputs",
        what="""A layer that joins outputs has fewer than two inputs, a subtract does not have exactly two, or a layer
        that takes one input has several.""",
        why="Without inputs, a layer takes the output of the layer before it, and a single output cannot be joined.",
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
        title="an unused output",
        what="The output of a layer other than the last is not an input of any other layer.",
        why="""The model consists of the layers from which its output is computed. All others are left out: they would
        have no weights and train nothing.""",
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
        title="outputs that cannot be joined",
        what="""The inputs of an add, subtract, multiply, average, maximum or minimum have different shapes, those of a
        concatenate differ in more than its axis, or the axis does not exist. Checked here only where shapes are known;
        validate --deep checks every dataset.""",
        why="""Values are joined element by element. As in Keras, a side of 1 matches any other, and missing leading
        axes count as 1.""",
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
    Page(
        code="R425",
        title="a residual that changes the shape",
        what="""A residual adds its input to the output of its layers, and the two have different shapes; or an add with
        same_shape has inputs of different shapes. Checked here only where shapes are known; validate --deep checks
        every dataset.""",
        why="""Values are added element by element. A plain add would broadcast an axis of length 1; in a residual
        that is a mistake. The layers of the key shortcut map the input of a residual to the shape of its
        output.""",
        bad="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [784], name: pixels}
            - {kind: dense, units: 100, name: hidden}
            - {kind: add, inputs: [pixels, hidden], same_shape: true}
        """,
        good="""
        model:
          kind: functional
          layers:
            - {kind: reshape, target_shape: [784], name: pixels}
            - {kind: dense, units: 100, name: hidden}
            - {kind: dense, units: 100, inputs: [pixels], name: shortcut}
            - {kind: add, inputs: [shortcut, hidden], same_shape: true}
        """,
    ),
]
