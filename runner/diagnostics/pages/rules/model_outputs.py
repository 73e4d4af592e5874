"""R510 to R515, R625, R626 and R725: several outputs."""

from runner.diagnostics.codes import Page

_TABLE = "source: csv, files: cars.csv"
_ARRAYS = "source: npz, file: cars.npz, inputs: x"
_GOOD = """
        task: multi_output
        data: {source: csv, files: cars.csv, target: [mpg, origin]}
        model:
          kind: functional
          layers:
            - {kind: dense, units: 16, activation: relu, name: hidden}
          outputs:
            mpg: {task: regression, input: hidden}
            origin: {task: classification, loss_weight: 0.5}
        """

PAGES = [
    Page(
        code="R510",
        title="outputs that do not match the task",
        what="""The task is multi_output and the model has fewer than two outputs; the model has outputs and another
        task; the data has no targets for several outputs; or the recipe also has output, training.loss or
        training.metrics.""",
        why="""multi_output means that each of several targets has an output, a loss and metrics of its own. With
        another task the model has one output, which output, training.loss and training.metrics describe.""",
        bad=_GOOD.replace("task: multi_output", "task: regression"),
        good=_GOOD,
    ),
    Page(
        code="R511",
        title="an output without a target, or a target without an output",
        what="An output names no target of the data, two outputs name the same, or a target has no output.",
        why="""Every target is predicted by one output. An output has the name of its target, or names it with `target`;
        for labels that is a list.""",
        bad=_GOOD.replace("origin: {task: classification", "country: {task: classification"),
        good=_GOOD.replace("origin: {task: classification", "country: {task: classification, target: origin"),
    ),
    Page(
        code="R512",
        title="a name that an output cannot have",
        what="An output has the name of a layer or an input, or a name whose metrics would collide with others.",
        why="""The metrics of an output begin with its name: origin_loss, origin_accuracy. An output top_5 would have
        the metric top_5_accuracy, which means something else.""",
        bad=_GOOD.replace("name: hidden", "name: mpg").replace("input: hidden", "input: mpg"),
        good=_GOOD,
    ),
    Page(
        code="R513",
        title="an output of an unknown layer",
        what="The input of an output is neither a layer nor an input of the model, or the model is sequential.",
        why="An output takes the last layer or, in a functional model, the layer that it names.",
        bad=_GOOD.replace("input: hidden", "input: hiden"),
        good=_GOOD,
    ),
    Page(
        code="R514",
        title="a loss that does not suit its output",
        what="""The loss of an output is not for its task, is custom code, or expects scores; or the activation does not
        produce what the loss expects.""",
        why="""A classification output has softmax and one unit per class, a binary output sigmoid and one unit, a
        multi_label output sigmoid and one unit per label, a regression output one unit. Hinge losses and custom losses
        are for models with one output.""",
        bad=_GOOD.replace("input: hidden}", "input: hidden, loss: sparse_categorical_crossentropy}"),
        good=_GOOD.replace("input: hidden}", "input: hidden, loss: huber}"),
    ),
    Page(
        code="R515",
        title="a metric that does not suit its output",
        what="A metric of an output is not for its task, or is listed twice.",
        why="Accuracy counts correct classes; an error measures the distance between two numbers.",
        bad=_GOOD.replace("loss_weight: 0.5", "metrics: [r2]"),
        good=_GOOD.replace("loss_weight: 0.5", "metrics: [f1_macro]"),
    ),
    Page(
        code="R625",
        title="a class option on an output without classes",
        what="""A regression or multi_label output has class_weight, a regression output has label_smoothing, or
        label_smoothing is used with a loss that is not a crossentropy.""",
        why="""class_weight weights each class in the loss of its output; label_smoothing moves a fraction of the target
        to the other classes. A number has no classes, and an example may have any number of labels.""",
        bad=_GOOD.replace("input: hidden}", "input: hidden, class_weight: balanced}"),
        good=_GOOD.replace("loss_weight: 0.5", "class_weight: balanced, label_smoothing: 0.1"),
    ),
    Page(
        code="R626",
        title="a list of targets without several outputs",
        what="""npz data names a list of arrays as target, or tfrecord data a list of features, and the task is not
        multi_output; or a part names a different number of arrays than the training part.""",
        why="""Each array or feature in the list is the target of one output. Labels, or the numbers of one regression,
        are in one array of shape (n, k), or in one feature with k values.""",
        bad=_GOOD.replace(_TABLE, _ARRAYS).replace(
            "[mpg, origin]", "[mpg, origin], validation: {inputs: v, target: w}"
        ),
        good=_GOOD.replace(_TABLE, _ARRAYS),
    ),
    Page(
        code="R725",
        title="labels and outputs that do not match",
        what="""A multi_label output of a table has a single target, or an output with another task has a list of
        targets.""",
        why="""In a table each label is a column, and a multi_label output predicts at least two; for one label use
        `task: binary`. A class, or a number, is a single target.""",
        bad=_GOOD.replace("origin: {task: classification", "origin: {task: multi_label"),
        good=_GOOD.replace("[mpg, origin]", "[mpg, diesel, automatic]").replace(
            "origin: {task: classification", "kind: {task: multi_label, target: [diesel, automatic]"
        ),
    ),
]
