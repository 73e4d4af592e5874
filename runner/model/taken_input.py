"""A named input of a model: a part of the whole input, by an operation that plain Keras saves and opens."""

from typing import Any

from keras.src.ops.numpy import Take

from schemas.layers.entry import Taken, TakenColumns


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
        """Inputs of the shape ``(n, …, k)`` to ``(n, …, places)``, or ``(n, k, …)`` to ``(n, …)``."""
        if isinstance(self._taken, TakenColumns):
            return Take(axis=-1, name=self._taken.name)(inputs, list(self._taken.places))
        return Take(axis=1, name=self._taken.name)(inputs, self._taken.index)

    def count_params(self) -> int:
        """Number of its weights, which is 0."""
        return 0
