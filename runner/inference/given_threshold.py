"""The thresholds that a person gives a prediction: a number, or one for each of several outputs by name."""

from collections.abc import Mapping, Sequence

from runner.errors import InputError

GivenThreshold = float | Mapping[str, float] | None
"""A probability, or some by output; None: those that are saved with the model."""


def given_threshold(texts: Sequence[str]) -> GivenThreshold:
    """What ``--threshold`` says: ``0.4`` once, or ``NAME=0.4`` for each output; None where it says nothing.

    Raises:
        InputError: that is no number, both forms are mixed, or something is said twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        before, _, number = text.rpartition("=")
        name = before.strip()
        if name in found:
            what = f"{name}: is given" if name else "a number is given"
            raise InputError(f"--threshold: {what} twice", "name an output for each: --threshold NAME=0.4")
        found[name] = _number(number, text)
    if "" in found:
        if len(found) > 1:
            raise InputError("--threshold: takes one number, or NAME=NUMBER for each output", "name each output")
        return found[""]
    return found or None


def _number(number: str, text: str) -> float:
    try:
        return float(number)
    except ValueError:
        raise InputError(
            f"--threshold: must be a number from 0 to 1, or NAME=NUMBER; received {text!r}",
            "such as --threshold 0.4, or --threshold made=0.4",
        ) from None
