"""Cases of the rules on layers and shapes."""

from typing import Any

from tests.schemas.rules_helpers import Case

CONV = {"kind": "conv2d", "filters": 8, "kernel_size": 3}
DENSE = {"kind": "dense", "units": 100}
FLAT = {"kind": "flatten"}
NORM = {"kind": "batch_normalization"}
POOL = {"kind": "max_pooling2d"}
GAP = {"kind": "global_average_pooling2d"}


def _layers(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"model": {"layers": list(layers), **keys}}


def _digits(*layers: dict[str, Any]) -> dict[str, Any]:
    return _layers(*layers) | {"data": {"source": "builtin", "name": "digits", "scale": "1/16"}}


def _at(k: int, *keys: str) -> tuple[str | int, ...]:
    return ("model", "layers", k, *keys)


CASES = [
    Case(
        "R150",
        _at(2, "name"),
        _layers(FLAT, DENSE | {"name": "a"}, DENSE | {"name": "a"}),
        _layers(FLAT, DENSE | {"name": "a"}, DENSE | {"name": "b"}, DENSE, DENSE),
        received="layers 1 and 2",
    ),
    Case(
        "R151",
        _at(0, "name"),
        _layers(FLAT | {"name": "output"}),
        _layers(FLAT | {"name": "output_0"}),
        received="output",
    ),
    Case("R151", _at(0, "name"), _layers(FLAT | {"name": "input"}), _layers(FLAT)),
    Case(
        "R152",
        _at(1),
        _layers(FLAT, DENSE | {"activation": "softmax"}),
        _layers(FLAT, DENSE | {"activation": "softmax"}, DENSE),
        received="100 units, softmax",
    ),
    Case(
        "R152",
        _at(1),
        _layers(FLAT, DENSE | {"units": 1}),
        _layers(FLAT, DENSE | {"units": 2}),
        received="1 unit, linear",
    ),
    Case(
        "R152",
        _at(2),
        _layers(FLAT, DENSE, {"kind": "activation", "activation": "softmax"}),
        _layers(FLAT, DENSE, {"kind": "activation", "activation": "relu"}),
    ),
    Case(
        "R153",
        _at(0, "dilation_rate"),
        _layers(CONV | {"strides": [1, 2], "dilation_rate": 2}, FLAT),
        _layers(CONV | {"strides": 1, "dilation_rate": 2}, FLAT),
        received="[1, 2] and 2",
    ),
    Case(
        "R154",
        _at(1, "groups"),
        _layers(CONV, CONV | {"groups": 3}, FLAT),
        _layers(CONV, CONV | {"groups": 4}, FLAT),
        received="3 groups and 8 filters",
    ),
    Case(
        "R154",
        _at(0, "groups"),
        _digits(CONV | {"groups": 2}, FLAT),
        _digits(CONV | {"groups": 1}, FLAT),
        received="1 channels",
    ),
    # shapes
    Case(
        "R155",
        _at(0, "kernel_size"),
        _digits(CONV | {"kernel_size": 9}, FLAT),
        _digits(CONV | {"kernel_size": 8}, FLAT),
        received="9 x 9, and the input is 8 x 8",
    ),
    Case(
        "R155",
        _at(0, "kernel_size"),
        _digits(CONV | {"dilation_rate": 4}, FLAT),
        _digits(CONV | {"dilation_rate": 3}, FLAT),
    ),
    Case(
        "R155",
        _at(0, "kernel_size"),
        _digits(CONV | {"kernel_size": [9, 1]}, FLAT),
        _digits(CONV | {"kernel_size": 9, "padding": "same"}, FLAT),
    ),
    Case("R155", _at(3), _digits(POOL, POOL, POOL, POOL, FLAT), _digits(POOL, POOL, POOL, FLAT)),
    Case(
        "R155",
        _at(2, "pool_size"),
        _digits(CONV | {"strides": 2}, POOL, POOL | {"pool_size": 2}, FLAT),
        _digits({"kind": "zero_padding2d"}, CONV | {"strides": 2}, POOL, POOL | {"pool_size": 2}, FLAT),
    ),
    Case("R156", _at(1), _layers(FLAT, CONV), _layers(CONV, FLAT), received="conv2d"),
    Case(
        "R156",
        _at(0),
        _layers(CONV, FLAT) | {"data": {"source": "builtin", "name": "wine"}},
        _layers({"kind": "reshape", "target_shape": [13, 1, 1]}, CONV | {"padding": "same"}, FLAT)
        | {"data": {"source": "builtin", "name": "wine"}},
    ),
    Case(
        "R156",
        _at(0),
        _layers(CONV, FLAT) | {"data": {"fallback": {"source": "builtin", "name": "wine", "scale": 1.0}}},
        _layers(CONV, FLAT) | {"data": {"fallback": {"source": "builtin", "name": "digits"}}},
        received="wine",
    ),
    Case("R157", _at(1), _layers(CONV, DENSE), _layers(CONV, GAP, DENSE)),
    Case("R157", ("model", "layers"), _digits(), _digits(FLAT), received="8 x 8 x 1"),
    Case(
        "R158",
        _at(0, "target_shape"),
        _digits({"kind": "reshape", "target_shape": [8, 4]}, FLAT),
        _digits({"kind": "reshape", "target_shape": [16, 4]}, FLAT),
        received="which has 32, and the input has 64",
    ),
    # habits
    Case(
        "R159",
        _at(1, "dropout"),
        _layers(FLAT, DENSE | {"dropout": 0.3}, NORM),
        _layers(FLAT, DENSE, NORM, DENSE | {"dropout": 0.3}),
        "warning",
    ),
    Case(
        "R159",
        _at(1),
        _layers(FLAT, {"kind": "dropout", "rate": 0.3}, NORM),
        _layers(FLAT, {"kind": "dropout", "rate": 0}, NORM),
        "warning",
    ),
    Case(
        "R159",
        ("model", "dropout"),
        _layers(FLAT, DENSE, NORM, DENSE, NORM, dropout="auto"),
        _layers(FLAT, DENSE | {"dropout": 0.0}, NORM, DENSE, dropout="auto"),
        "warning",
    ),
    Case(
        "R159",
        ("model", "input_dropout"),
        _layers(NORM, FLAT, input_dropout=0.1),
        _layers(FLAT, NORM, input_dropout=0.1),
        "warning",
    ),
    Case(
        "R160",
        _at(1, "momentum"),
        _layers(FLAT, NORM | {"momentum": 0.1}),
        _layers(FLAT, NORM | {"momentum": 0.5}),
        "warning",
        "0.1",
    ),
    Case(
        "R160",
        _at(1, "momentum"),
        _layers(FLAT, NORM | {"momentum": 1}),
        _layers(FLAT, NORM | {"momentum": 0.999}),
        "warning",
    ),
    Case(
        "R161",
        ("model", "dropout"),
        _layers(FLAT, DENSE | {"dropout": 0.1}, dropout="auto"),
        _layers(FLAT, DENSE, dropout="auto"),
        "warning",
    ),
    Case(
        "R161",
        ("model", "dropout", "low"),
        _layers(FLAT, DENSE, dropout={"low": 0.6}),
        _layers(FLAT, DENSE, dropout={"low": 0.5}),
        "warning",
        "low 0.6 and high 0.5",
    ),
]
