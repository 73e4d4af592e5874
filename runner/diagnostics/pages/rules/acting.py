"""R242 to R249: numbers and parts that could not act as they are written."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R242",
        title="a number that float32 changes",
        what="""A number is infinite, 0, or the 1 that it must stay below, once it is a float32. Numbers that float32
        only rounds are fine.""",
        why="A run computes in float32, and would train with another number than the one that is written.",
        bad="optimizer: {kind: sgd, momentum: 0.99999999999}",
        good="optimizer: {kind: sgd, momentum: 0.999}",
    ),
    Page(
        code="R243",
        title="no class has a weight",
        what="class_weight gives every class the weight 0.",
        why="The loss is then 0 whatever the model says, and nothing is learned.",
        bad="""
        data: {source: builtin, name: breast_cancer}
        training: {class_weight: {"0": 0.0, "1": 0.0}}
        """,
        good="""
        data: {source: builtin, name: breast_cancer}
        training: {class_weight: {"0": 0.0, "1": 1.0}}
        """,
    ),
    Page(
        code="R244",
        title="fewer training examples than classes",
        what="""The training part has fewer examples than there are classes. A run also tells, once the data is read, of
        classes that no training example has.""",
        why="A class that is never seen is never predicted, and every example of it counts as wrong.",
        bad="data: {source: builtin, name: wine, batch_size: 1, splits: {train: 1%, validation: 50%, test: 40%}}",
        good="data: {source: builtin, name: wine, batch_size: 1, splits: {train: 10%, validation: 50%, test: 40%}}",
    ),
    Page(
        code="R245",
        title="batch normalisation of one example",
        what="""The model has batch_normalization, and a batch has a single example: the last one of an epoch, or a
        part that accumulate makes.""",
        why="""One example has no variance. Its normalised values are 0, its gradient is lost, and the running
        statistics take it in like a whole batch.""",
        bad="""
        data: {source: builtin, name: iris, batch_size: 7}
        model: {kind: sequential, layers: [{kind: dense, units: 9}, {kind: batch_normalization}]}
        """,
        good="""
        data: {source: builtin, name: iris, batch_size: 8}
        model: {kind: sequential, layers: [{kind: dense, units: 9}, {kind: batch_normalization}]}
        """,
    ),
    Page(
        code="R246",
        title="weight decay leaves out what is not there",
        what="""exclude_from_weight_decay names a layer that the model does not have, names nothing, or stands on an
        optimizer without weight decay.""",
        why="Nothing would be left out, or nothing decayed.",
        bad="optimizer: {kind: adamw, exclude_from_weight_decay: {layers: [head]}}",
        good="optimizer: {kind: adamw, exclude_from_weight_decay: {biases: true, layers: [output]}}",
    ),
    Page(
        code="R247",
        title="label smoothing that does not end within the run",
        what="off_after is 0, or not before the end of the run.",
        why="The smoothing never acts, or never ends; both have a shorter form.",
        bad="training: {epochs: 12, label_smoothing: {value: 0.1, off_after: 12 epochs}}",
        good="training: {epochs: 12, label_smoothing: {value: 0.1, off_after: 11 epochs}}",
    ),
    Page(
        code="R248",
        title="one bound of a slice in percent",
        what="A slice of a split has one bound in percent and one without a unit.",
        why="tensorflow-datasets reads both in percent, and so does recipe: `train[10:50%]` begins at 10 %.",
        bad='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[10:50%]"}}',
        good='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[10%:50%]"}}',
    ),
    Page(
        code="R249",
        title="more than the whole split",
        what="A slice of a split has a bound beyond 100 %.",
        why="tensorflow-datasets refuses it. A bound in examples is compared when the run is planned.",
        bad='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[:110%]"}}',
        good='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[:100%]"}}',
    ),
]
