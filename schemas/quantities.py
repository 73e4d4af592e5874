"""Quantities with units: durations, rates and scales, names, expectations."""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema

Unit = Literal["%", "epochs", "steps"]
Relation = Literal[">=", "<=", ">", "<"]

_NUMBER = r"(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,3})?"
_DURATION = re.compile(rf"({_NUMBER})\s*(%|epochs?|steps?)")
_RATIO = re.compile(rf"({_NUMBER})\s*/\s*({_NUMBER})")
_EXPECTATION = re.compile(rf"(>=|<=|>|<)\s*(-?{_NUMBER})")


@dataclass(frozen=True)
class Duration:
    """A length of training with its unit.

    ``value`` is a share of the run in percent (``%``), a number of epochs or a number of optimizer
    steps. Durations become steps only in the plan, when the length of the run is known.
    """

    value: float
    unit: Unit

    def __str__(self) -> str:
        number = f"{self.value:.15g}"
        if self.unit == "%":
            return f"{number}%"
        return f"{number} {self.unit[:-1] if self.value == 1 else self.unit}"

    def steps(self, *, total: int, per_epoch: int) -> float:
        """Length in steps of a run of ``total`` steps with ``per_epoch`` steps an epoch; not rounded."""
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
        ValueError: when the unit is missing or unknown, or the number is negative.
    """
    if isinstance(value, Duration):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a duration says its unit: '45%', '3 epochs' or '500 steps'")
    number, unit = float(match[1]), match[2]
    if unit == "%":
        if number > 100:
            raise ValueError("a share of the run is at most 100%")
        return Duration(number, "%")
    return Duration(number, "epochs" if unit.startswith("epoch") else "steps")


def parse_ratio(value: object) -> object:
    """Turn ``1/255`` into a number; everything else is left for the strict number check."""
    match = _RATIO.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    denominator = float(match[2])
    if denominator == 0 or not math.isfinite(float(match[1]) / denominator):
        raise ValueError("a ratio needs a denominator other than zero")
    return float(match[1]) / denominator


@dataclass(frozen=True)
class Expectation:
    """A bound that a result must keep, such as ``>= 0.982``."""

    relation: Relation
    bound: float

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:.15g}"

    def holds(self, value: float) -> bool:
        """Whether ``value`` keeps the bound; a NaN never does."""
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
        ValueError: when the text has another form.
    """
    if isinstance(value, Expectation):
        return value
    match = _EXPECTATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("an expectation is a comparison in quotes, such as '>= 0.98'")
    return Expectation(cast(Relation, match[1]), float(match[2]))


DurationField = Annotated[
    Duration,
    PlainValidator(parse_duration),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_NUMBER}\s*(%|epochs?|steps?)\s*$"}),
]
ExpectationField = Annotated[
    Expectation,
    PlainValidator(parse_expectation),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*(>=|<=|>|<)\s*-?{_NUMBER}\s*$"}),
]

_RATIO_SCHEMA = {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*/\s*{_NUMBER}\s*$"}


def _number_or_ratio(**bounds: float) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "number", **bounds}, _RATIO_SCHEMA]})


Rate = Annotated[
    float, Field(gt=0, le=1e6), BeforeValidator(parse_ratio), _number_or_ratio(exclusiveMinimum=0, maximum=1e6)
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
"""Share of units set to zero in training: 0 ≤ rate < 1."""
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1, le=10**12)]

RunName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,63}[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$", max_length=64)
]
"""Name of a run and of its folder: ``[A-Za-z0-9._-]{1,64}`` and not dots alone."""
DatasetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A plain tensorflow-datasets name: no slash, no namespace, no options."""
Split = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}(\[(-?[0-9]{1,12}%?)?:(-?[0-9]{1,12}%?)?\])?$")]
"""A split or a slice of one: ``train``, ``train[:55000]``, ``train[90%:]``."""
MetricName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
