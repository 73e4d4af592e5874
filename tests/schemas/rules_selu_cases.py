"""Cases of the rules on selu."""

from typing import Any

from tests.schemas.rules_helpers import BASE, Case

SELU = {"kind": "dense", "units": 8, "activation": "selu", "kernel_initializer": "lecun_normal"}
RELU = {**SELU, "activation": "relu"}


def model(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"model": {**BASE["model"], "layers": [{"kind": "flatten"}, *layers], **keys}}


def place(*keys: str | int) -> tuple[str | int, ...]:
    return ("model", "layers", *keys)


RATE = {"dropout": 0.2}
DROP, ALPHA = {"kind": "dropout", "rate": 0.2}, {"kind": "alpha_dropout", "rate": 0.2}
PARTS = {
    "model": {
        "kind": "functional",
        "inputs": {"left": {"columns": ["sepal_length"]}, "right": {"columns": ["sepal_width", "petal_width"]}},
        "layers": [
            {**DROP, "inputs": ["left"], "name": "dropped"},
            {**SELU, "inputs": ["dropped"], "name": "made"},
            {"kind": "concatenate", "inputs": ["made", "right"]},
        ],
    },
    "data": {"source": "builtin", "name": "iris"},
}
"""Inputs with names count down from that of the whole example."""
CASES = [
    Case("R445", place(2, "kind"), model(SELU, DROP), PARTS, severity="warning"),
    Case("R445", place(1, "dropout"), model(SELU | RATE), model(RELU | RATE), severity="warning"),
    Case("R445", place(2, "kind"), model(SELU, DROP), model(SELU, ALPHA), severity="warning"),
    Case("R445", place(1, "dropout"), model(SELU | RATE, dropout="auto"), model(SELU, dropout="auto"), "warning"),
    Case(
        "R446",
        place(1, "kernel_initializer"),
        model(SELU | {"kernel_initializer": "he_normal"}),
        model(SELU),
        received="he_normal",
        severity="warning",
    ),
]
