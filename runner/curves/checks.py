"""Argument checks shared by several curves."""

import math


def require_positive(argument: str, value: float) -> None:
    """Check that a value is a finite number above zero.

    Raises:
        ValueError: it is not; the message gives the argument, the rule and the received value.
    """
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"{argument} must be a finite number above zero; received {value!r}")


def require_not_negative(argument: str, value: float) -> None:
    """Check that a value is a finite number of at least zero.

    Raises:
        ValueError: it is not; the message gives the argument, the rule and the received value.
    """
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(f"{argument} must be a finite number of at least zero; received {value!r}")
