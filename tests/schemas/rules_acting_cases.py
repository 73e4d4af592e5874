"""Cases of the rules on what could not act as it is written."""

from typing import Any

from tests.schemas.rules_helpers import Case

OPT, D, T = "optimizer", "data", "training"
ADAMW = {"kind": "adamw"}


def iris(**keys: Any) -> dict[str, Any]:
    return {"source": "builtin", "name": "iris", **keys}


def shares(train: str) -> dict[str, Any]:
    return {"train": train, "validation": "40%", "test": "40%"}


def weights(*values: float) -> dict[str, Any]:
    return {D: iris(), T: {"class_weight": {str(c): value for c, value in enumerate(values)}}}


def normalised(data: dict[str, Any], **training: Any) -> dict[str, Any]:
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 9}, {"kind": "batch_normalization"}]
    return {"model": {"kind": "sequential", "layers": layers}, D: data, T: training}


def split(train: str) -> dict[str, Any]:
    return {D: {"splits": {"train": train, "validation": "test[:50%]", "test": "test[50%:]"}}}


def left_out(**keys: Any) -> dict[str, Any]:
    return {OPT: {**ADAMW, "exclude_from_weight_decay": keys}}


def smoothing(off_after: str) -> dict[str, Any]:
    return {T: {"label_smoothing": {"value": 0.1, "off_after": off_after}}}


HUB = {"source": "tfds", "name": "mnist", "splits": {"train": "train[:65]", "test": "test"}, "scale": "1/255"}

CASES = [
    Case("R242", (OPT, "momentum"), {OPT: {"kind": "sgd", "momentum": 0.99999999999}},
         {OPT: {"kind": "sgd", "momentum": 0.9999999}}, received="0.99999999999 is 1"),
    Case("R242", (T, "class_weight", "0"), {T: {"class_weight": {"0": 1e300}}}, {T: {"class_weight": {"0": 1e30}}},
         received="infinite"),
    Case("R243", (T, "class_weight"), weights(0.0, 0.0, 0.0), weights(0.0, 0.0), received="all 3 classes of iris"),
    Case("R244", (D, "splits"), {D: iris(splits=shares("1%"), batch_size=1)},
         {D: iris(splits=shares("2%"), batch_size=1)}, "warning", "2 examples of iris train, and there are 3"),
    Case("R245", (D, "batch_size"), normalised(iris(batch_size=7)), normalised(iris(batch_size=8)), "warning",
         "120 examples in batches of 7"),
    Case("R245", (D, "batch_size"), normalised(iris(batch_size=1)), normalised(iris(batch_size=2)), "warning"),
    Case("R245", (D, "batch_size"), normalised(iris(batch_size=8), accumulate=8),
         normalised(iris(batch_size=8), accumulate=4), "warning", "accumulate 8"),
    Case("R245", (D, "batch_size"), normalised(iris(batch_size=10), accumulate=4),
         normalised(iris(batch_size=10), accumulate=5), "warning"),
    Case("R245", (D, "batch_size"), normalised({**HUB, "batch_size": 32}), normalised({**HUB, "batch_size": 31}),
         "warning", "65 examples in batches of 32"),
    Case("R246", (OPT, "exclude_from_weight_decay"),
         {OPT: {"kind": "sgd", "exclude_from_weight_decay": {"biases": True}}},
         {OPT: {"kind": "sgd", "weight_decay": 0.1, "exclude_from_weight_decay": {"biases": True}}},
         received="sgd has no weight decay"),
    Case("R246", (OPT, "exclude_from_weight_decay"), left_out(), left_out(normalization=True), received="nothing"),
    Case("R246", (OPT, "exclude_from_weight_decay", "layers", 1), left_out(layers=["output", "head"]),
         left_out(layers=["output"]), received="'head'"),
    Case("R247", (T, "label_smoothing", "off_after"), smoothing("100%"), smoothing("99%"), "warning", "never ends"),
    Case("R247", (T, "label_smoothing", "off_after"), smoothing("12 epochs"), smoothing("11 epochs"), "warning"),
    Case("R247", (T, "label_smoothing", "off_after"), smoothing("0%"), smoothing("100 steps"), "warning", "never acts"),
    Case("R248", (D, "splits", "train"), split("train[10:50%]"), split("train[10%:50%]"), "warning", "'train[10:50%]'"),
    Case("R248", (D, "splits", "train"), split("train[:5]+train[10%:50]"), split("train[:5]+train[10%:50%]"),
         "warning", "'train[10%:50]'"),
    Case("R249", (D, "splits", "train"), split("train[:100.5%]"), split("train[:100%]"), received="100.5%"),
    Case("R249", (D, "splits", "train"), split("train[:5%]+train[-101%:]"), split("train[:5%]+train[-100%:]"),
         received="-101%"),
]  # fmt: skip
