"""Cases of the rules on what restores the best model and on when the validation part is evaluated."""

from typing import Any

from tests.schemas.rules_helpers import Case

T = "training"
NO_VALIDATION = {"data": {"splits": {"validation": None}}}
DIGITS = {"data": {"source": "builtin", "name": "digits", "scale": "1/16"}}
FALLBACK = {"data": {"fallback": {"source": "builtin", "name": "digits", "splits": {"validation": "0%"}}}}
BY_ACCURACY = {"monitor": "val_accuracy", "patience": 3}


def _stop(best: str | None = None, **keys: Any) -> dict[str, Any]:
    return {T: {"early_stopping": {"patience": 3, **keys}, **({} if best is None else {"best": best})}}


def _validation(**keys: Any) -> dict[str, Any]:
    return {T: {"validation": keys}}


CASES = [
    Case("R225", (T, "best"), _stop("val_loss", monitor="val_accuracy"), _stop("val_loss"), received="val_accuracy"),
    Case("R225", (T, "best"), _stop("val_accuracy"), _stop("val_accuracy", restore_best=False), received="val_loss"),
    Case("R225", (T, "best"), _stop("loss"), _stop("loss", monitor="loss")),
    Case(
        "R226",
        (T, "early_stopping", "baseline"),
        _stop(monitor="val_accuracy", baseline=98),
        _stop(monitor="val_accuracy", baseline=0.98),
        received="98",
    ),
    Case("R226", (T, "early_stopping", "baseline"), _stop(baseline=0), _stop(baseline=1e-9)),
    Case(
        "R120",
        (T, "early_stopping", "patience"),
        _stop(start_from_epoch=8),
        _stop(start_from_epoch=7),
        "warning",
        "after epoch 12",
    ),
    Case(
        "R120",
        (T, "early_stopping", "patience"),
        _stop(start_from_epoch=9, baseline=0.1),
        _stop(start_from_epoch=8, baseline=0.1),
        "warning",
    ),
    Case(
        "R120",
        (T, "early_stopping", "patience"),
        {T: {"early_stopping": {"patience": 3}, "validation": {"every": "3 epochs"}}},
        {T: {"early_stopping": {"patience": 3, "monitor": "loss"}, "validation": {"every": "3 epochs"}}},
        "warning",
        "after epoch 12",
    ),
    Case("R227", (T, "validation"), {**NO_VALIDATION, **_validation()}, _validation(every="2 epochs")),
    Case(
        "R227",
        ("data", "fallback", "splits", "validation"),
        {**FALLBACK, **_validation(every="2 epochs")},
        _validation(every="2 epochs"),
        received="digits",
    ),
    Case("R228", (T, "validation", "every"), _validation(every="0 steps"), _validation(every="1 step")),
    Case("R228", (T, "validation", "every"), _validation(every="13 epochs"), _validation(every="12 epochs")),
    Case(
        "R229",
        (T, "validation", "between"),
        _validation(between="10%"),
        _validation(every="50%", between="10%"),
        "warning",
    ),
    Case(
        "R230",
        (T, "validation", "between"),
        {**DIGITS, **_validation(every="2 epochs", between="181 examples")},
        {**DIGITS, **_validation(every="2 epochs", between="180 examples")},
        received="180",
    ),
]
