"""What a curve is: a pure function from step numbers to values."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
"""Step numbers, 0-based, in any order and any shape of at least one dimension."""
Values = NDArray[np.float64]
"""One value a step, in the shape of the steps."""
Curve = Callable[[Steps], Values]
"""A learning rate or a momentum over steps.

Evaluating K steps costs O(K), times the logarithm of the number of phases, whatever the length of the run;
evaluating them in pieces gives the same bits as evaluating them at once.
"""

Shape = Literal["linear", "cosine", "exponential"]
"""How a phase goes from its first value to its last."""
SHAPES: tuple[Shape, ...] = get_args(Shape)
"""Every shape, in a fixed order."""
