"""Layers that act in training, or that normalise."""

from typing import Literal

from schemas.layers.base import LayerBase
from schemas.quantities import DropoutRate, NonNegative, Positive, Share


class Dropout(LayerBase):
    """Sets a share of the inputs to zero in training and scales the rest up."""

    kind: Literal["dropout"]
    rate: DropoutRate
    """Share dropped."""


class GaussianNoise(LayerBase):
    """Adds normal noise in training."""

    kind: Literal["gaussian_noise"]
    stddev: NonNegative
    """Standard deviation of the noise."""


class BatchNormalization(LayerBase):
    """Normalises each channel over the batch."""

    kind: Literal["batch_normalization"]
    momentum: Share = 0.99
    """Memory of the moving mean and variance."""
    epsilon: Positive = 1e-3
    """Added to the variance."""
    center: bool = True
    """Whether an offset is learned."""
    scale: bool = True
    """Whether a factor is learned."""


class LayerNormalization(LayerBase):
    """Normalises each example over its last axis."""

    kind: Literal["layer_normalization"]
    epsilon: Positive = 1e-3
    """Added to the variance."""
    center: bool = True
    """Whether an offset is learned."""
    scale: bool = True
    """Whether a factor is learned."""


Regularizing = GaussianNoise | BatchNormalization | LayerNormalization
"""A new layer against overfitting goes here."""
