"""What a batch is compared with: its targets, or targets with a weight an example, as one thing that is taken apart."""

from typing import Any

import tensorflow as tf

Targets = Any
"""A tensor ``(b, …)``, or a pair of it and weights ``(b,)``; of examples that are mixed, two of these and a share."""


def between(targets: Targets, start: Any, stop: Any) -> Targets:
    """Those of the examples ``start … stop - 1``."""
    return tf.nest.map_structure(lambda values: values[start:stop], targets)


def apart(targets: Targets) -> tuple[tf.Tensor, tf.Tensor | None]:
    """Targets, and the weights of the examples where they have some."""
    return targets if isinstance(targets, tuple) else (targets, None)
