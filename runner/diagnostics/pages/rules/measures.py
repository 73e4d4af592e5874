"""R130 to R136: what is watched and what is expected."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R130",
        title="a monitor that nobody computes",
        what="""A plateau, early_stopping or best names something other than loss, a metric of training.metrics, or one
        of these with val_ before it.""",
        why="What is never computed never improves, and the reaction to it would be meaningless.",
        bad="training: {epochs: 12, best: val_acc}",
        good="training: {epochs: 12, best: val_accuracy}",
    ),
    Page(
        code="R131",
        title="a val_ monitor without validation examples",
        what="Something watches a val_ figure, and the data, or its fallback, has no validation part.",
        why="The figure is computed on validation examples only.",
        bad="""
        data: {source: tfds, name: mnist, scale: 1/255}
        training: {epochs: 12, best: val_accuracy}
        """,
        good="""
        data:
          source: tfds
          name: mnist
          scale: 1/255
          splits: {train: "train[:90%]", validation: "train[90%:]"}
        training: {epochs: 12, best: val_accuracy}
        """,
    ),
    Page(
        code="R132",
        title="the wrong direction",
        what="mode says max for a loss or an error, or min for an accuracy.",
        why="The worst epoch would count as the best.",
        bad="training: {epochs: 12, early_stopping: {patience: 3, monitor: val_accuracy, mode: min}}",
        good="training: {epochs: 12, early_stopping: {patience: 3, monitor: val_accuracy}}",
    ),
    Page(
        code="R133",
        title="a metric named twice",
        what="training.metrics has the same name more than once.",
        why="A metric has one column in the table and one name in the record.",
        bad="training: {epochs: 12, metrics: [accuracy, accuracy]}",
        good="training: {epochs: 12, metrics: [accuracy]}",
    ),
    Page(
        code="R134",
        title="an expectation of something that nobody computes",
        what="""expect, of the recipe or of its fallback, names something other than loss, a metric of training.metrics,
        or one of these with val_ or test_ before it.""",
        why="The bound could be neither kept nor missed.",
        bad='expect: {test_acc: ">= 0.98"}',
        good='expect: {test_accuracy: ">= 0.98"}',
    ),
    Page(
        code="R135",
        title="an expectation of a part that the data does not have",
        what="""expect names a val_ or a test_ figure, and the data has no validation or no test part. The fallback's
        expectations go by the fallback's parts.""",
        why="The figure is computed on that part only.",
        bad="""
        data: {source: tfds, name: mnist, scale: 1/255}
        expect: {test_accuracy: ">= 0.98"}
        """,
        good="""
        data: {source: tfds, name: mnist, scale: 1/255, splits: {test: test}}
        expect: {test_accuracy: ">= 0.98"}
        """,
    ),
    Page(
        code="R136",
        title="an expectation that cannot hold",
        what="A bound asks for an accuracy outside 0 to 1, or for a negative loss or error.",
        why="Every run would miss it. Accuracies are shares, not percents.",
        bad='expect: {test_accuracy: ">= 98"}',
        good='expect: {test_accuracy: ">= 0.98"}',
    ),
]
