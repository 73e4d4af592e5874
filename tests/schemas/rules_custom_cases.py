"""Custom code that a recipe names."""

from typing import Any

from tests.schemas.rules_helpers import Case


def _metric(**keys: Any) -> dict[str, Any]:
    return {"training": {"metrics": ["accuracy", {"kind": "custom", "target": "mine:score", **keys}]}}


_ONE = ("training", "metrics", 1)
CASES = [
    Case("R185", (*_ONE, "target"), _metric(), {"training": {"metrics": ["accuracy"]}}, "warning", "call score"),
    Case("R185", ("callbacks", 0, "target"), {"callbacks": [{"target": "mine:Prune"}]}, {}, "warning", "call Prune"),
    Case("R615", (*_ONE, "name"), _metric(name="f1"), _metric(name="f2"), received="must not be 'f1'"),
    Case("R615", (*_ONE, "name"), _metric(name="top_7_accuracy"), _metric(name="top_7"), received="'top_7_accuracy'"),
    Case("R615", (*_ONE, "target"), _metric(target="mine:MyAUC"), _metric(name="area"), received="end in '_auc'"),
    Case("R615", (*_ONE, "name"), _metric(name="my_loss"), _metric(name="my_error"), received="end in '_loss'"),
    Case("R615", (*_ONE, "name"), _metric(name="val_gain"), _metric(name="gain"), received="begin with 'val_'"),
    Case("R615", (*_ONE, "target"), _metric(target="mine:_"), _metric(target="mine:_Gain"), received="received ''"),
    Case("R133", _ONE, {"training": {"metrics": [_m := {"kind": "custom", "target": "mine:a"}, _m]}},
         {"training": {"metrics": [_m, _m | {"name": "b"}]}}),
    Case("R130", ("training", "best"), over := {"training": {"metrics": [_m], "best": "a"}},
         {"training": over["training"] | {"best": "val_a"}}),
]  # fmt: skip
