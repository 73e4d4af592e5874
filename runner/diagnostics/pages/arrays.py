"""R319: images and texts of a person's own, once they are looked at."""

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
]
