"""R291 to R296, R410 to R419: columns and splits of a table."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R291",
        title="a constant without a value, or a value without use",
        what="A column has `missing: constant` and no `value`, or a `value` without `missing: constant`.",
        why="A missing value becomes something only if the recipe says what.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {age: {missing: constant}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {age: {missing: constant, value: 0}}}",
    ),
    Page(
        code="R292",
        title="quantiles that do not rise",
        what="The two shares of `clip` are equal, or the first is the larger one.",
        why="Every value would become the same.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {age: {clip: [0.99, 0.01]}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {age: {clip: [0.01, 0.99]}}}",
    ),
    Page(
        code="R293",
        title="an option that does not suit the column's type",
        what="""Words have a scale, or numbers a least frequency; or a column that is no input (ignore, a date without
        `parts` and `cyclic`, a text without `output`) has an option of inputs.""",
        why="It would never act.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {town: {type: category, scale: standard}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {town: {type: category, at_least: 10}}}",
    ),
    Page(
        code="R294",
        title="a target that is treated as an input",
        what="""The target has options of inputs, or a type that its task does not predict; or it divides the rows
        as well.""",
        why="A target is read as it is: as classes in a classification, as a number in a regression.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {y: {scale: standard}}}",
        good="data: {source: csv, files: t.csv, target: y}",
    ),
    Page(
        code="R295",
        title="splits without their column",
        what="""`by: time`, `group`, `id` or `column` without a `column`; or a key that the way of dividing does not
        use.""",
        why="It would not be known what divides the rows.",
        bad="data: {source: csv, files: t.csv, target: y, splits: {by: time}}",
        good="data: {source: csv, files: t.csv, target: y, splits: {by: time, column: date}}",
    ),
    Page(
        code="R296",
        title="a word that stands for two parts",
        what="The same word of the column that divides is written for two parts.",
        why="Its rows would train and judge.",
        bad="""
        data: {source: csv, files: t.csv, target: y,
               splits: {by: column, column: part, words: {train: [a, b], test: [b]}}}
        """,
        good="""
        data: {source: csv, files: t.csv, target: y,
               splits: {by: column, column: part, words: {train: [a], test: [b]}}}
        """,
    ),
    Page(
        code="R410",
        title="a date that is an input, in a format that is not of numbers",
        what="""The column has `parts` or `cyclic`, and its `format` has names of months, a clock of 12 hours, literal
        digits, a number twice, or no year, month or day.""",
        why="""The saved model takes dates as they stand in the file and reads them by itself: with Keras' operations,
        which find the digits.""",
        bad="""
        data: {source: csv, files: t.csv, target: y, columns: {day: {format: "%d %b %Y", parts: [month]}}}
        """,
        good="""
        data: {source: csv, files: t.csv, target: y, columns: {day: {format: "%d.%m.%Y", parts: [month]}}}
        """,
    ),
    Page(
        code="R411",
        title="a part of a date that is named twice",
        what="`parts` or `cyclic` of a column has the same part twice.",
        why="The model would receive the same number twice.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {day: {parts: [month, month]}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {day: {parts: [year, month]}}}",
    ),
]
