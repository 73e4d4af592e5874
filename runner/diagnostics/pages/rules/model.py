"""R150 to R154 and R159 to R161: layers."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R150",
        title="two layers with one name",
        what="Two layers have the same name.",
        why="Layers are identified by name in errors, in checkpoints and in the saved model.",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 300, name: hidden}
            - {kind: dense, units: 100, name: hidden}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 300, name: hidden_1}
            - {kind: dense, units: 100, name: hidden_2}
        """,
    ),
    Page(
        code="R151",
        title="a reserved layer name",
        what="A layer is named input or output.",
        why="The program adds layers with these names at the two ends of the model.",
        bad="model: {layers: [{kind: flatten, name: input}]}",
        good="model: {layers: [{kind: flatten, name: pixels}]}",
    ),
    Page(
        code="R152",
        title="an output layer among the hidden layers",
        what="The last of the layers is a dense layer with softmax or with one unit, or a separate softmax.",
        why="""The output layer is added after these layers, from model.output or from the task and the data. The model
        would have two of them, one on top of the other.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 10, activation: softmax}
        """,
        good="model: {layers: [{kind: flatten}], output: {units: 10}}",
    ),
    Page(
        code="R153",
        title="strides combined with dilation",
        what="Both strides and dilation_rate of a conv2d are above 1.",
        why="Keras does not support such a convolution.",
        bad="""
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3, strides: 2, dilation_rate: 2}
            - {kind: flatten}
        """,
        good="""
        model:
          layers:
            - {kind: conv2d, filters: 8, kernel_size: 3, dilation_rate: 2}
            - {kind: max_pooling2d}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R154",
        title="groups that do not divide filters",
        what="The number of filters of a conv2d is not a multiple of its groups.",
        why="Every group computes the same number of filters.",
        bad="""
        model:
          layers:
            - {kind: conv2d, filters: 16, kernel_size: 3}
            - {kind: conv2d, filters: 10, kernel_size: 3, groups: 4}
            - {kind: flatten}
        """,
        good="""
        model:
          layers:
            - {kind: conv2d, filters: 16, kernel_size: 3}
            - {kind: conv2d, filters: 12, kernel_size: 3, groups: 4}
            - {kind: flatten}
        """,
    ),
    Page(
        code="R159",
        title="dropout directly before batch normalization",
        what="A batch_normalization follows a dropout layer, a layer with a dropout rate, or input_dropout.",
        why="""Dropout raises the variance of its output, but only in training. The normalization keeps that variance
        and uses it in evaluation, where it is wrong (Li et al. 2018).""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100, dropout: 0.3}
            - {kind: batch_normalization}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100}
            - {kind: batch_normalization}
            - {kind: dropout, rate: 0.3}
        """,
    ),
    Page(
        code="R160",
        title="a batch normalization momentum that looks inverted",
        what="The momentum of a batch_normalization is below 0.5 or equal to 1.",
        why="""As in Keras, momentum is the fraction of the moving mean and variance kept at each step, usually 0.9 to
        0.99. PyTorch's momentum is the fraction replaced: its 0.1 is 0.9 here. With 1 the statistics never change.""",
        bad="model: {layers: [{kind: flatten}, {kind: batch_normalization, momentum: 0.1}]}",
        good="model: {layers: [{kind: flatten}, {kind: batch_normalization, momentum: 0.9}]}",
    ),
    Page(
        code="R161",
        title="dropout by size without effect",
        what="""model.dropout gives rates by size, but every hidden layer with units or filters has its own rate, or
        there is no such layer; or low is above high.""",
        why="The rates apply to hidden layers without a rate, and the largest layer gets high.",
        bad="model: {dropout: auto, layers: [{kind: flatten}, {kind: dense, units: 300, dropout: 0.3}]}",
        good="model: {dropout: auto, layers: [{kind: flatten}, {kind: dense, units: 300}]}",
    ),
]
