"""R010 to R019: keys and values against the language."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R010",
        title="a key is missing",
        what="A mapping lacks a key that has no default.",
        why="The experiment is not described without it.",
        bad="{kind: dense, activation: relu}",
        good="{kind: dense, units: 300, activation: relu}",
    ),
    Page(
        code="R011",
        title="an unknown word",
        what="A key takes one of some words, such as a kind, an activation or a loss, and the value is another.",
        why="""Kinds are a closed list, named as Keras names them in snake case. The message lists them, and says
        which one was probably meant.""",
        bad="schedule: {kind: OneCycle, max_lr: 0.1}",
        good="schedule: {kind: 1cycle, max_lr: 0.1}",
    ),
    Page(
        code="R012",
        title="an unknown key",
        what="A mapping has a key that the language does not know there.",
        why="A misspelt key that were passed over would silently train something else.",
        bad="{kind: dense, units: 300, droput: 0.3}",
        good="{kind: dense, units: 300, dropout: 0.3}",
    ),
    Page(
        code="R013",
        title="a value of the wrong type",
        what="A value is text, a number, true or false, a list, a mapping or nothing where another is expected.",
        why="""Values are taken as they are written and never converted: 10.0 is no whole number, 'yes' is text, and a
        key without a value is null.""",
        bad="training: {epochs: 10.0}",
        good="training: {epochs: 10}",
    ),
    Page(
        code="R014",
        title="a value out of bounds",
        what="A number, or the length of a list or a text, is beyond what the key takes.",
        why="The bounds are those outside of which the quantity has no meaning, such as a dropout rate of 1.",
        bad="{kind: dropout, rate: 1.5}",
        good="{kind: dropout, rate: 0.5}",
    ),
    Page(
        code="R015",
        title="a number written as text",
        what="A number stands in quotes, or has underscores between its digits.",
        why="In quotes it is text. Taking it for a number would hide mistakes such as a quoted ratio in a list.",
        bad='training: {epochs: "10"}',
        good="training: {epochs: 10}",
    ),
    Page(
        code="R016",
        title="a quantity that cannot be read",
        what="""A duration has no unit, a ratio no denominator, or an expectation no comparison. Durations are written
        '45%' (of the run), '3 epochs' or '500 steps'.""",
        why="A bare number could mean any of these units.",
        bad="""
        decay_every: 10
        expect: {test_accuracy: 0.98}
        """,
        good="""
        decay_every: 10 epochs
        expect: {test_accuracy: ">= 0.98"}
        """,
    ),
    Page(
        code="R017",
        title="a name that is not allowed",
        what="A run, a dataset, a split, a metric or a layer has a name of another form than the message says.",
        why="""Names become folders, arguments and column titles. A dataset's name with a slash could set directories
        whose metadata holds code.""",
        bad="name: ../mnist run",
        good="name: mnist_run",
    ),
    Page(
        code="R018",
        title="an unknown version of the language",
        what="The key 'recipe' names a version that this program does not know.",
        why="Keys may mean something else there. A newer program reads older recipes.",
        bad="recipe: 7",
        good="recipe: 1",
    ),
    Page(
        code="R019",
        title="not a recipe",
        what="The file is empty, or its outermost value is not a mapping.",
        why="A recipe is a mapping of keys to values.",
        bad="- {kind: dense, units: 300}",
        good="""
        recipe: 1
        name: mnist
        """,
    ),
]
