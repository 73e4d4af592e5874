"""Arguments that no curve accepts: the error names the argument, the rule and the value received."""

from collections.abc import Callable

import pytest

from runner import curves
from runner.curves import PlateauRule, PlateauState, Segment

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "negative constant": (lambda: curves.constant(-0.1), r"value must be .* at least zero; received -0.1"),
    "constant NaN": (lambda: curves.constant(float("nan")), r"value must be .* received nan"),
    "power of no time": (lambda: curves.power(0.1, 0), r"decay_steps must be .* above zero; received 0"),
    "power of no power": (lambda: curves.power(0.1, 1, exponent=0), r"exponent must be .* received 0"),
    "exponential rate": (lambda: curves.exponential(0.1, 1, rate=0), r"rate must be .* received 0"),
    "exponential stair": (lambda: curves.exponential(0.1, 1, every=0), r"every must be .* received 0"),
    "both stairs": (lambda: curves.power(0.1, 1, every=3, staircase=True), r"cannot be combined; .* every 3"),
    "exponential offset": (lambda: curves.exponential(0.1, 1, offset=-1), r"offset must be .* received -1"),
    "piecewise counts": (lambda: curves.piecewise([1], [0.1]), r"values must be one more than the 1 .* 1 values"),
    "piecewise order": (lambda: curves.piecewise([2, 2], [1, 2, 3]), r"boundaries must increase.*\[2, 2\]"),
    "piecewise values": (lambda: curves.piecewise([2], [1, -2]), r"values must be .* received -2"),
    "linear of no steps": (lambda: curves.linear(0.1, 0, 0), r"stop must be above start 0; received 0"),
    "polynomial of no steps": (lambda: curves.polynomial(0.1, 0, 0), r"total must be .* received 0"),
    "restart periods": (lambda: curves.cosine_restarts(1, 0, 0.5, 9), r"first_period must be .* received 0.5"),
    "restart growth": (lambda: curves.cosine_restarts(1, 0, 2, 9, t_mul=0.5), r"t_mul must be .* received 0.5"),
    "cyclic flank": (lambda: curves.cyclic(0, 1, 0), r"half_cycle must be .* received 0"),
    "cyclic gamma": (lambda: curves.cyclic(0, 1, 2, gamma=1.5), r"gamma must be .* received 1.5"),
    "empty table": (lambda: curves.segments([]), r"at least one segment; received none"),
    "gap": (lambda: curves.segments([Segment(0, 2, 1, 1), Segment(3, 4, 1, 1)]), r"stopped, at 2; received 3"),
    "unknown shape": (lambda: Segment(0, 2, 1, 1, "spline"), r"shape must be one of linear.*'spline'"),  # type: ignore[arg-type]
    "exponential to zero": (lambda: Segment(0, 2, 1, 0, "exponential"), r"above zero; received first 1, last 0"),
    "warmup of no steps": (lambda: curves.warmup(curves.constant(1), 0), r"stop must be above start 0; received 0"),
    "scale": (lambda: curves.scaled(curves.constant(1), 0), r"scale must be .* received 0"),
    "plateau factor": (lambda: PlateauRule("loss", "min", factor=1), r"factor must be .* received 1"),
    "plateau patience": (lambda: PlateauRule("loss", "min", patience=0), r"patience must be .* received 0"),
    "plateau keys": (lambda: PlateauState.from_dict({"scale": 1.0}), r"keys scale, best, wait, cooldown; received"),
    "plateau None": (
        lambda: PlateauState.from_dict({"scale": None, "best": None, "wait": 0, "cooldown": 0}),
        r"scale, wait and cooldown must be numbers; received",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_impossible_argument_is_refused_by_name(case: str) -> None:
    build, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        build()
