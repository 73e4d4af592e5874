"""R001 to R009: from the bytes of a file to its values."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R001",
        title="the recipe cannot be read",
        what="The file does not exist, may not be read, or is a folder, a FIFO or a device.",
        why="A recipe is a regular file. Others could keep the reader waiting for ever, or never end.",
        bad="recipe run recipes/mnist.yml      # there is no such file",
        good="recipe run recipes/mnist_1cycle.yaml",
    ),
    Page(
        code="R002",
        title="the recipe is too large",
        what="""A recipe together with all that it extends has at most 256 KB, 10,000 keys and values, and lists and
        mappings that nest 32 deep.""",
        why="""Recipes come from strangers, and reading one must stay fast whatever it holds. The longest recipe that
        describes an experiment is far below these bounds.""",
        bad="layers: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        good="layers: [{kind: flatten}]",
    ),
    Page(
        code="R003",
        title="the recipe is not plain text",
        what="""The file is not UTF-8, or holds control characters or line breaks that only some programs see (NEL,
        LS, PS). A byte order mark and Windows line ends are fine.""",
        why="What an editor shows and what the reader reads must be the same text.",
        bad="name: mnist<U+0007>",
        good="name: mnist",
    ),
    Page(
        code="R004",
        title="the text is not YAML",
        what="The text cannot be read as YAML: an open bracket or quote, a tab as indentation, two keys on a line.",
        why="Nothing can be said about a recipe whose structure is not known.",
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
        title="a part of YAML that recipes do not use",
        what="The text has a tag, an anchor, an alias, a merge key or a directive.",
        why="""Tags can name program code, aliases can grow a small file beyond all memory, and a %YAML 1.1 line turns
        'no' into false. Recipes share values by 'extends', which says for each value where it came from.""",
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
        what="A line '---' begins a second document.",
        why="A file is one experiment, so that its name, its record and its fingerprint belong together.",
        bad="""
        recipe: 1
        ---
        recipe: 1
        """,
        good="recipe: 1",
    ),
    Page(
        code="R007",
        title="a key stands twice",
        what="A mapping has the same key twice.",
        why="Programs disagree on which of the values counts.",
        bad="training: {epochs: 10, epochs: 20}",
        good="training: {epochs: 20}",
    ),
    Page(
        code="R008",
        title="a key is not text",
        what="A key is a number, true, false, null, a list or a mapping.",
        why="All keys of the language are words.",
        bad="1: flatten",
        good="kind: flatten",
    ),
    Page(
        code="R009",
        title="a value that no recipe can hold",
        what="""A number is infinite, NaN, beyond a 64-bit float or has too many digits; or text has an escape for a
        control character or for half of a surrogate pair.""",
        why="Such values would change on the way into the run, or could not be shown or written back.",
        bad="max_lr: 1e400",
        good="max_lr: 1e-1",
    ),
]
