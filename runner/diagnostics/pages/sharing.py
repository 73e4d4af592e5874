"""R020 to R029: ``extends``, and values from outside the file."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R020",
        title="a base that cannot be read",
        what="A file named by 'extends' does not exist or is not readable.",
        why="Without it the recipe is incomplete, so missing keys are not reported either.",
        bad="extends: bse.yaml",
        good="extends: base.yaml",
    ),
    Page(
        code="R021",
        title="a base outside the recipe's folder",
        what="""'extends' names a URL, an absolute path, a path that leaves the folder of the recipe (also through a
        link), or a file that is not .yaml or .yml.""",
        why="""A recipe from a stranger must not read other files. 'recipe run --root FOLDER' allows a folder further
        up.""",
        bad="extends: ../../secrets.yaml",
        good="extends: shared/base.yaml",
    ),
    Page(
        code="R022",
        title="circular bases",
        what="A file extends itself, directly or through others, or a recipe extends more than 32 files.",
        why="The merge would never end.",
        bad="extends: this_file.yaml",
        good="extends: base.yaml",
    ),
    Page(
        code="R024",
        title="an override that cannot be read",
        what="""An argument of --set does not have the form 'key.key=VALUE'. It is divided at the first '='; VALUE is
        YAML, and null resets a key to its default.""",
        why="An override consists of one path and one value.",
        bad="--set training.epochs",
        good="--set training.epochs=20",
    ),
    Page(
        code="R025",
        title="an override of something that does not exist",
        what="A path of --set names a key that the language does not define there, or an index beyond its list.",
        why="An override without effect would look like one that works.",
        bad="--set training.epoch=20",
        good="--set training.epochs=20",
    ),
]
