"""What is done to gradients before an update, and to weights after it."""

from typing import Annotated

from pydantic import Field

from schemas.base import Node
from schemas.quantities import Positive


class Clip(Node):
    """Clipping of an update's gradients; exactly one of the three."""

    value: Positive | None = None
    """Largest absolute value of any component of a gradient (Keras: clipvalue)."""
    norm: Positive | None = None
    """Largest L2 norm of the gradient of each variable (Keras: clipnorm)."""
    global_norm: Positive | None = None
    """Largest L2 norm of all gradients together (Keras: global_clipnorm)."""


class Ema(Node):
    """A moving average of the weights: w̄ ← decay · w̄ + (1 − decay) · w after every update, starting with the first."""

    decay: Annotated[float, Field(gt=0, lt=1)] = 0.999
    """Decay of the average (Keras: ema_momentum); 0.999 averages over about 1,000 updates."""
