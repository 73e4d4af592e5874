"""R140 to R145, R330 to R334: the task and its data, loss, metrics and output."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R140",
        title="a task that does not fit the data",
        what="""The task is classification and the sample is for regression, or vice versa. Of the built-in samples,
        diabetes is for regression and the others are for classification.""",
        why="The loss, the metrics and the output layer depend on whether targets are classes or quantities.",
        bad="data: {source: builtin, name: diabetes}",
        good="data: {source: builtin, name: wine}",
    ),
    Page(
        code="R141",
        title="a loss that does not fit the task",
        what="""A crossentropy or hinge loss in a regression, or an error, such as huber or poisson, in a
        classification. The message lists the losses for the task.""",
        why="A crossentropy compares class probabilities; an error compares numbers.",
        bad="training: {epochs: 12, loss: mean_squared_error}",
        good="training: {epochs: 12, loss: sparse_categorical_crossentropy}",
    ),
    Page(
        code="R142",
        title="an output that does not fit the loss",
        what="""Losses for two classes, such as binary_crossentropy, need one unit and sigmoid; those for any number of
        classes, such as sparse_categorical_crossentropy, need two or more units and softmax. Hinge losses need
        `logits: true`. A regression must not use softmax. One unit in a classification implies binary_crossentropy.""",
        why="""The loss interprets the output as probabilities. Softmax over one unit is always 1, and other activations
        do not produce probabilities.""",
        bad="""
        data: {source: builtin, name: breast_cancer}
        model: {output: {units: 1, activation: softmax}}
        """,
        good="""
        data: {source: builtin, name: breast_cancer}
        model: {output: {units: 1}}
        """,
    ),
    Page(
        code="R143",
        title="a metric that does not fit the task",
        what="""A metric for classes, such as accuracy or auc, in a regression, or one for numbers, such as r2, in a
        classification. The message lists the metrics for the task.""",
        why="Accuracy counts correct classes; an error measures the distance between two numbers.",
        bad="training: {epochs: 12, metrics: [mean_absolute_error]}",
        good="training: {epochs: 12, metrics: [accuracy]}",
    ),
    Page(
        code="R144",
        title="a top-k accuracy with k classes or fewer",
        what="training.metrics has, for example, top_5_accuracy, and there are fewer than six classes.",
        why="The right class is then always among the top k.",
        bad="""
        data: {source: builtin, name: iris}
        training: {epochs: 12, metrics: [top_5_accuracy]}
        """,
        good="""
        data: {source: builtin, name: iris}
        training: {epochs: 12, metrics: [accuracy]}
        """,
    ),
    Page(
        code="R145",
        title="output units that do not match the classes",
        what="""The output does not have one unit for each class of the data or of its fallback, or, in a regression,
        exactly one. For two classes, one unit with sigmoid also works.""",
        why="With too few units some classes cannot be predicted; with too many, some units represent no class.",
        bad="""
        data: {source: builtin, name: wine}
        model: {output: {units: 10}}
        """,
        good="data: {source: builtin, name: wine}",
    ),
    Page(
        code="R331",
        title="a metric of whole splits without a split to evaluate",
        what="""training.metrics has a metric that is not a mean over examples, such as f1, auc or r2, and the data has
        neither a validation nor a test part.""",
        why="""Such a metric is computed on a whole split with the same weights. Training examples are seen while
        the weights change, so it is computed for validation and test examples only.""",
        bad="""
        data: {source: tfds, name: mnist, scale: 1/255, splits: {train: train, validation: null, test: null}}
        training: {epochs: 12, metrics: [f1]}
        """,
        good="""
        data: {source: tfds, name: mnist, scale: 1/255, splits: {train: train, validation: null, test: test}}
        training: {epochs: 12, metrics: [f1]}
        """,
    ),
    Page(
        code="R332",
        title="a calibration error without probabilities",
        what="training.metrics has calibration_error, and the loss is a hinge loss.",
        why="The outputs of the model are then scores, not probabilities.",
        bad="""
        training: {epochs: 12, loss: categorical_hinge, metrics: [calibration_error]}
        model: {output: {logits: true}}
        """,
        good="""
        training: {epochs: 12, metrics: [calibration_error]}
        model: {output: {logits: true}}
        """,
    ),
    Page(
        code="R333",
        title="a threshold without a single output",
        what="""training.threshold is set, and the model of a classification has several output units, or the task is
        neither classification nor multi_label; or one of several outputs that is neither binary nor multi_label has a
        threshold.""",
        why="""A threshold applies to the probability of class 1, or of each label. With several classes, the largest
        output decides. Each of several outputs has its own threshold.""",
        bad="""
        data: {source: builtin, name: breast_cancer}
        training: {epochs: 12, threshold: f1}
        """,
        good="""
        data: {source: builtin, name: breast_cancer}
        training: {epochs: 12, threshold: f1}
        model: {output: {units: 1}}
        """,
    ),
    Page(
        code="R334",
        title="a threshold to be chosen without validation examples",
        what="""training.threshold, or that of an output, is f1 or balanced_accuracy, and the data has no validation
        part.""",
        why="""Chosen on the training examples it would fit those too well, and on the test examples it would make the
        test worthless.""",
        bad="""
        data: {source: builtin, name: breast_cancer, splits: {train: 80%, validation: 0%, test: 20%}}
        training: {epochs: 12, threshold: f1}
        model: {output: {units: 1}}
        """,
        good="""
        data: {source: builtin, name: breast_cancer, splits: {train: 80%, validation: 0%, test: 20%}}
        training: {epochs: 12, threshold: 0.3}
        model: {output: {units: 1}}
        """,
    ),
    Page(
        code="R330",
        title="a loss that needs positive outputs",
        what="The loss is poisson, and the output layer's activation also gives values below 0.",
        why="The loss takes the logarithm of the output, which for a negative output is not a number.",
        bad="""
        data: {source: builtin, name: diabetes}
        task: regression
        training: {epochs: 12, loss: poisson}
        """,
        good="""
        data: {source: builtin, name: diabetes}
        task: regression
        training: {epochs: 12, loss: poisson}
        model: {output: {activation: softplus}}
        """,
    ),
]
