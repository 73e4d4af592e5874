"""Cases of the rules on windows over a time series."""

from typing import Any

from tests.schemas.rules_helpers import Case


def _windows(**keys: Any) -> dict[str, Any]:
    data = {"source": "windows", "files": "t.csv", "target": "y", "length": 24, **keys}
    return {"task": "regression", "data": data}


def _seen(name: str, **options: Any) -> dict[str, Any]:
    return _windows(inputs=["x"], columns={name: options})


def _first(layer: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return _windows(**keys) | {"model": {"kind": "sequential", "layers": [layer, {"kind": "flatten"}]}}


def _features(inputs: Any, target: Any) -> dict[str, Any]:
    return {"data": {"source": "tfds", "name": "mnist", "inputs": inputs, "target": target, "scale": "1/255"}}


D = ("data",)
CONVOLUTION = {"kind": "conv1d", "filters": 2, "kernel_size": 5}
CASES = [
    Case("R400", ("task",), _windows() | {"task": "classification"}, _windows(), received="classification"),
    Case("R401", (*D, "inputs", 1), _windows(inputs=["a", "a"]), _windows(inputs=["a", "b"])),
    Case("R401", (*D, "time"), _windows(time="y"), _windows(time="t"), received="a target"),
    Case("R401", (*D, "time"), _windows(time="t", inputs=["t"]), _windows(time="t", inputs=["y"])),
    Case("R402", (*D, "columns", "z"), _seen("z", scale="none"), _seen("x", scale="none")),
    Case("R402", (*D, "columns", "y", "scale"), _seen("y", scale="none"), _windows(columns={"y": {"scale": "none"}})),
    Case("R402", (*D, "columns", "y", "missing"), _seen("y", missing="mean"), _seen("y", missing="drop")),
    Case("R403", (*D, "gaps"), _windows(gaps="split"), _windows(gaps="split", time="t")),
    Case("R403", (*D, "time_format"), _windows(time_format="%d.%m.%Y"), _windows(time_format="%d.%m.%Y", time="t")),
    Case("R291", (*D, "columns", "x", "missing"), _seen("x", missing="constant"),
         _seen("x", missing="constant", value=0.0)),
    Case("R292", (*D, "columns", "x", "clip"), _seen("x", clip=[0.9, 0.1]), _seen("x", clip=[0.1, 0.9])),
    Case("R352", (*D, "target", 1), _windows(target=["y", "y"]), _windows(target=["y", "z"])),
    Case("R173", (*D, "splits", "test"), _windows(splits={"test": "3 epochs"}), _windows(splits={"test": "5%"})),
    Case("R174", (*D, "splits", "test"), _windows(splits={"train": "80%", "test": "30%"}),
         _windows(splits={"train": "70%", "test": "20%"})),
    Case("R145", ("model", "output", "units"), _windows(horizon=3) | {"model": {"output": {"units": 1}}},
         _windows(horizon=3) | {"model": {"output": {"units": 3}}}),
    Case("R155", ("model", "layers", 0, "kernel_size"), _first(CONVOLUTION, length=4, inputs=["a"]),
         _first(CONVOLUTION, length=5, inputs=["a"])),
    Case("R404", (*D, "target"), _features("a", "a"), _features("a", "b"), received="'a' is an input"),
    Case("R404", (*D, "inputs", 1), _features(["a", "a"], "b"), _features(["a", "c"], "b"), received="named twice"),
    Case("R404", (*D, "target", 0), _features(["a"], ["a", "b"]), _features(["a"], ["c", "b"])),
    Case("R393", ("repeat", "folds"), _windows() | {"repeat": {"folds": 3}}, _windows() | {"repeat": {"seeds": 3}}),
]  # fmt: skip
