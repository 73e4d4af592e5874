"""A named input of a model: a part of the whole input, by an operation that plain Keras saves and opens."""

import math
from typing import Any

from keras.src.ops.numpy import GetItem, Reshape, Take

from schemas.layers.entry import Taken, TakenColumns, TakenImage


class TakenInput:
    """Stands among the layers of a model where a part of its input is taken; it has no weights.

    Args:
        taken: which part.
    """

    weights: tuple[Any, ...] = ()
    trainable_variables: tuple[Any, ...] = ()

    def __init__(self, taken: Taken) -> None:
        self._taken = taken

    def __call__(self, inputs: Any) -> Any:
        """Inputs of the shape ``(n, …, k)`` to ``(n, …, places)``, ``(n, k, …)`` to ``(n, …)``, or to images."""
        if isinstance(self._taken, TakenColumns):
            return Take(axis=-1, name=self._taken.name)(inputs, list(self._taken.places))
        if isinstance(self._taken, TakenImage):
            return self._image(inputs, self._taken)
        return Take(axis=1, name=self._taken.name)(inputs, self._taken.index)

    def _image(self, inputs: Any, taken: TakenImage) -> Any:
        row = (slice(None), slice(taken.first, taken.first + math.prod(taken.shape)))
        return Reshape((-1, *taken.shape), name=taken.name)(GetItem(name=f"{taken.name}.pixels")(inputs, row))

    def count_params(self) -> int:
        """Number of its weights, which is 0."""
        return 0
