"""R470 to R472: what follows a training."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R470",
        title="an evaluation without a test part",
        what="`after` lists `evaluate`, but the data has no test part.",
        why="The evaluation that follows a training is of the test examples, which no step and no choice has seen.",
        bad="""
        data: {source: builtin, name: iris, splits: {train: 80%, validation: 20%, test: 0%}}
        after: [evaluate]
        """,
        good="""
        data: {source: builtin, name: iris}
        after: [evaluate]
        """,
    ),
    Page(
        code="R471",
        title="an option of an export that does nothing",
        what="`int8` of another format than `litert`, or `allow_flips` without `check`.",
        why="Only LiteRT models are quantised, and flips are counted by the check.",
        bad="after: [{export: {to: onnx, allow_flips: 3}}]",
        good="after: [{export: {to: onnx, check: true, allow_flips: 3}}]",
    ),
    Page(
        code="R472",
        title="a step listed twice",
        what="`after` lists a step more than once.",
        why="The second one would do the same again.",
        bad="after: [report, evaluate, report]",
        good="after: [evaluate, report]",
    ),
]
