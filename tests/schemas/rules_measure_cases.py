"""Cases of the rules on monitors, expectations and the task."""

from typing import Any

from tests.schemas.rules_helpers import REGRESSION, Case, over

T = "training"


def _plateau(**keys: Any) -> dict[str, Any]:
    return {"schedule": {"kind": "plateau", "learning_rate": 0.1, **keys}}


def _training(**keys: Any) -> dict[str, Any]:
    return {T: keys}


def _stop(**keys: Any) -> dict[str, Any]:
    return _training(early_stopping={"patience": 3, **keys})


def _output(**keys: Any) -> dict[str, Any]:
    return {"model": {"output": keys}}


def _sample(name: str, **keys: Any) -> dict[str, Any]:
    return {"data": {"source": "builtin", "name": name, **keys}}


def _fallback(name: str, **keys: Any) -> dict[str, Any]:
    return {"data": {"fallback": {"source": "builtin", "name": name, "scale": "standard", **keys}}}


def _both(*parts: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        merged = over(merged, part)
    return merged


NO_VALIDATION = {"data": {"splits": {"validation": None}}}
NO_TEST = {"data": {"splits": {"test": None}}}
SIGMOID = _output(units=1, activation="sigmoid")
BINARY = "binary_crossentropy"

CASES = [
    Case("R130", (T, "best"), _training(best="val_acc"), _training(best="val_accuracy"), received="val_acc"),
    Case("R130", (T, "best"), _training(best="top_5_accuracy"), _training(best="accuracy")),
    Case("R130", (T, "best"), _training(best="test_accuracy"), _training(best="loss"), received="at the end"),
    Case("R130", (T, "best"), _training(best="validation_loss"), _training(best="val_loss")),
    Case("R130", ("schedule", "monitor"), _plateau(monitor="mae"), _plateau(monitor="accuracy"), received="plateau"),
    Case(
        "R130",
        (T, "early_stopping", "monitor"),
        _both(REGRESSION, _stop(monitor="accuracy")),
        _stop(monitor="accuracy"),
    ),
    Case(
        "R131", ("schedule", "kind"), _both(NO_VALIDATION, _plateau()), _both(NO_VALIDATION, _plateau(monitor="loss"))
    ),
    Case("R131", (T, "early_stopping"), _both(NO_VALIDATION, _stop()), _stop(), received="mnist has no validation"),
    Case(
        "R131",
        (T, "best"),
        _both(_sample("iris", splits={"validation": "0%"}), _training(best="val_loss")),
        _both(_sample("iris"), _training(best="val_loss")),
    ),
    Case(
        "R131",
        ("data", "fallback", "splits", "validation"),
        _both(_fallback("digits", splits={"validation": "0%"}), _training(best="val_loss")),
        _both(_fallback("digits"), _training(best="val_loss")),
        received="digits",
    ),
    Case("R132", (T, "early_stopping", "mode"), _stop(mode="max"), _stop(mode="min"), "warning", "received max"),
    Case(
        "R132",
        ("schedule", "mode"),
        _plateau(monitor="val_accuracy", mode="min"),
        _plateau(monitor="val_accuracy", mode="max"),
        "warning",
    ),
    Case(
        "R130",
        (T, "best"),
        _training(metrics=["f1"], best="f1"),
        _training(metrics=["f1"], best="val_f1"),
        received="not computed",
    ),
    Case(
        "R132",
        (T, "early_stopping", "mode"),
        _both(_training(metrics=["auc"]), _stop(monitor="val_auc", mode="min")),
        _both(_training(metrics=["auc"]), _stop(monitor="val_auc", mode="max")),
        "warning",
        "should be max",
    ),
    Case(
        "R134",
        ("expect", "f1"),
        _both(_training(metrics=["f1"]), {"expect": {"f1": ">= 0.9"}}),
        _both(_training(metrics=["f1"]), {"expect": {"val_f1": ">= 0.9", "test_f1": ">= 0.9"}}),
    ),
    Case(
        "R136",
        ("expect", "test_r2"),
        _both(REGRESSION, _training(metrics=["r2"]), {"expect": {"test_r2": "> 1"}}),
        _both(REGRESSION, _training(metrics=["r2"]), {"expect": {"test_r2": "> -2"}}),
        received="at most 1",
    ),
    Case(
        "R136",
        ("expect", "val_cohen_kappa"),
        _both(_training(metrics=["cohen_kappa"]), {"expect": {"val_cohen_kappa": ">= 60"}}),
        _both(_training(metrics=["cohen_kappa"]), {"expect": {"val_cohen_kappa": ">= -0.5"}}),
        received="-1 and 1",
    ),
    Case(
        "R226",
        (T, "early_stopping", "baseline"),
        _both(_training(metrics=["auc"]), _stop(monitor="val_auc", baseline=1.0)),
        _both(_training(metrics=["auc"]), _stop(monitor="val_auc", baseline=0.5)),
        received="above",
    ),
    Case(
        "R331",
        (T, "metrics", 1),
        _both(NO_VALIDATION, NO_TEST, _training(metrics=["accuracy", "f1"])),
        _both(NO_VALIDATION, _training(metrics=["accuracy", "f1"])),
        received="mnist has neither",
    ),
    Case(
        "R332",
        (T, "metrics", 0),
        _both(_output(logits=True), _training(loss="categorical_hinge", metrics=["calibration_error"])),
        _both(_output(logits=True), _training(metrics=["calibration_error"])),
        received="categorical_hinge",
    ),
    Case(
        "R333",
        (T, "threshold"),
        _training(threshold=0.3),
        _both(SIGMOID, _training(threshold=0.3)),
        received="the largest decides",
    ),
    Case(
        "R333",
        (T, "threshold"),
        _both(REGRESSION, _training(threshold="f1")),
        REGRESSION,
        received="task is regression",
    ),
    Case(
        "R334",
        (T, "threshold"),
        _both(SIGMOID, NO_VALIDATION, _training(threshold="f1")),
        _both(SIGMOID, NO_VALIDATION, _training(threshold=0.5)),
        received="mnist has none",
    ),
    Case(
        "R133",
        (T, "metrics", 1),
        _training(metrics=["accuracy", "accuracy"]),
        _training(metrics=["accuracy", "top_5_accuracy"]),
    ),
    Case("R134", ("expect", "test_acc"), {"expect": {"test_acc": ">= 0.9"}}, {"expect": {"test_accuracy": ">= 0.9"}}),
    Case(
        "R134",
        ("data", "fallback", "expect", "f1"),
        _fallback("digits", expect={"f1": "> 0"}),
        _fallback("digits", expect={"loss": "< 1"}),
    ),
    Case(
        "R135",
        ("expect", "test_loss"),
        _both(NO_TEST, {"expect": {"test_loss": "< 1"}}),
        _both(NO_TEST, {"expect": {"val_loss": "< 1"}}),
        received="no test part",
    ),
    Case(
        "R135",
        ("expect", "val_loss"),
        _both(NO_VALIDATION, {"expect": {"val_loss": "< 1"}}),
        {"expect": {"val_loss": "< 1"}},
    ),
    Case(
        "R135",
        ("data", "fallback", "expect", "test_loss"),
        _fallback("digits", splits={"test": "0%"}, expect={"test_loss": "< 1"}),
        _both(_fallback("digits", splits={"test": "0%"}), {"expect": {"test_loss": "< 1"}}),
    ),
    Case(
        "R136",
        ("expect", "test_accuracy"),
        {"expect": {"test_accuracy": ">= 98"}},
        {"expect": {"test_accuracy": ">= 1"}},
        received=">= 98",
    ),
    Case(
        "R136",
        ("expect", "test_accuracy"),
        {"expect": {"test_accuracy": "> 1"}},
        {"expect": {"test_accuracy": "<= 98"}},
    ),
    Case("R136", ("expect", "loss"), {"expect": {"loss": "< 0"}}, {"expect": {"loss": "<= 0"}}, received="at least 0"),
    Case("R136", ("expect", "loss"), {"expect": {"loss": "<= -1"}}, {"expect": {"loss": ">= 5"}}),
    # task
    Case("R140", ("task",), _sample("diabetes"), REGRESSION, received="diabetes"),
    Case("R140", ("data", "fallback", "name"), _fallback("diabetes"), _fallback("wine")),
    Case("R141", (T, "loss"), _training(loss="huber"), _both(REGRESSION, _training(loss="huber")), received="huber"),
    Case("R141", (T, "loss"), _both(REGRESSION, _training(loss=BINARY)), _both(SIGMOID, _training(loss=BINARY))),
    Case(
        "R142",
        (T, "loss"),
        _training(loss=BINARY),
        _both(SIGMOID, _training(loss=BINARY)),
        received="one for each class and softmax",
    ),
    Case("R142", ("model", "output", "activation"), _output(units=1, activation="softmax"), _output(units=1)),
    Case(
        "R142",
        ("model", "output", "units"),
        _both(_output(units=2, activation="sigmoid"), _training(loss=BINARY)),
        SIGMOID,
    ),
    Case(
        "R142", ("model", "output", "units"), _both(SIGMOID, _training(loss="sparse_categorical_crossentropy")), SIGMOID
    ),
    Case(
        "R142",
        ("model", "output", "activation"),
        _output(activation="linear"),
        _output(activation="softmax"),
        received="linear",
    ),
    Case(
        "R142",
        ("model", "output", "units"),
        _both(_output(units=2, logits=True), _training(loss=BINARY)),
        _both(_output(units=1, logits=True), _training(loss=BINARY)),
        received="logits",
    ),
    Case(
        "R141",
        (T, "loss", "kind"),
        _training(loss={"kind": "huber", "delta": 2.0}),
        _both(REGRESSION, _training(loss={"kind": "huber", "delta": 2.0})),
        received="huber",
    ),
    Case(
        "R142",
        (T, "loss"),
        _training(loss="binary_focal_crossentropy"),
        _both(SIGMOID, _training(loss={"kind": "binary_focal_crossentropy", "gamma": 1.0})),
        received="one unit and sigmoid",
    ),
    Case(
        "R142",
        (T, "loss"),
        _training(loss="categorical_hinge"),
        _both(_output(logits=True), _training(loss="categorical_hinge")),
        received="two units or more and logits: true",
    ),
    Case(
        "R142",
        (T, "loss"),
        _training(loss="hinge"),
        _both(_output(units=1, logits=True), _training(loss="squared_hinge")),
        received="one unit and logits: true",
    ),
    Case(
        "R330",
        (T, "loss"),
        _both(REGRESSION, _training(loss="poisson")),
        _both(REGRESSION, _training(loss="poisson"), _output(activation="softplus")),
        received="linear",
    ),
    Case(
        "R330",
        ("model", "output", "activation"),
        _both(REGRESSION, _training(loss="poisson"), _output(activation="elu")),
        _both(REGRESSION, _training(loss="poisson"), _output(activation="exponential")),
        received="elu",
    ),
    Case("R257", ("model", "output", "logits"), _both(REGRESSION, _output(logits=True)), _output(logits=True)),
    Case(
        "R257",
        ("model", "output", "activation"),
        _output(logits=True, activation="softmax"),
        _output(logits=True, activation="linear"),
        received="softmax",
    ),
    Case(
        "R142",
        ("model", "output", "activation"),
        _both(REGRESSION, _output(activation="softmax")),
        _both(REGRESSION, _output(activation="softplus")),
    ),
    Case(
        "R143",
        (T, "metrics", 1),
        _training(metrics=["accuracy", "mean_squared_error"]),
        _training(metrics=["accuracy"]),
    ),
    Case(
        "R143",
        (T, "metrics", 0),
        _both(REGRESSION, _training(metrics=["accuracy"])),
        _both(REGRESSION, _training(metrics=["mean_squared_error"])),
    ),
    Case(
        "R144",
        (T, "metrics", 0),
        _both(_sample("iris"), _training(metrics=["top_5_accuracy"])),
        _both(_sample("digits", scale="1/16"), _training(metrics=["top_5_accuracy"])),
        received="there are 3",
    ),
    Case(
        "R144",
        (T, "metrics", 0),
        _both(_sample("iris"), _training(metrics=["top_3_accuracy"])),
        _both(_sample("iris"), _training(metrics=["top_2_accuracy"])),
        received="more than 3 classes",
    ),
    Case(
        "R143",
        (T, "metrics", 0),
        _both(REGRESSION, _training(metrics=["auc"])),
        _both(REGRESSION, _training(metrics=["r2", "root_mean_squared_error"])),
    ),
    Case(
        "R144",
        (T, "metrics", 0),
        _both(_output(units=5), _training(metrics=["top_5_accuracy"])),
        _both(_output(units=6), _training(metrics=["top_5_accuracy"])),
    ),
    Case(
        "R145",
        ("model", "output", "units"),
        _both(_sample("wine"), _output(units=10)),
        _both(_sample("wine"), _output(units=3)),
        received="received 10, and wine has 3",
    ),
    Case(
        "R145", ("model", "output", "units"), _both(_sample("wine"), SIGMOID), _both(_sample("breast_cancer"), SIGMOID)
    ),
    Case(
        "R145", ("model", "output", "units"), _both(REGRESSION, _output(units=2)), _both(REGRESSION, _output(units=1))
    ),
    Case(
        "R145",
        ("data", "fallback", "name"),
        _both(_fallback("iris"), _output(units=10)),
        _both(_fallback("digits"), _output(units=10)),
    ),
]
