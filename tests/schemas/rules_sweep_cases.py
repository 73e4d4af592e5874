"""Cases of the rules on sweeps."""

from typing import Any

from tests.schemas.rules_helpers import Case

RATE = "optimizer.learning_rate"
AT = ("sweep", "ranges", RATE)


def swept(rate: dict[str, Any] | None = None, *, path: str = RATE, **keys: Any) -> dict[str, Any]:
    """A recipe with a sweep over one range."""
    ranges = {path: {"log": [1e-4, 0.1]} if rate is None else rate}
    return {"sweep": {"objective": "val_loss", "trials": 9, "ranges": ranges, **keys}}


def grid(rate: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A recipe with a grid over one range."""
    made = swept(rate, sampler="grid", **keys)
    made["sweep"].pop("trials") if "trials" not in keys else None
    return made


WORKERS = {"hardware": {"strategy": "multi_worker"}}
IRIS = {"data": {"source": "builtin", "name": "iris", "splits": {"train": "80%", "validation": "0%", "test": "20%"}}}

CASES = [
    Case("R460", AT, swept({}), swept(), received="none"),
    Case("R460", AT, swept({"log": [1, 2], "linear": [1, 2]}), swept({"log": [1, 2]}), received="log and linear"),
    Case("R460", (*AT, "step"), swept({"log": [1, 2], "step": 2}), swept({"int": [1, 2], "step": 2}), received="log"),
    Case("R460", (*AT, "points"), swept({"int": [1, 2], "points": 2}), swept({"log": [1, 2], "points": 2})),
    Case("R461", (*AT, "log"), swept({"log": [0.1, 0.1]}), swept({"log": [0.1, 0.2]}), received="0.1 and 0.1"),
    Case("R461", (*AT, "int"), swept({"int": [3, 2]}), swept({"int": [2, 3]}), received="3 and 2"),
    Case("R461", (*AT, "log", 0), swept({"log": [0, 1]}), swept({"linear": [0, 1]}), received="received 0"),
    Case("R461", (*AT, "choice", 2), swept({"choice": [1, True, 1]}), swept({"choice": [1, True, 1.0]}), received="1"),
    Case("R463", ("sweep", "objective"), swept(objective="val_f1"), swept(objective="val_accuracy"), received="val_f1"),
    Case(
        "R463",
        ("sweep", "objective"),
        swept(objective="test_loss"),
        swept(objective="val_loss"),
        received="test examples",
    ),
    Case(
        "R463",
        ("sweep", "objective"),
        swept(objective="loss"),
        swept(objective="val_loss"),
        received="training examples",
    ),
    Case("R463", ("sweep", "objective"), {**swept(), **IRIS}, swept(), received="no validation part"),
    Case("R464", ("sweep", "ranges"), swept(ranges={}), swept(), received="at least one range"),
    Case("R464", ("sweep",), swept(trials=None), swept(trials=1), received="tpe"),
    Case("R464", (*AT, "log"), grid({"log": [1, 2]}), grid({"log": [1, 2], "points": 3}), received="unlimited values"),
    Case("R464", (*AT, "int"), grid({"int": [0, 1000]}), grid({"int": [1, 1000]}), received="more than 1,000"),
    Case("R464", ("sweep", "trials"), grid({"choice": [1]}, trials=1), grid({"choice": [1]}), received="grid"),
    Case("R465", ("sweep", "ranges", "name"), swept({"choice": ["a"]}, path="name"), swept(), received="name"),
    Case("R465", ("sweep", "ranges", "sweep.trials"), swept({"int": [1, 2]}, path="sweep.trials"), swept()),
    Case("R467", ("hardware", "strategy"), {**swept(), **WORKERS}, WORKERS, received="multi_worker"),
    Case(
        "R467",
        ("sweep", "ranges", "hardware.strategy"),
        swept({"choice": ["none", "multi_worker"]}, path="hardware.strategy"),
        swept({"choice": ["none", "mirrored"]}, path="hardware.strategy"),
    ),
]
