"""R400 to R406: windows over a time series, features of a dataset, and of records."""

from runner.diagnostics.codes import Page

_BAD = "data: {source: windows, files: load.csv, target: load, length: 24"

_RECORDS = "data: {source: tfrecord, files: a.tfrecord, features: {x: {dtype: float32}, y: {dtype: int64}}"

PAGES = [
    Page(
        code="R400",
        title="windows for a task other than regression",
        what="The data is windows over a time series, and `task` is not regression.",
        why="A series is predicted as numbers: the values that follow the window.",
        bad=f"task: classification\n{_BAD}}}",
        good=f"task: regression\n{_BAD}}}",
    ),
    Page(
        code="R401",
        title="a column of a series with two uses",
        what="An input is named twice, or the column of times is also an input or a target.",
        why="Times order the rows. A number that only rises is of no use as an input: later values were never seen.",
        bad=f"task: regression\n{_BAD}, time: when, inputs: [load, when]}}",
        good=f"task: regression\n{_BAD}, time: when, inputs: [load]}}",
    ),
    Page(
        code="R402",
        title="column options without effect",
        what="""`columns` has options for a column that is neither an input nor a target, or input options for a
        column that is only predicted.""",
        why="They would have no effect. Targets are predicted as stored.",
        bad=f"task: regression\n{_BAD}, inputs: [wind], columns: {{load: {{scale: minmax}}}}}}",
        good=f"task: regression\n{_BAD}, inputs: [wind], columns: {{wind: {{scale: minmax}}}}}}",
    ),
    Page(
        code="R403",
        title="gaps or a time format without a time column",
        what="`gaps` or `time_format` is given, and `time` is not.",
        why="Without times, rows follow one another in equal steps, and there are no gaps to be found.",
        bad=f"task: regression\n{_BAD}, gaps: split}}",
        good=f"task: regression\n{_BAD}, time: when, gaps: split}}",
    ),
    Page(
        code="R404",
        title="a feature of a dataset with two uses",
        what="A feature of tensorflow-datasets is named twice, or is both an input and the target.",
        why="A model that sees its own target learns only to copy it.",
        bad="data: {source: tfds, name: titanic, inputs: [age, survived], target: survived}",
        good="data: {source: tfds, name: titanic, inputs: [age, fare], target: survived}",
    ),
    Page(
        code="R405",
        title="a feature of records that is not declared, or has two uses",
        what="`inputs` or `target` names a feature that `features` lacks, or names one twice.",
        why="Records do not say how their values are to be read; the recipe does.",
        bad=f"{_RECORDS}, inputs: x, target: label}}",
        good=f"{_RECORDS}, inputs: x, target: y}}",
    ),
    Page(
        code="R406",
        title="a contradictory feature declaration",
        what="""Type, shape and encoding contradict each other, such as floats in a PNG file, or do not suit the use of
        the feature: a target must be one value or one row of values, text can only be a target, and an image must be
        the only input.""",
        why="The values could not be read as they are declared.",
        bad=f"{_RECORDS.replace('float32', 'float32, encoding: png')}, inputs: x, target: y}}",
        good=f"{_RECORDS.replace('float32', 'uint8, encoding: png, shape: [28, 28, 1]')}, inputs: x, target: y}}",
    ),
]
