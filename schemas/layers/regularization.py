"""Layers that act only in training, and normalization."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.constraints import Constraint
from schemas.later import is_none
from schemas.layers.base import LayerBase
from schemas.quantities import DropoutRate, NonNegative, Positive, Share
from schemas.tagged import by_tag


class DropPath(LayerBase):
    """Drops the whole input of a fraction of the examples in training, and scales that of the others up.

    At the end of a residual branch this is stochastic depth: an example passes the block by (Huang et al. 2016). With
    b ∼ Bernoulli(1 − rate) for each example, y = x · b / (1 − rate).
    """

    takes_mask: ClassVar[bool] = True
    is_dropout: ClassVar[bool] = True

    kind: Literal["drop_path"]
    rate: DropoutRate
    """Fraction of examples whose input is dropped."""


class GaussianNoise(LayerBase):
    """Adds normal noise in training."""

    takes_mask: ClassVar[bool] = True

    kind: Literal["gaussian_noise"]
    stddev: NonNegative
    """Standard deviation of the noise."""


class BatchNormalization(LayerBase):
    """Normalizes each channel over the batch."""

    takes_mask: ClassVar[bool] = True
    normalizes: ClassVar[Literal["batch", "example"] | None] = "batch"

    kind: Literal["batch_normalization"]
    momentum: Share = 0.99
    """Fraction of the moving mean and variance that is kept at each step."""
    epsilon: Positive = 1e-3
    """Small number added to the variance."""
    center: bool = True
    """Whether to learn an offset."""
    scale: bool = True
    """Whether to learn a scale."""
    beta_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the offset after every update, such as ``max_norm``."""
    gamma_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the scale after every update."""


class LayerNormalization(LayerBase):
    """Normalizes each example over its last axis."""

    takes_mask: ClassVar[bool] = True
    normalizes: ClassVar[Literal["batch", "example"] | None] = "example"

    kind: Literal["layer_normalization"]
    epsilon: Positive = 1e-3
    """Small number added to the variance."""
    center: bool = True
    """Whether to learn an offset."""
    scale: bool = True
    """Whether to learn a scale."""
    beta_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the offset after every update, such as ``max_norm``."""
    gamma_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the scale after every update."""


Regularizing = DropPath | GaussianNoise | BatchNormalization | LayerNormalization
"""A new layer against overfitting goes here."""
BY_KIND = by_tag(Regularizing)
