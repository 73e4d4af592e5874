"""R520 to R523, R611, R612 and R614: applications of Keras."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R520",
        title="pixels that are scaled twice",
        what="The data is scaled or centred, and an application of the model scales pixels itself.",
        why="""Each application was trained on pixels scaled in its own way. That preprocessing is part of the layer,
        which expects pixels from 0 to 255, as images are stored.""",
        bad="""
        data: {source: builtin, name: mnist-5k, scale: 1/255}
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg}
        """,
        good="""
        data: {source: builtin, name: mnist-5k, scale: null}
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg}
        """,
    ),
    Page(
        code="R521",
        title="an argument that the application does not have",
        what="The key is an argument of other applications, or turns off preprocessing that cannot be turned off.",
        why="""Each function of keras.applications has its own arguments; `alpha`, for example, is only for the
        MobileNets.""",
        bad="""
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: vgg16, alpha: 0.5, pooling: avg, preprocessing: false}
        """,
        good="""
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: mobilenet, alpha: 0.5, pooling: avg, preprocessing: false}
        """,
    ),
    Page(
        code="R522",
        title="an image too small for an application",
        what="A side of the input is smaller than the application allows: 32, 71 or 75 pixels.",
        why="The application halves the image about five times, so nothing of a smaller one would be left.",
        bad="""
        data: {source: builtin, name: digits, scale: null}
        model:
          layers:
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg}
        """,
        good="""
        data: {source: builtin, name: digits, scale: null}
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg}
        """,
    ),
    Page(
        code="R523",
        title="an application for colours with other images",
        what="The preprocessing of the application is for three colour channels, and its input has a different number.",
        why="ResNet, VGG and DenseNet were trained on colour images, with statistics for each channel.",
        bad="""
        data: {source: builtin, name: digits, scale: null}
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: resnet50, pooling: avg}
        """,
        good="""
        data: {source: builtin, name: digits, scale: null}
        model:
          kind: functional
          layers:
            - {kind: resizing, height: 32, width: 32, name: grey}
            - {kind: concatenate, inputs: [grey, grey, grey]}
            - {kind: application, application: resnet50, pooling: avg}
        """,
    ),
    Page(
        code="R611",
        title="arguments without published weights",
        what="Keras publishes no ImageNet weights for this `alpha`, `depth_multiplier` or `minimalistic`.",
        why="""Weights fit only one width of the network. For the MobileNets they are published for a few values of
        `alpha`; any other model starts with fresh weights, or with those of a run.""",
        bad="""
        data: {source: builtin, name: photos, scale: null}
        model:
          layers:
            - {kind: resizing, height: 96, width: 96}
            - {kind: application, application: mobilenet_v2, alpha: 0.4, pooling: avg, weights: imagenet}
        """,
        good="""
        data: {source: builtin, name: photos, scale: null}
        model:
          layers:
            - {kind: resizing, height: 96, width: 96}
            - {kind: application, application: mobilenet_v2, alpha: 0.35, pooling: avg, weights: imagenet}
        """,
    ),
    Page(
        code="R612",
        title="published weights for another number of channels",
        what="The application has published weights, and its input does not have three channels.",
        why="Its first convolution was trained on red, green and blue: each filter has weights for three channels.",
        bad="""
        data: {source: builtin, name: digits, scale: null}
        model:
          layers:
            - {kind: resizing, height: 32, width: 32}
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg, weights: imagenet}
        """,
        good="""
        data: {source: builtin, name: digits, scale: null}
        model:
          kind: functional
          layers:
            - {kind: resizing, height: 32, width: 32, name: grey}
            - {kind: concatenate, inputs: [grey, grey, grey]}
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg, weights: imagenet}
        """,
    ),
    Page(
        code="R614",
        title="an application with weights from two places",
        what="An application has `weights: imagenet`, and `model.weights` also takes its weights from a run.",
        why="""All weights of an application come from one source. Without `layers`, `model.weights` covers every layer
        except the output layer.""",
        bad="""
        data: {source: builtin, name: photos, scale: null}
        model:
          layers:
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg, weights: imagenet, name: base}
            - {kind: dense, units: 10, name: head}
          weights: {run: photos_base}
        """,
        good="""
        data: {source: builtin, name: photos, scale: null}
        model:
          layers:
            - {kind: application, application: mobilenet, alpha: 0.25, pooling: avg, weights: imagenet, name: base}
            - {kind: dense, units: 10, name: head}
          weights: {run: photos_base, layers: [head]}
        """,
    ),
]
