"""The weights of one layer in several places."""

from typing import Literal

from schemas.layers.base import LayerBase, LayerName
from schemas.layers.shape import Shape
from schemas.tagged import by_tag


class Shared(LayerBase):
    """An earlier layer once more, applied to other inputs: with the same weights, which both places train.

    ``layer`` may also be the name of a block, ``residual`` or ``parallel``: all layers in it are applied once more. A
    Siamese network is one tower for two inputs. Source: Bromley et al. 1993, Signature Verification using a "Siamese"
    Time Delay Neural Network.
    """

    kind: Literal["shared"]
    layer: LayerName
    """Name of the earlier layer, block, ``residual`` or ``parallel``."""

    def output_of_one(self, shape: Shape) -> Shape:
        """None: it is that of the layer that is applied."""
        return None


BY_KIND = by_tag(Shared)
