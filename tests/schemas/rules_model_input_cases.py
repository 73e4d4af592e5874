"""Cases of the rules on named inputs and on layers that are applied in several places."""

from typing import Any

from tests.schemas.rules_helpers import Case

IRIS = {"data": {"source": "builtin", "name": "iris"}}
LEFT, RIGHT = {"columns": ["sepal_length", "sepal_width"]}, {"columns": ["petal_length", "petal_width"]}
TABLE = {"data": {"source": "csv", "files": "t.csv", "target": "kind", "columns": {"id": {"type": "ignore"}}}}
A = {"kind": "dense", "units": 8, "name": "a", "inputs": ["left"]}
B = {"kind": "dense", "units": 8, "name": "b", "inputs": ["right"]}
AGAIN = {"kind": "shared", "layer": "a", "inputs": ["right"], "name": "again"}
JOIN = {"kind": "concatenate", "inputs": ["a", "b"]}


def _model(*layers: dict[str, Any], data: dict[str, Any] = IRIS, **inputs: Any) -> dict[str, Any]:
    named = {"left": LEFT, "right": RIGHT, **inputs}
    kept = {name: value for name, value in named.items() if value is not None}
    return {"model": {"kind": "functional", "inputs": kept, "layers": list(layers or (A, B, JOIN))}, **data}


def _columns(*columns: str) -> dict[str, Any]:
    return {"columns": list(columns)}


def _at(name: str, *keys: str | int) -> tuple[str | int, ...]:
    return ("model", "inputs", name, *keys)


PAIRS = {"data": {"source": "npz", "file": "pairs.npz", "inputs": "x", "target": "y"}}
DIGITS = {"data": {"source": "builtin", "name": "digits", "scale": "1/16"}}
FIRST, NINTH = {"index": 0}, {"index": 8}
CASES = [
    Case("R500", _at("left"), _model(left={}), _model(), received="neither"),
    Case("R500", _at("left"), _model(left=LEFT | {"index": 0}), _model(), received="columns and index"),
    Case("R500", _at("left"), _model(A | {"name": "left"}, B, JOIN | {"inputs": ["left", "b"]}), _model(),
         received="name of a layer"),
    Case("R500", _at("output"), _model(output=LEFT), _model(), received="the model's own output"),
    Case("R501", _at("left", "columns", 0), _model(left=_columns("sepal", "sepal_width")), _model(),
         received="no feature 'sepal'"),
    Case("R501", _at("left", "columns", 1), _model(left=_columns("sepal_width", "sepal_width")), _model(),
         received="named twice"),
    Case("R501", _at("left", "columns", 0), _model(data=TABLE, left=_columns("kind")),
         _model(data=TABLE, left=_columns("x", "y")), received="is what is predicted"),
    Case("R501", _at("left", "columns", 0), _model(data=TABLE, left=_columns("id")),
         _model(data=TABLE, left=_columns("x")), received="type ignore"),
    Case("R501", _at("left", "columns"), _model(data=PAIRS, right=FIRST), _model(data=PAIRS, left=FIRST, right=NINTH),
         received="data of npz"),
    Case("R502", _at("left", "index"), _model(data=TABLE, left=FIRST), _model(data=TABLE), received="row of a table"),
    Case("R502", _at("left", "index"), _model(left=FIRST), _model(), received="inputs are 4"),
    Case("R502", _at("right", "index"), _model(data=DIGITS, left=FIRST, right=NINTH),
         _model(data=PAIRS, left=FIRST, right=NINTH), received="below 8"),
    Case("R503", _at("right"), _model(A), _model(), received="no layer takes the input 'right'"),
    Case("R504", ("model", "layers", 1, "layer"), _model(A, AGAIN | {"layer": "c"}),
         _model(A, AGAIN, {"kind": "add", "inputs": ["a", "again"]}), received="called 'c'"),
    Case("R505", ("model", "layers", 1, "inputs"), _model(A, AGAIN | {"inputs": ["input"]}, B, JOIN),
         _model(A, AGAIN, B, JOIN), received="last axis of 2; received 4"),
    Case("R183", ("model", "layers", 1), _model(A, AGAIN, B, JOIN), _model(A, AGAIN, JOIN | {"inputs": ["again", "a"]}),
         "warning", "shared 'again'"),
    Case("R182", ("model", "layers", 1, "inputs"), _model(A, AGAIN | {"inputs": ["left", "right"]}),
         _model(A, AGAIN), received="dense takes one input; received 2"),
    Case("R395", ("groups", "slow", "layers", 0), _model(A, AGAIN) | {"groups": {"slow": {"layers": ["again"],
         "factor": 0.1}}}, _model(A, AGAIN) | {"groups": {"slow": {"layers": ["a"], "factor": 0.1}}}),
]  # fmt: skip
