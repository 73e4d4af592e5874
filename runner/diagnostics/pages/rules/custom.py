"""R185, R615 and R640 to R642: custom code."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R185",
        title="custom code",
        what="""A recipe names custom code, such as a layer, a metric, an optimizer or a callback: a run would import
        and call it.""",
        why="""A recipe is text and can do nothing but train; the code it names here is a program and can do anything.
        Therefore checking a recipe imports nothing, a run imports it only with --allow-code, and the run's lock
        records the SHA-256 of the file. Read the code before you allow it.""",
        bad="""
        model:
          layers:
            - {kind: flatten}
            - {kind: custom, target: "mine:Scale", arguments: {factor: 2.0}}
        """,
        good="model: {layers: [{kind: flatten}, {kind: dense, units: 100}]}",
    ),
    Page(
        code="R615",
        title="a name that a custom metric cannot have",
        what="""A custom metric is named loss or like a metric of the language; or its name ends in _ and one of these,
        starts with val_ or test_, or contains characters other than a-z, 0-9 and _.""",
        why="""The name of a metric determines its direction, its bounds, and whether it is computed for training
        examples. Metrics of an output end in the metric's name, and those of a part of the data start with the
        part's.""",
        bad="""
        training:
          epochs: 12
          metrics: [{kind: custom, target: "mine:weighted_accuracy"}]
        """,
        good="""
        training:
          epochs: 12
          metrics: [{kind: custom, target: "mine:weighted_accuracy", name: weighted_share}]
        """,
    ),
    Page(
        code="R640",
        title="an argument of a custom optimizer that is the recipe's",
        what="""The arguments of a custom optimizer include the learning rate, the weight decay or the momentum, or
        something that the recipe sets elsewhere: clipping, averaged weights, accumulation, loss scaling.""",
        why="""The schedule drives the first three through the keys of the optimizer; the others are part of the
        compiled step, for any optimizer. If they were written twice, one would override the other, and the plan would
        not show what trains.""",
        bad="""
        optimizer: {kind: custom, target: "mine:Lion", learning_rate: 0.001, arguments: {weight_decay: 0.1}}
        """,
        good="""
        optimizer: {kind: custom, target: "mine:Lion", learning_rate: 0.001, weight_decay: 0.1}
        """,
    ),
    Page(
        code="R641",
        title="a custom optimizer without a learning rate",
        what="The optimizer is custom code, and the recipe has neither its learning_rate nor a schedule.",
        why="""The optimizers of Keras have default learning rates that suit them. Nothing is known of custom code
        before it is imported, and the plan needs the learning rate of every step.""",
        bad="""
        optimizer: {kind: custom, target: "mine:Lion"}
        """,
        good="""
        optimizer: {kind: custom, target: "mine:Lion", learning_rate: 0.001}
        """,
    ),
    Page(
        code="R642",
        title="a momentum argument without momentum",
        what="A custom optimizer has the key momentum_argument, and no momentum.",
        why="""momentum_argument is the class's own name for the momentum that the schedule may drive. Without momentum
        nothing is driven.""",
        bad="""
        optimizer: {kind: custom, target: "mine:Lion", learning_rate: 0.001, momentum_argument: beta_1}
        """,
        good="""
        optimizer: {kind: custom, target: "mine:Lion", learning_rate: 0.001, momentum: 0.9, momentum_argument: beta_1}
        """,
    ),
]
