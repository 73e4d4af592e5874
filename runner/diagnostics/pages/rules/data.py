"""R170 to R178: splits of the data, scale and batches."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R170",
        title="one part used twice",
        what="The validation or test part is the training part.",
        why="A model must be judged on examples it has not seen. On its training examples it always looks good.",
        bad="data: {splits: {train: train, validation: train}}",
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:]"}}',
    ),
    Page(
        code="R171",
        title="overlapping parts",
        what="""The validation or test part shares examples with the training part. Two slices can be compared if both
        count in examples, both in percent, or both from the end.""",
        why="Examples that trained the model cannot judge it.",
        bad='data: {splits: {train: "train[:55000]", validation: "train[50000:]"}}',
        good='data: {splits: {train: "train[:50000]", validation: "train[50000:]"}}',
    ),
    Page(
        code="R172",
        title="an empty part",
        what="A slice ends at or before its start.",
        why="It contains no examples.",
        bad='data: {splits: {train: "train[:90%]", validation: "train[95%:90%]"}}',
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:95%]"}}',
    ),
    Page(
        code="R173",
        title="a share in another unit",
        what="A part of a built-in sample is given in epochs or steps.",
        why="Samples are split by shares. Epochs and steps measure training.",
        bad="data: {source: builtin, name: iris, splits: {train: 80 steps}}",
        good="data: {source: builtin, name: iris, splits: {train: 80%}}",
    ),
    Page(
        code="R174",
        title="shares that do not add up",
        what="""The parts of a built-in sample add up to more than 100 %, or nothing is left for training. The defaults
        are 80 %, 10 % and 10 %.""",
        why="The parts come from one sample and share no examples.",
        bad="data: {source: builtin, name: iris, splits: {train: 90%}}",
        good="data: {source: builtin, name: iris, splits: {train: 90%, validation: 0%}}",
    ),
    Page(
        code="R175",
        title="validation taken from test data",
        what="""The validation part is the test part or may share examples with it; or it is the split named test, and
        there is no test part. Slices of test that share no examples are fine.""",
        why="""Validation makes choices: the best epoch, when to stop, and which recipe you keep. A model looks better
        than it is on the examples by which it was chosen.""",
        bad="data: {splits: {train: train, validation: test, test: test}}",
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:]", test: test}}',
    ),
    Page(
        code="R176",
        title="pixels without a scale",
        what="The data is a well-known set of images with values from 0 to 255 (digits: 16), and there is no scale.",
        why="""Initializers and learning rates are designed for inputs of magnitude one. Raw pixels make the first
        updates hundreds of times too large.""",
        bad="data: {source: builtin, name: mnist-5k}",
        good="data: {source: builtin, name: mnist-5k, scale: 1/255}",
    ),
    Page(
        code="R177",
        title="a batch larger than the training part",
        what="batch_size is larger than the number of training examples.",
        why="Every epoch is then a single step on all examples, which leaves a schedule very few steps.",
        bad="data: {source: builtin, name: iris, batch_size: 256}",
        good="data: {source: builtin, name: iris, batch_size: 16}",
    ),
    Page(
        code="R178",
        title="measurements scaled like pixels",
        what="""The fallback is a table of measurements without a scale of its own, so it inherits that of the main
        data, which is small enough to be meant for pixels.""",
        why="Divided by 255, measurements are nearly zero, and the model learns next to nothing.",
        bad="data: {fallback: {source: builtin, name: wine}}",
        good="data: {fallback: {source: builtin, name: wine, scale: standard}}",
    ),
]
