"""Cases of the rules on scaled targets."""

from typing import Any

from tests.schemas.rules_helpers import REGRESSION, Case, over

SCALED = {"data": {"target_scale": "standard"}}


def regression(*parts: dict[str, Any]) -> dict[str, Any]:
    merged = REGRESSION
    for part in parts:
        merged = over(merged, part)
    return merged


MAPE, MAE = ({"training": {"loss": f"mean_absolute_{name}error"}} for name in ("percentage_", ""))
RELU, LINEAR = ({"model": {"output": {"activation": name}}} for name in ("relu", "linear"))

CASES = [
    Case("R570", ("data", "target_scale"), SCALED, regression(SCALED), received="classification"),
    Case("R571", ("training", "loss"), regression(SCALED, MAPE), regression(SCALED, MAE), received="percentage"),
    Case("R571", ("training", "loss"), regression(SCALED, MAPE), regression(MAPE)),
    Case("R572", ("model", "output", "activation"), regression(SCALED, RELU), regression(SCALED, LINEAR)),
    Case("R572", ("model", "output", "activation"), regression(SCALED, RELU), regression(RELU)),
]
