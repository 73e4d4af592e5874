"""R291 to R296, R410 to R419, R691: columns and splits of a table."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R291",
        title="a constant without a value, or a value without use",
        what="A column has `missing: constant` and no `value`, or a `value` without `missing: constant`.",
        why="The recipe must say what replaces a missing value.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {age: {missing: constant}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {age: {missing: constant, value: 0}}}",
    ),
    Page(
        code="R292",
        title="quantiles in the wrong order",
        what="The two shares of `clip` are equal, or the first is the larger one.",
        why="Every value would become the same.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {age: {clip: [0.99, 0.01]}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {age: {clip: [0.01, 0.99]}}}",
    ),
    Page(
        code="R293",
        title="an option that does not suit the column's type",
        what="""A column of words has a scale, or one of numbers a minimum frequency; or a column that is not an input
        (ignore, a date without
        `parts` and `cyclic`, a text without `output`) has an option for inputs; or an image has another scale than
        `none`.""",
        why="It would have no effect.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {town: {type: category, scale: standard}}}",
        good="data: {source: csv, files: t.csv, target: y, columns: {town: {type: category, at_least: 10}}}",
    ),
    Page(
        code="R294",
        title="a target that is treated as an input",
        what="""The target has options for inputs, or a type that its task does not predict; or it also divides the
        rows.""",
        why="A target is read as it is: as classes in a classification, as a number in a regression.",
        bad="data: {source: csv, files: t.csv, target: y, columns: {y: {scale: standard}}}",
        good="data: {source: csv, files: t.csv, target: y}",
    ),
    Page(
        code="R295",
        title="splits without their column",
        what="""`by: time`, `group`, `id` or `column` without a `column`, or for images or texts that no CSV file lists;
        or a key that the way of dividing does not use.""",
        why="The recipe does not say what divides the rows.",
        bad="data: {source: csv, files: t.csv, target: y, splits: {by: time}}",
        good="data: {source: csv, files: t.csv, target: y, splits: {by: time, column: date}}",
    ),
    Page(
        code="R296",
        title="a value assigned to two parts",
        what="The same value of the dividing column is assigned to two parts.",
        why="Its rows would both train the model and judge it.",
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
        title="a date input whose format is not made of numbers",
        what="""The column has `parts` or `cyclic`, and its `format` has names of months, a clock of 12 hours, literal
        digits, a number twice, or no year, month or day.""",
        why="""The saved model takes dates as they stand in the file and parses them itself, with Keras operations that
        can only find digits.""",
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
    Page(
        code="R691",
        title="one mark for decimals and thousands",
        what="`decimal` and `thousands` are the same character; the default of `decimal` is the point.",
        why="In 1.234 the point would mark both decimals and thousands.",
        bad="data: {source: csv, files: t.csv, target: y, thousands: '.'}",
        good="data: {source: csv, files: t.csv, target: y, decimal: ',', thousands: '.'}",
    ),
]
