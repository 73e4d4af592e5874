"""Constraints as mappings, with Keras' arguments; imported when a recipe first has one."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import NonNegative, Positive, Share

Axis = Annotated[int, Field(ge=-8, le=7)]
Axes = Axis | Annotated[Items[Axis], Field(min_length=1, max_length=8)]


class ConstraintBase(Node):
    """After every update, before the next step sees the weights."""

    kind: str
    """Which constraint."""


class NonNeg(ConstraintBase):
    """w ← max(w, 0)."""

    kind: Literal["non_neg"]


class NormBase(ConstraintBase):
    """What constraints on the length ‖w‖ of each unit's weights have."""

    axis: Axes = 0
    """Axes of the weights along which the length is computed: 0 for a dense layer, [0, 1, 2] for the kernels of a
    two-dimensional convolution."""


class MaxNorm(NormBase):
    """w ← w · min(‖w‖, max_value) / ‖w‖ (Srivastava et al. 2014): beside dropout, lengths of 2 to 4 are usual."""

    kind: Literal["max_norm"]
    max_value: Positive = 2.0
    """Largest length."""


class UnitNorm(NormBase):
    """w ← w / ‖w‖."""

    kind: Literal["unit_norm"]


class MinMaxNorm(NormBase):
    """w ← w · (rate · clip(‖w‖, min_value, max_value) + (1 − rate) · ‖w‖) / ‖w‖."""

    kind: Literal["min_max_norm"]
    min_value: NonNegative = 0.0
    """Smallest length."""
    max_value: Positive = 1.0
    """Largest length."""
    rate: Share = 1.0
    """Fraction of the distance to the nearest allowed length that each update covers."""


ConstraintKind = NonNeg | MaxNorm | UnitNorm | MinMaxNorm
