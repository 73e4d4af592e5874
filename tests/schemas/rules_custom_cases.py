"""Custom code that a recipe names."""

from typing import Any

from tests.schemas.rules_helpers import Case


def _metric(**keys: Any) -> dict[str, Any]:
    return {"training": {"metrics": ["accuracy", {"kind": "custom", "target": "mine:score", **keys}]}}


def _own(**keys: Any) -> dict[str, Any]:
    return {"optimizer": {"kind": "custom", "target": "mine:Lion", "learning_rate": 0.1, **keys}}


_ONE = ("training", "metrics", 1)
_CURVE = {"kind": "constant", "learning_rate": 0.1}
CASES = [
    Case("R185", (*_ONE, "target"), _metric(), {"training": {"metrics": ["accuracy"]}}, "warning", "call score"),
    Case("R185", ("callbacks", 0, "target"), {"callbacks": [{"target": "mine:Prune"}]}, {}, "warning", "call Prune"),
    Case("R185", ("optimizer", "target"), _own(), {}, "warning", "call Lion"),
    Case("R640", ("optimizer", "arguments", "weight_decay"), _own(arguments={"weight_decay": 0.1}),
         _own(weight_decay=0.1), received="the recipe's optimizer.weight_decay"),
    Case("R640", ("optimizer", "arguments", "clipnorm"), _own(arguments={"clipnorm": 1.0}),
         _own(arguments={"norm": 1.0}), received="the recipe's training.clip.norm"),
    Case("R640", ("optimizer", "arguments", "b"), _own(momentum=0.9, momentum_argument="b", arguments={"b": 0.9}),
         _own(arguments={"b": 0.9}), received="the recipe's optimizer.momentum"),
    Case("R641", ("optimizer",), _own(learning_rate=None), _own(), received="mine:Lion needs a learning rate"),
    Case("R642", ("optimizer", "momentum_argument"), _own(momentum_argument="b"),
         _own(momentum_argument="b", momentum=0.9), received="names b"),
    Case("R101", ("schedule", "momentum"), _own(learning_rate=None) | {"schedule": _CURVE | {"momentum": 0.9}},
         _own(learning_rate=None, momentum=0.5) | {"schedule": _CURVE | {"momentum": 0.9}},
         received="mine:Lion has none"),
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
