"""R350 to R369: weights of examples, and what is predicted of them."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R350",
        title="a weight column with a second use",
        what="""The column or array of `weight` is the target, the inputs, or the column that divides the rows; or it
        has options of an input.""",
        why="A weight says how much an example counts in the loss; it is not an input, and is read as stored.",
        bad="data: {source: csv, files: t.csv, target: y, weight: y}",
        good="data: {source: csv, files: t.csv, target: y, weight: w}",
    ),
    Page(
        code="R351",
        title="several targets of a classification",
        what="`target` is a list of columns, and the task is classification.",
        why="""In a classification each example has one class. If it may have several labels at once, each column says
        whether one of them applies: `task: multi_label`. Several numbers are a regression.""",
        bad="data: {source: csv, files: t.csv, target: [rain, snow]}",
        good="""
        task: multi_label
        data: {source: csv, files: t.csv, target: [rain, snow]}
        """,
    ),
    Page(
        code="R352",
        title="a target that is named twice",
        what="A column appears twice in the list of targets.",
        why="It would be predicted twice, and count twice in the loss.",
        bad="""
        task: regression
        data: {source: csv, files: t.csv, target: [height, height]}
        """,
        good="""
        task: regression
        data: {source: csv, files: t.csv, target: [height, width]}
        """,
    ),
    Page(
        code="R353",
        title="multi_label with a single target",
        what="""The task is multi_label, and `target` is one column, or the data comes from a source that has one
        target for each example.""",
        why="""Labels are read from two columns or more of a table, or of the CSV file that lists images or texts,
        or from an array of shape (examples, labels).""",
        bad="""
        task: multi_label
        data: {source: csv, files: t.csv, target: rain}
        """,
        good="""
        task: multi_label
        data: {source: csv, files: t.csv, target: [rain, snow]}
        """,
    ),
]
