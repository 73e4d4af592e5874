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
        title="outputs and the task do not go together",
        what="""The task is multi_output and the model has fewer than two outputs, or it has outputs and another task;
        or the data has no targets for several outputs; or output, training.loss or training.metrics is written
        beside them.""",
        why="""multi_output means that each of several targets has an output, a loss and metrics of its own. With
        another task the model has one output, which output, training.loss and training.metrics describe.""",
        bad=_GOOD.replace("task: multi_output", "task: regression"),
        good=_GOOD,
    ),
    Page(
        code="R511",
        title="an output without a target, or a target without an output",
        what="An output names no target of the data, two outputs name the same, or a target has no output.",
        why="""Every target has one output that predicts it. An output has the name of its target, or says `target`; for
        labels that is a list.""",
        bad=_GOOD.replace("origin: {task: classification", "country: {task: classification"),
        good=_GOOD.replace("origin: {task: classification", "country: {task: classification, target: origin"),
    ),
    Page(
        code="R512",
        title="a name that an output cannot have",
        what="""An output has the name of a layer or an input, or one with which its figures would have the names of
        others.""",
        why="""The figures of an output are called by its name: origin_loss, origin_accuracy. An output top_5 would have
        a top_5_accuracy, which is another metric.""",
        bad=_GOOD.replace("name: hidden", "name: mpg").replace("input: hidden", "input: mpg"),
        good=_GOOD,
    ),
    Page(
        code="R513",
        title="an output of an unknown layer",
        what="The input of an output names no layer and no input of the model, or the model is sequential.",
        why="An output takes the last layer, or in a functional model one by its name.",
        bad=_GOOD.replace("input: hidden", "input: hiden"),
        good=_GOOD,
    ),
    Page(
        code="R514",
        title="a loss that does not suit its output",
        what="""The loss of an output is not for its task, is custom code, or takes scores; or the activation does not
        give what the loss takes.""",
        why="""An output of a class has softmax with a unit for each class, one of two classes (binary) one unit with
        sigmoid, one of labels sigmoid with a unit for each, one of a number one unit. Hinge losses and custom losses
        are for models of one output.""",
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
        title="an option of classes on an output without them",
        what="""An output of a number or of labels has class_weight, one of a number label_smoothing, or label_smoothing
        stands beside a loss that is no crossentropy.""",
        why="""class_weight gives each class a weight in the loss of its output; label_smoothing spreads a share of the
        target over the other classes. A number has neither, and of labels an example has any number.""",
        bad=_GOOD.replace("input: hidden}", "input: hidden, class_weight: balanced}"),
        good=_GOOD.replace("loss_weight: 0.5", "class_weight: balanced, label_smoothing: 0.1"),
    ),
    Page(
        code="R626",
        title="several arrays or features of targets without several outputs",
        what="""npz data names a list of arrays as target, or tfrecord data a list of features, and the task is not
        multi_output; or a part names another number of arrays than the part that trains.""",
        why="""Each array or feature of a list is the target of an output. A regression of several numbers and labels
        have one array, of shape (n, k), or one feature of k values.""",
        bad=_GOOD.replace(_TABLE, _ARRAYS).replace(
            "[mpg, origin]", "[mpg, origin], validation: {inputs: v, target: w}"
        ),
        good=_GOOD.replace(_TABLE, _ARRAYS),
    ),
    Page(
        code="R725",
        title="labels that are one target, or another output that has several",
        what="""An output of a table with the task multi_label has a single target, or an output of another task has a
        list of them.""",
        why="""Of a table each label is a column of its own, and an output predicts two of them or more; one label is
        what `task: binary` is for. A class, or a number, is one target.""",
        bad=_GOOD.replace("origin: {task: classification", "origin: {task: multi_label"),
        good=_GOOD.replace("[mpg, origin]", "[mpg, diesel, automatic]").replace(
            "origin: {task: classification", "kind: {task: multi_label, target: [diesel, automatic]"
        ),
    ),
]
