"""R170 to R178: parts of the data, scale and batches."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R170",
        title="one part serves twice",
        what="The validation or the test part is the very part that trains.",
        why="A model is judged by examples that it has not seen. On those that trained it always looks good.",
        bad="data: {splits: {train: train, validation: train}}",
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:]"}}',
    ),
    Page(
        code="R171",
        title="parts overlap",
        what="""Validation or test shares examples with the part that trains. Slices compare when both count in
        examples, both in percent, or both from the end.""",
        why="What trained the model cannot judge it.",
        bad='data: {splits: {train: "train[:55000]", validation: "train[50000:]"}}',
        good='data: {splits: {train: "train[:50000]", validation: "train[50000:]"}}',
    ),
    Page(
        code="R172",
        title="an empty part",
        what="A slice ends where it begins, or before.",
        why="It holds no examples.",
        bad='data: {splits: {train: "train[:90%]", validation: "train[95%:90%]"}}',
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:95%]"}}',
    ),
    Page(
        code="R173",
        title="a share in another unit",
        what="A part of a built-in sample is given in epochs or steps.",
        why="Samples are divided by shares. Epochs and steps are lengths of training.",
        bad="data: {source: builtin, name: iris, splits: {train: 80 steps}}",
        good="data: {source: builtin, name: iris, splits: {train: 80%}}",
    ),
    Page(
        code="R174",
        title="shares that do not fit the sample",
        what="""The parts of a built-in sample add up to more than 100 %, or nothing is left to train. Parts that are
        left out are 80 %, 10 % and 10 %.""",
        why="The parts are taken from one sample and share no example.",
        bad="data: {source: builtin, name: iris, splits: {train: 90%}}",
        good="data: {source: builtin, name: iris, splits: {train: 90%, validation: 0%}}",
    ),
    Page(
        code="R175",
        title="validation taken from test data",
        what="""The validation part is, or may share examples with, the test part; or it is the split called test,
        and there is no test part. Slices of test that share no example are fine.""",
        why="""Validation chooses: the best epoch, when to stop, and which recipe you keep. Examples that chose a model
        make it look better than it is.""",
        bad="data: {splits: {train: train, validation: test, test: test}}",
        good='data: {splits: {train: "train[:90%]", validation: "train[90%:]", test: test}}',
    ),
    Page(
        code="R176",
        title="pixels without a scale",
        what="The data is a well-known set of images with values from 0 to 255 (digits: 16), and there is no scale.",
        why="""Initializers and learning rates are made for inputs of a size near one. Raw pixels make the first updates
        hundreds of times too large.""",
        bad="data: {source: builtin, name: mnist-5k}",
        good="data: {source: builtin, name: mnist-5k, scale: 1/255}",
    ),
    Page(
        code="R177",
        title="a batch larger than the training part",
        what="batch_size is more than the examples that train.",
        why="Every epoch is then a single step on all examples, and schedules have very few steps to act in.",
        bad="data: {source: builtin, name: iris, batch_size: 256}",
        good="data: {source: builtin, name: iris, batch_size: 16}",
    ),
    Page(
        code="R178",
        title="measurements scaled as pixels",
        what="""The fallback is a table of measurements without a scale, so that it takes over the main data's, which is
        small enough to be meant for pixels.""",
        why="Measurements divided by 255 are nearly zero, and the model learns next to nothing.",
        bad="data: {fallback: {source: builtin, name: wine}}",
        good="data: {fallback: {source: builtin, name: wine, scale: standard}}",
    ),
]
