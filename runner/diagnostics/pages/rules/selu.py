"""R445 and R446: what undoes selu."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R445",
        title="dropout after selu",
        what="A layer with selu has a dropout rate, or a dropout layer takes its output.",
        why="""selu keeps mean and variance from layer to layer, which is what it is for. Dropout sets values to 0 and
        changes both; alpha dropout sets them to selu's smallest value, and keeps both.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100, activation: selu, kernel_initializer: lecun_normal, dropout: 0.1}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100, activation: selu, kernel_initializer: lecun_normal}
            - {kind: alpha_dropout, rate: 0.1}
        """,
    ),
    Page(
        code="R446",
        title="selu with another initializer",
        what="A layer with selu has a kernel_initializer other than lecun_normal, or the default one.",
        why="""Mean and variance are kept only if kernels start with variance 1/inputs, as with lecun_normal. The
        default, glorot_uniform, starts with a different variance.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100, activation: selu}
        """,
        good="""
        model:
          layers:
            - {kind: flatten}
            - {kind: dense, units: 100, activation: selu, kernel_initializer: lecun_normal}
        """,
    ),
]
