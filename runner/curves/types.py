"""Types of curves: a curve is a pure function from step numbers to values."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
"""Step numbers, 0-based, in any order, as an array with at least one dimension."""
Values = NDArray[np.float64]
"""One value per step, in the shape of the steps."""
Curve = Callable[[Steps], Values]
"""A learning rate or momentum as a function of the step.

Evaluating K steps of a table of P phases takes O(K log P), whatever the length of the run. Evaluating steps in pieces
gives the same bits as evaluating them at once.
"""

Shape = Literal["linear", "cosine", "exponential"]
"""The shape of a phase between its first and its last value."""
SHAPES: tuple[Shape, ...] = get_args(Shape)
"""All shapes, in a fixed order."""
