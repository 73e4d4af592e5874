"""R390 to R393, R690: several runs of one recipe, and folds."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R390",
        title="repeat without seeds or folds",
        what="`repeat` has neither `seeds` nor `folds`, or both.",
        why="""The runs of a repeated recipe differ in one thing, so that the spread of their results shows its
        effect.""",
        bad="""
        data: {source: builtin, name: iris}
        repeat: {seeds: 5, folds: 5}
        """,
        good="repeat: {seeds: 5}",
    ),
    Page(
        code="R391",
        title="a seed listed twice",
        what="`repeat.seeds` lists a seed more than once.",
        why="Two runs with the same seed give the same bits; counting both makes the spread look smaller than it is.",
        bad="repeat: {seeds: [1, 2, 1]}",
        good="repeat: {seeds: [1, 2, 3]}",
    ),
    Page(
        code="R392",
        title="a fold that does not exist",
        what="`splits.fold` names a fold with a number above the number of folds, or there is only one fold.",
        why="Five folds are numbered 1/5 to 5/5. With a single fold there would be nothing to train on.",
        bad="data: {source: builtin, name: iris, splits: {fold: 6/5}}",
        good="data: {source: builtin, name: iris, splits: {fold: 5/5}}",
    ),
    Page(
        code="R393",
        title="data without folds",
        what="The recipe asks for folds of data whose parts are fixed or divided in order.",
        why="""Folds need examples that are divided by share or by group. A split of tensorflow-datasets, a
        validation folder, or a division by time, id or column states which examples validate.""",
        bad="""
        data: {source: tfds, name: mnist, scale: 1/255, splits: {train: "train[:80%]", validation: "train[80%:]"}}
        repeat: {folds: 5}
        """,
        good="""
        data: {source: builtin, name: mnist-5k, scale: 1/255}
        repeat: {folds: 5}
        """,
    ),
    Page(
        code="R690",
        title="one fold beside all of them",
        what="`repeat.folds` trains every fold, and `data.splits.fold` names one.",
        why="""Each run of the repeat has its own fold, so the one in `data.splits` would have no effect. Leave out
        `repeat` to train a single fold.""",
        bad="""
        data: {source: builtin, name: iris, splits: {fold: "2/5"}}
        repeat: {folds: 5}
        """,
        good="""
        data: {source: builtin, name: iris}
        repeat: {folds: 5}
        """,
    ),
]
