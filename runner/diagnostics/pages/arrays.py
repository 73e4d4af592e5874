"""R319, R692: files of a person's own, once they are looked at."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R319",
        title="files that are left out",
        what="""The data is read with on_error: skip, and some files cannot be decoded. They are counted, and the first
        of them are named.""",
        why="There are fewer examples than files.",
        bad="data: {source: images, folder: photos, on_error: skip}",
        good="data: {source: images, folder: photos}",
    ),
    Page(
        code="R692",
        title="numbers or dates that are read as words",
        what="""The first values of a CSV column are all numbers in another notation than a decimal point, numbers with
        a unit or a currency, mostly numbers with a placeholder such as - between them, or dates in another form than
        ISO 8601. They are read as words.""",
        why="As categories, numbers lose their order; and a column with mostly distinct values is no input at all.",
        bad="data: {source: csv, files: sales.csv, target: y}",
        good="""
        data: {source: csv, files: sales.csv, target: y, decimal: ",", thousands: ".",
               columns: {sold: {format: "%d.%m.%Y", parts: [year, month]}}}
        """,
    ),
]
