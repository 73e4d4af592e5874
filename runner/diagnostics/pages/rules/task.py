"""R140 to R145: the task against data, loss, metrics and output."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R140",
        title="the task does not fit the data",
        what="""The task is classification and the sample is for regression, or the reverse. Of the built-in samples
        diabetes is for regression, the others for classification.""",
        why="Classes are names, and numbers are quantities: loss, metrics and output layer follow from which is meant.",
        bad="data: {source: builtin, name: diabetes}",
        good="data: {source: builtin, name: wine}",
    ),
    Page(
        code="R141",
        title="the loss does not fit the task",
        what="""A classification has sparse_categorical_crossentropy or binary_crossentropy; a regression has
        mean_squared_error, mean_absolute_error or huber.""",
        why="A crossentropy compares probabilities of classes, an error compares numbers.",
        bad="training: {epochs: 12, loss: mean_squared_error}",
        good="training: {epochs: 12, loss: sparse_categorical_crossentropy}",
    ),
    Page(
        code="R142",
        title="the output does not fit the loss",
        what="""binary_crossentropy takes one unit and sigmoid; sparse_categorical_crossentropy takes two units or more
        and softmax; a regression does not take softmax. One unit in a classification means binary_crossentropy.""",
        why="""The loss reads the output as probabilities. Softmax over one unit is always 1, and other activations give
        no probabilities at all.""",
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
        title="a metric does not fit the task",
        what="""A classification has accuracy and top_5_accuracy; a regression has mean_absolute_error and
        mean_squared_error.""",
        why="Accuracy counts right classes, and an error measures the distance between two numbers.",
        bad="training: {epochs: 12, metrics: [mean_absolute_error]}",
        good="training: {epochs: 12, metrics: [accuracy]}",
    ),
    Page(
        code="R144",
        title="top_5_accuracy with five classes or fewer",
        what="training.metrics has top_5_accuracy, and there are not six classes.",
        why="The right class is then always among the first five.",
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
        title="output units do not fit the classes",
        what="""The output has not one unit for each class of the data, or of its fallback; or not exactly one in a
        regression. Two classes may also have one unit with sigmoid.""",
        why="Too few units have no place for some classes; too many stand for classes that do not exist.",
        bad="""
        data: {source: builtin, name: wine}
        model: {output: {units: 10}}
        """,
        good="data: {source: builtin, name: wine}",
    ),
]
