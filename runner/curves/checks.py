"""Checks of arguments that several curves share."""

import math


def require_positive(argument: str, value: float) -> None:
    """Refuse a value that is not a finite number above zero.

    Raises:
        ValueError: naming the argument, the rule and the value received.
    """
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"{argument} must be a finite number above zero; received {value!r}")


def require_not_negative(argument: str, value: float) -> None:
    """Refuse a value that is not a finite number of at least zero.

    Raises:
        ValueError: naming the argument, the rule and the value received.
    """
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(f"{argument} must be a finite number of at least zero; received {value!r}")
