"""R400 to R404: windows over a time series, and features of a dataset."""

from runner.diagnostics.codes import Page

_BAD = "data: {source: windows, files: load.csv, target: load, length: 24"

PAGES = [
    Page(
        code="R400",
        title="windows of a task that is no regression",
        what="The data is windows over a time series, and `task` is not regression.",
        why="What is predicted of a series is numbers: the values that follow the window.",
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
        title="options of a column that do not act",
        what="""`columns` says something of a column that is neither an input nor a target, or something for inputs of a
        column that is predicted and not seen.""",
        why="It would never act. Targets are predicted as they are.",
        bad=f"task: regression\n{_BAD}, inputs: [wind], columns: {{load: {{scale: minmax}}}}}}",
        good=f"task: regression\n{_BAD}, inputs: [wind], columns: {{wind: {{scale: minmax}}}}}}",
    ),
    Page(
        code="R403",
        title="gaps or a form of times without a column of times",
        what="`gaps` or `time_format` is given, and `time` is not.",
        why="Without times, rows follow one another in equal steps, and there are no gaps to be found.",
        bad=f"task: regression\n{_BAD}, gaps: split}}",
        good=f"task: regression\n{_BAD}, time: when, gaps: split}}",
    ),
    Page(
        code="R404",
        title="a feature of a dataset with two uses",
        what="A feature of tensorflow-datasets is named twice, or is an input and the target.",
        why="A model that sees what it is to predict learns nothing else.",
        bad="data: {source: tfds, name: titanic, inputs: [age, survived], target: survived}",
        good="data: {source: tfds, name: titanic, inputs: [age, fare], target: survived}",
    ),
]
