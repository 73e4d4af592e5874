"""Exclusions from weight decay."""

from schemas.base import Items, Node
from schemas.layers.base import LayerName


class DecayExclusions(Node):
    """Variables excluded from weight decay (Keras: exclude_from_weight_decay); the keys can be combined."""

    biases: bool = False
    """Biases of all layers."""
    normalization: bool = False
    """Scales and offsets of normalization layers."""
    layers: Items[LayerName] | None = None
    """Names of layers or blocks, with all their weights; ``output`` is the output layer."""
