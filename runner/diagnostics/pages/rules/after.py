"""R470 to R472, R590, R591 and R764: what follows a training, what is expected of it, and who else gets its values."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R470",
        title="an evaluation without a test part",
        what="`after` lists `evaluate`, but the data has no test part.",
        why="The evaluation after training uses the test examples, which played no part in training or in any choice.",
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
        title="an export option without effect",
        what="`int8` with a format other than `litert`, or `allow_flips` without `check`.",
        why="Only LiteRT models are quantised, and flips are counted by the check.",
        bad="after: [{export: {to: onnx, allow_flips: 3}}]",
        good="after: [{export: {to: onnx, check: true, allow_flips: 3}}]",
    ),
    Page(
        code="R472",
        title="a step listed twice",
        what="`after` lists a step more than once.",
        why="The second one would only repeat the first.",
        bad="after: [report, evaluate, report]",
        good="after: [evaluate, report]",
    ),
    Page(
        code="R590",
        title="a bound on flips that a run does not count",
        what="`expect` bounds the decisions that an export may change, but no step of `after` checks such an export.",
        why="Training alone makes no export, so only `recipe export --check` would test the bound.",
        bad="""
        expect: {onnx_flips: "<= 0"}
        """,
        good="""
        expect: {onnx_flips: "<= 0"}
        after: [{export: {to: onnx, check: true}}]
        """,
    ),
    Page(
        code="R591",
        title="two bounds on the flips of an export",
        what="`expect` bounds the flips of an export that also has `allow_flips`.",
        why="One of the two would have no effect, and a reader could not tell which one.",
        bad="""
        expect: {onnx_flips: "<= 2"}
        after: [{export: {to: onnx, check: true, allow_flips: 5}}]
        """,
        good="""
        expect: {onnx_flips: "<= 2"}
        after: [{export: {to: onnx, check: true}}]
        """,
    ),
    Page(
        code="R764",
        title="a tracker listed twice",
        what="`tracking` lists a tracker more than once, with or without options.",
        why="It would receive every value twice, or its two entries would have different options.",
        bad="tracking: [mlflow, {mlflow: {every: 10 steps}}]",
        good="tracking: [tensorboard, {mlflow: {every: 10 steps}}]",
    ),
]
