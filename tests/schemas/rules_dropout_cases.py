"""Cases of the rules on dropout that acts on something else than what it is for."""

from typing import Any

from tests.schemas.rules_helpers import BASE, Case

FLAT = {"kind": "flatten"}
RELU = {"kind": "dense", "units": 8, "activation": "relu"}
SELU = RELU | {"activation": "selu", "kernel_initializer": "lecun_normal"}
ALPHA, DROP, PATH = ({"kind": kind, "rate": 0.2} for kind in ("alpha_dropout", "dropout", "drop_path"))
TABLE = {"kind": "embedding", "input_dim": 256, "output_dim": 4}
NORM = {"kind": "batch_normalization", "gamma_constraint": "non_neg"}


def model(*layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"model": {**BASE["model"], "layers": [FLAT, *layers], **keys}}


def graph(*layers: dict[str, Any]) -> dict[str, Any]:
    return model(*layers, kind="functional")


def at(*keys: str | int) -> tuple[str | int, ...]:
    return ("model", "layers", *keys)


BESIDE = {**RELU, "name": "a"}
CASES = [
    Case("R540", at(2, "kind"), model(RELU, ALPHA), model(SELU, ALPHA), "warning", "dense"),
    Case("R540", at(3, "kind"), model(RELU, FLAT, ALPHA), model(SELU, FLAT, ALPHA), "warning"),
    Case("R540", at(3, "kind"), model(SELU, RELU, ALPHA), model(ALPHA, SELU, ALPHA), "warning"),
    Case("R541", ("model", "input_dropout"), model(TABLE, FLAT, input_dropout=0.1), model(RELU, input_dropout=0.1)),
    Case("R541", at(1), model(DROP, TABLE, FLAT), model(TABLE, DROP, FLAT)),
    Case("R542", at(2, "kind"), model(RELU, PATH), model(RELU, PATH | {"rate": 0}), "warning"),
    Case(
        "R542",
        at(3, "kind"),
        graph(BESIDE, RELU, {**PATH, "name": "b"}, {"kind": "average", "inputs": ["a", "b"]}),
        graph(BESIDE, RELU, {**PATH, "name": "b"}, {"kind": "add", "inputs": ["a", "b"]}),
        "warning",
    ),
    Case("R543", at(2, "rate"), model(RELU | {"dropout": 0.2}, DROP), model(RELU, DROP), "warning", "one of 0.36"),
    Case("R543", at(0, "rate"), *({"model": {**BASE["model"], "layers": [DROP, FLAT], "input_dropout": rate}}
                                   for rate in (0.5, 0.0)), "warning", "0.6"),
    Case("R544", at(1, "gamma_constraint"), model(NORM | {"scale": False}), model(NORM), "warning", "no gamma"),
    Case(
        "R544",
        at(1, "bias_constraint"),
        model(RELU | {"use_bias": False, "bias_constraint": "non_neg"}),
        model(RELU | {"bias_constraint": "non_neg"}),
        "warning",
    ),
]  # fmt: skip
