"""Quantities with units: durations, rates and scales, names, expectations."""

import re
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from schemas.written import Quantity, Written

Unit = Literal["%", "epochs", "steps"]
Relation = Literal[">=", "<=", ">", "<"]

# The models and the JSON Schema use the same patterns. They mean the same in every dialect of regular expressions, and
# any number that matches is finite and within bounds.
_GAP = r"[ \t]*"
_NUMBER = r"(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?"
_SHARE = r"(?:100(?:\.0{0,15})?|[0-9]{1,2}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})"
_BELOW_A_MILLION = r"(?:[0-9]{1,6}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})"
_ONE_OR_MORE = r"[1-9][0-9]{0,14}(?:\.[0-9]{0,15})?(?:[eE]\+?[0-9]{1,2})?"
_SPAN = rf"(?:{_SHARE}{_GAP}%|{_NUMBER}{_GAP}(?:epochs?|steps?))"
_QUOTIENT = rf"{_BELOW_A_MILLION}{_GAP}/{_GAP}{_ONE_OR_MORE}"
_BOUND = rf"(?:>=|<=|>|<){_GAP}-?{_NUMBER}"

# Compiled (and kept by ``re``) when a recipe has such a quantity.
_DURATION = rf"({_NUMBER}){_GAP}(%|epochs?|steps?)"
_LIKE_A_RATIO = rf"({_NUMBER}){_GAP}/{_GAP}({_NUMBER})"
_RATIO = rf"({_BELOW_A_MILLION}){_GAP}/{_GAP}({_ONE_OR_MORE})"
_EXPECTATION = rf"(>=|<=|>|<){_GAP}(-?{_NUMBER})"


class Duration(Quantity):
    """A length of training with its unit.

    ``value`` is a percentage of the run (``%``), a number of epochs or a number of optimizer steps. Durations are
    converted to steps in the plan, when the length of the run is known.
    """

    def __init__(self, value: float, unit: Unit) -> None:
        self.value = value
        self.unit: Unit = unit

    def __str__(self) -> str:
        number = f"{self.value:.15g}"
        if self.unit == "%":
            return f"{number if 'e' not in number else f'{self.value:.15f}'.rstrip('0')}%"
        return f"{number} {self.unit[:-1] if self.value == 1 else self.unit}"

    def steps(self, *, total: int, per_epoch: int) -> float:
        """Number of steps, not rounded, in a run of ``total`` steps with ``per_epoch`` steps per epoch.

        >>> parse_duration("45%").steps(total=4300, per_epoch=430)
        1935.0
        >>> parse_duration("3 epochs").steps(total=4300, per_epoch=430)
        1290.0
        """
        match self.unit:
            case "%":
                return self.value * total / 100
            case "epochs":
                return self.value * per_epoch
            case "steps":
                return self.value


def parse_duration(value: object) -> Duration:
    """Read ``45%``, ``3 epochs`` or ``500 steps``.

    Raises:
        ValueError: the unit is missing or unknown, or the number is negative.
    """
    if isinstance(value, Duration):
        return value
    match = re.fullmatch(_DURATION, value.strip(" \t")) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration needs its unit: '45%', '3 epochs' or '500 steps'")
    number, unit = float(match[1]), match[2]
    if unit == "%":
        if number > 100:
            raise ValueError("a percentage of the run is at most 100%")
        if not re.fullmatch(_SHARE, match[1]):
            raise ValueError("write a percentage of the run like '45%' or '12.5%'")
        return Duration(number, "%")
    return Duration(number, "epochs" if unit.startswith("epoch") else "steps")


def parse_part(value: object) -> Duration:
    """Read the share of the examples that a part has: ``80%``. Of the other units R173 speaks.

    Raises:
        ValueError: it is no percentage.
    """
    try:
        return parse_duration(value)
    except ValueError:
        raise ValueError("a share is written in percent, from 0% to 100%, such as '80%'") from None


def parse_ratio(value: object) -> object:
    """Convert ``1/255`` to a number; any other value is returned unchanged, for the strict check of numbers.

    >>> parse_ratio("1/4")
    0.25
    """
    if not isinstance(value, str):
        return value
    text = value.strip(" \t")
    ratio = re.fullmatch(_RATIO, text)
    if ratio is not None:
        return float(ratio[1]) / float(ratio[2])
    alike = re.fullmatch(_LIKE_A_RATIO, text)
    if alike is None:
        return value
    if float(alike[2]) == 0:
        raise ValueError("a ratio needs a denominator other than zero")
    raise ValueError("a ratio is a number below a million over a number of at least one, such as 1/255")


class Expectation(Quantity):
    """A bound that a result must meet, such as ``>= 0.982``."""

    def __init__(self, relation: Relation, bound: float) -> None:
        self.relation: Relation = relation
        self.bound = bound

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:.15g}"

    def holds(self, value: float) -> bool:
        """Whether ``value`` meets the bound; NaN never does.

        >>> parse_expectation(">= 0.98").holds(0.9812)
        True
        """
        match self.relation:
            case ">=":
                return value >= self.bound
            case "<=":
                return value <= self.bound
            case ">":
                return value > self.bound
            case "<":
                return value < self.bound


def parse_expectation(value: object) -> Expectation:
    """Read ``>= 0.98``, ``<= 0.1``, ``> 0`` or ``< 1``.

    Raises:
        ValueError: the text has another form.
    """
    if isinstance(value, Expectation):
        return value
    match = re.fullmatch(_EXPECTATION, value.strip(" \t")) if isinstance(value, str) else None
    if match is None:
        percent = isinstance(value, str) and value.rstrip().endswith("%")
        share = "; a share is written as a fraction, not in percent" if percent else ""
        raise ValueError(f"an expectation is a comparison in quotes, such as '>= 0.98'{share}")
    return Expectation(cast(Relation, match[1]), float(match[2]))


DurationField = Annotated[Duration, Written(parse_duration, rf"^{_GAP}{_SPAN}{_GAP}$")]
PartField = Annotated[Duration, Written(parse_part, rf"^{_GAP}{_SPAN}{_GAP}$")]
"""Share of the examples that a part has."""
ExpectationField = Annotated[Expectation, Written(parse_expectation, rf"^{_GAP}{_BOUND}{_GAP}$")]


def _number_or_ratio(numerator: str = "", **bounds: float) -> WithJsonSchema:
    ratio = {"type": "string", "pattern": rf"^{_GAP}{numerator}{_QUOTIENT}{_GAP}$"}
    return WithJsonSchema({"anyOf": [{"type": "number", **bounds}, ratio]})


_NOT_ZERO = r"(?=[0-9.]*[1-9])"


Rate = Annotated[
    float,
    Field(gt=0, le=1e6),
    BeforeValidator(parse_ratio),
    _number_or_ratio(_NOT_ZERO, exclusiveMinimum=0, maximum=1e6),
]
"""A learning rate: positive; ``1e-3`` and ``1/255`` are both numbers."""
RateOrZero = Annotated[
    float, Field(ge=0, le=1e6), BeforeValidator(parse_ratio), _number_or_ratio(minimum=0, maximum=1e6)
]
Scale = Rate
"""A factor for the inputs, such as ``1/255``."""
Momentum = Annotated[float, Field(ge=0, lt=1)]
"""Momentum (or beta_1): 0 ≤ m < 1."""
DropoutRate = Annotated[float, Field(ge=0, lt=1)]
"""Fraction of units set to zero in training: 0 ≤ rate < 1."""
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1, le=10**12)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
"""Of random numbers."""

RunName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,63}[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$", max_length=64)
]
"""Name of a run and of its folder: ``[A-Za-z0-9._-]{1,64}`` and not only dots."""
DatasetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A plain tensorflow-datasets name: no slash, no namespace, no options."""
_SLICE_BOUND = r"-?(?:[0-9]{1,12}%?|[0-9]{1,12}\.[0-9]{0,15}%|\.[0-9]{1,15}%)"
_SLICED = rf"[a-z][a-z0-9_]{{0,31}}(?:\[(?:{_SLICE_BOUND}:(?:{_SLICE_BOUND})?|:{_SLICE_BOUND})\])?"
Split = Annotated[str, StringConstraints(pattern=rf"^{_SLICED}(?:[ ]*\+[ ]*{_SLICED})*$", max_length=400)]
"""A split, a slice of one, or a union: ``train``, ``train[:55000]``, ``train[99.5%:]``, ``train[:10%]+test``."""
MetricName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
