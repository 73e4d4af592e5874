"""Dropout of all hidden layers by their size."""

from schemas.base import Node
from schemas.quantities import DropoutRate


class AutoDropout(Node):
    """Dropout rates by size: larger hidden layers get a larger rate.

    rateᵢ = low + (high − low) · ln(sizeᵢ/size_min) / ln(size_max/size_min); the midpoint if all hidden layers have the
    same size. The size of a dense or a recurrent layer is its units, that of a convolution its filters. Each gets the
    dropout that suits its outputs: alpha dropout after selu, dropout of whole channels after a convolution, else plain
    dropout. A layer's own ``dropout`` takes precedence.
    """

    low: DropoutRate = 0.1
    """Rate of the smallest hidden layer."""
    high: DropoutRate = 0.5
    """Rate of the largest hidden layer."""
