"""What weight decay leaves out."""

from schemas.base import Items, Node
from schemas.layers import LayerName


class DecayExclusions(Node):
    """Variables that weight decay leaves alone (Keras: exclude_from_weight_decay); what is named adds up."""

    biases: bool = False
    """Biases of all layers."""
    normalization: bool = False
    """Scales and shifts of normalisation layers."""
    layers: Items[LayerName] | None = None
    """Layers by name, with all their weights; ``output`` is the model's last one."""
