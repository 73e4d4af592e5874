"""R130 to R136: monitors and expectations."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R130",
        title="a monitor that is not computed",
        what="""A plateau, early_stopping or best names something other than loss, a metric of training.metrics, or one
        of these with the prefix val_. Metrics of whole splits, such as f1, auc and r2, have one of the prefixes: they
        are not computed for training examples.""",
        why="A value that is never computed never improves, so reacting to it is meaningless.",
        bad="training: {epochs: 12, best: val_acc}",
        good="training: {epochs: 12, best: val_accuracy}",
    ),
    Page(
        code="R131",
        title="a val_ monitor without validation examples",
        what="A monitor starts with val_, and the data or its fallback has no validation part.",
        why="The value is computed only on validation examples.",
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
        title="a mode in the wrong direction",
        what="mode is max for a loss or an error, or min for an accuracy, auc, r2 or the like.",
        why="The worst epoch would count as the best.",
        bad="training: {epochs: 12, early_stopping: {patience: 3, monitor: val_accuracy, mode: min}}",
        good="training: {epochs: 12, early_stopping: {patience: 3, monitor: val_accuracy}}",
    ),
    Page(
        code="R133",
        title="a metric named twice",
        what="training.metrics lists the same name more than once.",
        why="Each metric has one column in the table and one name in the record.",
        bad="training: {epochs: 12, metrics: [accuracy, accuracy]}",
        good="training: {epochs: 12, metrics: [accuracy]}",
    ),
    Page(
        code="R134",
        title="an expectation of something that is not computed",
        what="""expect, in the recipe or its fallback, names something other than loss, a metric of training.metrics, or
        one of these with the prefix val_ or test_.""",
        why="The bound could be neither met nor missed.",
        bad='expect: {test_acc: ">= 0.98"}',
        good='expect: {test_accuracy: ">= 0.98"}',
    ),
    Page(
        code="R135",
        title="an expectation about a missing part",
        what="""expect names a val_ or test_ value, and the data has no validation or test part. The expectations of a
        fallback apply to the parts of the fallback.""",
        why="The value is computed only on that part.",
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
        what="A bound asks for an accuracy outside 0 to 1, for a negative loss or error, or for r2 above 1.",
        why="Every run would miss it. Accuracies are fractions, not percentages.",
        bad='expect: {test_accuracy: ">= 98"}',
        good='expect: {test_accuracy: ">= 0.98"}',
    ),
]
