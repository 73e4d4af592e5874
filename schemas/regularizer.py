"""Penalties on weights."""

from schemas.base import Node
from schemas.quantities import NonNegative


class Regularizer(Node):
    """Penalty added to the loss: l1 · Σ|w| + l2 · Σw²."""

    l1: NonNegative = 0.0
    """Factor of Σ|w|."""
    l2: NonNegative = 0.0
    """Factor of Σw²."""
