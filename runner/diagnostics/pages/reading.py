"""R001 to R009: from the bytes of a file to its values."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R001",
        title="the recipe cannot be read",
        what="The file does not exist, is not readable, or is a folder, a FIFO or a device.",
        why="A recipe is a regular file. Reading anything else could block forever or never end.",
        bad="recipe run recipes/mnist.yml      # there is no such file",
        good="recipe run recipes/mnist_1cycle.yaml",
    ),
    Page(
        code="R002",
        title="the recipe is too large",
        what="""A recipe, together with all the files it extends, may have at most 256 KB, 10,000 keys and values, and
        32 levels of nested lists and mappings.""",
        why="""Recipes may come from strangers, and reading one must be fast whatever it contains. Even the longest real
        recipe is far below these limits.""",
        bad="layers: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        good="layers: [{kind: flatten}]",
    ),
    Page(
        code="R003",
        title="the recipe is not plain text",
        what="""The file is not UTF-8, or contains control characters or line breaks that only some programs recognise
        (NEL, LS, PS). A byte order mark and Windows line endings are fine.""",
        why="The text that an editor shows must be the text that the program reads.",
        bad="name: mnist<U+0007>",
        good="name: mnist",
    ),
    Page(
        code="R004",
        title="the text is not YAML",
        what="The text is not valid YAML: an unclosed bracket or quote, a tab as indentation, two keys on one line.",
        why="Without its structure the recipe cannot be checked any further.",
        bad="""
        optimizer: {kind: sgd, nesterov: true
        description: MNIST: a first try
        """,
        good="""
        optimizer: {kind: sgd, nesterov: true}
        description: "MNIST: a first try"
        """,
    ),
    Page(
        code="R005",
        title="a YAML feature that recipes do not allow",
        what="The text contains a tag, an anchor, an alias, a merge key or a directive.",
        why="""Tags can name program code, aliases can expand a small file beyond any memory, and a %YAML 1.1 line turns
        'no' into false. Recipes share values through 'extends', which records where each value came from.""",
        bad="""
        defaults: &sgd {kind: sgd}
        optimizer: {<<: *sgd, nesterov: true}
        """,
        good="""
        extends: sgd.yaml
        optimizer: {nesterov: true}
        """,
    ),
    Page(
        code="R006",
        title="several documents in one file",
        what="A line '---' starts a second document.",
        why="A file describes one experiment, so that its name, its record and its fingerprint belong together.",
        bad="""
        recipe: 1
        ---
        recipe: 1
        """,
        good="recipe: 1",
    ),
    Page(
        code="R007",
        title="a duplicate key",
        what="A mapping has the same key twice.",
        why="Programs disagree about which of the values counts.",
        bad="training: {epochs: 10, epochs: 20}",
        good="training: {epochs: 20}",
    ),
    Page(
        code="R008",
        title="a key that is not text",
        what="A key is a number, true, false, null, a list or a mapping.",
        why="All keys of the language are words.",
        bad="1: flatten",
        good="kind: flatten",
    ),
    Page(
        code="R009",
        title="a value that a recipe cannot hold",
        what="""A number is infinite, NaN, outside the range of a 64-bit float, or has too many digits; or a text has an
        escape for a control character or half of a surrogate pair.""",
        why="Such values would be changed on the way into the run, or could not be shown or written back.",
        bad="max_lr: 1e400",
        good="max_lr: 1e-1",
    ),
]
