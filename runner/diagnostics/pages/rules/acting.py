"""R242 to R249: numbers and parts that cannot act as written."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R242",
        title="a number that does not survive float32",
        what="""As a float32 the number becomes infinite, 0, or the 1 that it must stay below. Numbers that are only
        rounded are fine.""",
        why="Runs compute in float32, so the run would train with a different number from the one in the recipe.",
        bad="optimizer: {kind: sgd, momentum: 0.99999999999}",
        good="optimizer: {kind: sgd, momentum: 0.999}",
    ),
    Page(
        code="R243",
        title="no class has a weight",
        what="class_weight gives every class a weight of 0.",
        why="The loss is then 0 whatever the model predicts, and nothing is learned.",
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
        what="""The training part has fewer examples than there are classes. Once the data is read, a run also reports
        classes without any training example.""",
        why="A class that is never seen is never predicted, so every example of it is classified wrongly.",
        bad="data: {source: builtin, name: wine, batch_size: 1, splits: {train: 1%, validation: 50%, test: 40%}}",
        good="data: {source: builtin, name: wine, batch_size: 1, splits: {train: 10%, validation: 50%, test: 40%}}",
    ),
    Page(
        code="R245",
        title="batch normalization of a single example",
        what="""The model has batch_normalization, and some batch has a single example: the last one of an epoch, or a
        micro-batch made by accumulate.""",
        why="""A single example has no variance. Its normalized values are 0, its gradient vanishes, and the moving
        statistics count it like a whole batch.""",
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
        title="an exclusion from weight decay without effect",
        what="""exclude_from_weight_decay names a layer that the model does not have, names nothing, or belongs to an
        optimizer without weight decay.""",
        why="Nothing would be excluded, or nothing decays in the first place.",
        bad="optimizer: {kind: adamw, exclude_from_weight_decay: {layers: [head]}}",
        good="optimizer: {kind: adamw, exclude_from_weight_decay: {biases: true, layers: [output]}}",
    ),
    Page(
        code="R247",
        title="label smoothing that does not end within the run",
        what="off_after is 0, or not before the end of the run.",
        why="The smoothing would never act or never end; there is a shorter way to write either.",
        bad="training: {epochs: 12, label_smoothing: {value: 0.1, off_after: 12 epochs}}",
        good="training: {epochs: 12, label_smoothing: {value: 0.1, off_after: 11 epochs}}",
    ),
    Page(
        code="R248",
        title="one bound of a slice in percent",
        what="A slice of a split has one bound in percent and one without a unit.",
        why="tensorflow-datasets reads both bounds in percent, and so does recipe: `train[10:50%]` starts at 10 %.",
        bad='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[10:50%]"}}',
        good='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[10%:50%]"}}',
    ),
    Page(
        code="R249",
        title="more than the whole split",
        what="A slice of a split has a bound beyond 100 %.",
        why="tensorflow-datasets rejects it. A bound in examples is checked when the run is planned.",
        bad='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[:110%]"}}',
        good='data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[:100%]"}}',
    ),
]
