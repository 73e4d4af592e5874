"""R010 to R019: keys and values that the language does not allow."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R010",
        title="a missing key",
        what="A mapping lacks a required key.",
        why="Without it the description of the experiment is incomplete.",
        bad="{kind: dense, activation: relu}",
        good="{kind: dense, units: 300, activation: relu}",
    ),
    Page(
        code="R011",
        title="an unknown word",
        what="A key accepts one of a few words, such as a kind, an activation or a loss, and the value is another one.",
        why="""Kinds are a closed list, with Keras' names in snake case. The message lists them and suggests the one you
        probably meant.""",
        bad="schedule: {kind: OneCycle, max_lr: 0.1}",
        good="schedule: {kind: 1cycle, max_lr: 0.1}",
    ),
    Page(
        code="R320",
        title="a layer that is not part of the language",
        what="The layer exists in Keras, but recipes cannot use it; the message says why.",
        why="""Recipes come from strangers: no layer runs code or opens files that a recipe names. Others prepare data
        or augment images, for which data has keys, or are parts of other layers.""",
        bad="{kind: lambda}",
        good="{kind: activation, activation: relu}",
    ),
    Page(
        code="R012",
        title="an unknown key",
        what="A mapping has a key that the language does not define there.",
        why="Ignoring a misspelt key would silently train something else.",
        bad="{kind: dense, units: 300, droput: 0.3}",
        good="{kind: dense, units: 300, dropout: 0.3}",
    ),
    Page(
        code="R013",
        title="a value of the wrong type",
        what="A value is text, a number, true or false, a list, a mapping or nothing where another type is expected.",
        why="""Values are used as written and never converted: 10.0 is not an integer, 'yes' is text, and a key without
        a value is null.""",
        bad="training: {epochs: 10.0}",
        good="training: {epochs: 10}",
    ),
    Page(
        code="R014",
        title="a value out of bounds",
        what="A number, or the length of a list or a text, is outside the bounds of the key.",
        why="Outside these bounds the quantity has no meaning, such as a dropout rate of 1.",
        bad="{kind: dropout, rate: 1.5}",
        good="{kind: dropout, rate: 0.5}",
    ),
    Page(
        code="R015",
        title="a number written as text",
        what="A number is in quotes, or has underscores between its digits.",
        why="In quotes it is text. Reading it as a number would hide mistakes such as a quoted ratio in a list.",
        bad='training: {epochs: "10"}',
        good="training: {epochs: 10}",
    ),
    Page(
        code="R016",
        title="a quantity that cannot be read",
        what="""A duration lacks its unit, a share of the data its '%', a ratio its denominator, or an expectation its
        comparison. Write durations as '45%' (of the run), '3 epochs' or '500 steps', and shares as '80%'.""",
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
        what="The name of a run, dataset, split, metric or layer does not have the form that the message describes.",
        why="""Names become folders, arguments and column titles. A slash in the name of a dataset could select a
        directory whose metadata contains code.""",
        bad="name: ../mnist run",
        good="name: mnist_run",
    ),
    Page(
        code="R018",
        title="an unknown version of the language",
        what="The key 'recipe' has a version that this program does not know.",
        why="Keys may mean something else in it. A newer program reads older recipes.",
        bad="recipe: 7",
        good="recipe: 1",
    ),
    Page(
        code="R019",
        title="not a recipe",
        what="The file is empty, or its top-level value is not a mapping.",
        why="A recipe is a mapping of keys to values.",
        bad="- {kind: dense, units: 300}",
        good="""
        recipe: 1
        name: mnist
        """,
    ),
]
