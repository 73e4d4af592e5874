"""R020 to R029: ``extends`` and values from outside of the files."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R020",
        title="a base cannot be read",
        what="A file that 'extends' names does not exist or may not be read.",
        why="Without it the recipe is incomplete, so nothing is said about missing keys either.",
        bad="extends: bse.yaml",
        good="extends: base.yaml",
    ),
    Page(
        code="R021",
        title="a base outside of the recipe's folder",
        what="""'extends' names an address, an absolute path, a path that leaves the folder of the recipe that is run
        (also by a link), or a file that is no .yaml or .yml.""",
        why="""A recipe from a stranger must not read other files. 'recipe run --root FOLDER' allows a folder further
        up.""",
        bad="extends: ../../secrets.yaml",
        good="extends: shared/base.yaml",
    ),
    Page(
        code="R022",
        title="a circle of bases",
        what="A file extends itself, directly or by others, or a recipe extends more than 32 files.",
        why="The merge would never end.",
        bad="extends: this_file.yaml",
        good="extends: base.yaml",
    ),
    Page(
        code="R024",
        title="an override that cannot be read",
        what="""An argument of --set is not 'key.key=VALUE'. The first '=' divides, VALUE is YAML, null puts a key back
        to its default.""",
        why="An override says one path and one value.",
        bad="--set training.epochs",
        good="--set training.epochs=20",
    ),
    Page(
        code="R025",
        title="an override of something that does not exist",
        what="A path of --set names a key that the language does not know there, or an index beyond its list.",
        why="An override that changed nothing would look like one that did.",
        bad="--set training.epoch=20",
        good="--set training.epochs=20",
    ),
]
