"""Cases of the rules on a factor of dropout rates."""

from typing import Any

from tests.schemas.rules_helpers import BASE, Case

FLAT, DENSE = {"kind": "flatten"}, {"kind": "dense", "units": 8}
DROPPING = DENSE | {"dropout": 0.4}
FACTOR = ("model", "dropout_factor")


def model(row: dict[str, Any], *layers: dict[str, Any], **keys: Any) -> dict[str, Any]:
    factor = {"phases": [{"duration": "100%", **row}]}
    return {"model": {**BASE["model"], "layers": [FLAT, *layers], "dropout_factor": factor, **keys}}


def way(first: float, last: float, **keys: Any) -> dict[str, Any]:
    return {"factor": {"from": first, "to": last}, **keys}


def at_row(key: str) -> tuple[str | int, ...]:
    return (*FACTOR, "phases", 0, key)


AUTO = {"dropout": "auto"}
STEPS = {"kind": "reshape", "target_shape": [28, 28]}
LSTM = {"kind": "lstm", "units": 4}
CASES = [
    Case("R447", at_row("factor"), model(way(0, 2.5), DROPPING), model(way(0, 2.4), DROPPING), received="2.5"),
    Case("R447", at_row("factor"), model(way(2, 0), DENSE, **AUTO), model(way(1.9, 0), DENSE, **AUTO), received="0.5"),
    Case("R447", FACTOR, model(way(0, 1), DENSE), model(way(0, 1), DENSE, input_dropout=0.1)),
    Case(
        "R396",
        at_row("curve"),
        model(way(0, 1, curve="exponential"), DROPPING),
        model(way(0.1, 1, curve="exponential"), DROPPING),
    ),
    Case(
        "R448",
        ("model", "layers", 3, "recurrent_dropout"),
        model(way(0, 1), STEPS, DROPPING, LSTM | {"recurrent_dropout": 0.2}),
        model(way(0, 1), DROPPING, {"kind": "drop_path", "rate": 0.2}),
        severity="warning",
        received="lstm",
    ),
    Case(
        "R448",
        ("model", "layers", 3, "layer", "dropout"),
        model(way(0, 1), STEPS, DROPPING, {"kind": "bidirectional", "layer": LSTM | {"dropout": 0.2}}),
        model(way(0, 1), STEPS, DROPPING, {"kind": "bidirectional", "layer": LSTM}),
        severity="warning",
        received="bidirectional",
    ),
    Case(
        "R447",
        at_row("factor"),
        model(way(0, 2.5), {"kind": "alpha_dropout", "rate": 0.4}),
        model(way(0, 2.4), {"kind": "alpha_dropout", "rate": 0.4}),
        received="2.5",
    ),
]
