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


X1 = {"dtype": "float32"}


def _records(**keys: Any) -> dict[str, Any]:
    features = {"x": X1, "v": X1, "y": {"dtype": "int64"}}
    data = {"source": "tfrecord", "files": "a.tfrecord", "features": features, "inputs": "x", "target": "y", **keys}
    return {"data": data}


def _declared(inputs: Any = "x", **feature: Any) -> dict[str, Any]:
    return _records(features={"x": feature, "v": X1, "y": {"dtype": "int64"}}, inputs=inputs)


X = ("data", "features", "x")
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
    Case("R405", (*D, "target"), _records(target="z"), _records(), received="'z' is not declared"),
    Case("R405", (*D, "target"), _records(inputs="y"), _records(inputs="x"), received="named twice"),
    Case("R405", (*D, "inputs", 1), _records(inputs=["x", "z"]), _records(inputs=["x"])),
    Case("R406", (*X, "dtype"), _declared(dtype="float32", encoding="png", shape=[2, 2, 1]),
         _declared(dtype="uint16", encoding="png", shape=[2, 2, 1])),
    Case("R406", (*X, "shape"), _declared(dtype="uint8", encoding="jpeg", shape=[2, 2, 4]),
         _declared(dtype="uint8", encoding="jpeg", shape=[2, 2, 3])),
    Case("R406", (*X, "dtype"), _declared(dtype="text"), _declared(dtype="int64"), received="text is for targets"),
    Case("R406", (*D, "features", "y", "shape"), _records(features={"x": X1, "y": {"dtype": "text", "shape": [2]}}),
         _records(features={"x": X1, "y": {"dtype": "text"}})),
    Case("R406", (*D, "features", "y", "shape"), _records(features={"x": X1, "y": {"dtype": "int64", "shape": [2, 2]}}),
         _records(features={"x": X1, "y": {"dtype": "int64"}})),
    Case("R406", (*X, "encoding"), _declared(["x", "v"], dtype="uint8", encoding="png", shape=[2, 2, 1]),
         _declared(["x"], dtype="uint8", encoding="png", shape=[2, 2, 1])),
    Case("R393", ("repeat", "folds"), _windows() | {"repeat": {"folds": 3}}, _windows() | {"repeat": {"seeds": 3}}),
]  # fmt: skip
