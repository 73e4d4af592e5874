"""R290 and after: a person's own files as data."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R290",
        title="data outside of the recipe's folder",
        what="""A path of the data is an address, or leads out of the folder of the recipe, directly or by a link, and
        the folder that it leads to was not allowed with --root.""",
        why="""A recipe may come from anybody. What it reads lies beside it, or in a folder that the person who runs it
        has named.""",
        bad="data: {source: csv, files: ../../secret/people.csv, target: age}",
        good="data: {source: csv, files: people.csv, target: age}",
    ),
]
