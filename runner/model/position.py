"""The embedding of positions, of Keras' own layers and operations: plain Keras saves and opens it."""

from typing import Any

import keras
from keras.src import backend

from runner.model.layers import keras_arguments
from schemas.layers.sequences import PositionEmbedding

_MASKED = -32768.0
"""What stands in all features of a masked step before ``Masking`` zeroes it; every floating type has this number."""


class PositionLayers:
    """Stands among the layers of a model where vectors of positions are added.

    The ``Embedding`` has the name of the recipe's layer, so that groups, weight decay and weights of other runs find
    it. It looks up the positions of one example, whose vectors are added to those of all.

    Args:
        layer: of a recipe, with a name.
        steps: of its input.
        features: of its input.

    Raises:
        ValueError: there is no telling how many steps the input has.
    """

    def __init__(self, layer: PositionEmbedding, steps: int | None, features: int | None) -> None:
        if steps is None or features is None:
            raise ValueError("positions need a known number of steps; give `data.length`, or `reshape` the input")
        self.embedding = keras.layers.Embedding(steps, features, **keras_arguments(layer))
        self._uses = 0

    def __call__(self, inputs: Any) -> Any:
        """Inputs of the shape ``(n, steps, features)`` to the same shape, with the mask that they have."""
        ops, mask = keras.ops, backend.get_keras_mask(inputs)
        rows = self.embedding.input_dim
        if inputs.shape[1] is None or inputs.shape[1] > rows:
            raise ValueError(f"there are vectors for {rows} positions; received {inputs.shape[1]} steps")
        self._uses += 1
        first = self._named("first", ops.get_item(inputs, (slice(0, 1), slice(None), 0)))
        ones = self._named("ones", ops.ones_like(first, dtype="float32"))  # floats, which a GPU sums as well
        counted = self._named("counted", ops.cumsum(ones, axis=1))
        places = self._named("places", ops.subtract(counted, 1.0))
        added = self._named("sum", ops.add(inputs, self.embedding(self._named("whole", ops.cast(places, "int32")))))
        return added if mask is None else self._masked(added, mask)

    def _masked(self, steps: Any, mask: Any) -> Any:
        """The steps with a mask, by the layer that makes one: an operation hands none on, and a sum needs two."""
        kept = self._named("kept", keras.ops.expand_dims(mask, -1))
        marked = self._named("marked", keras.ops.where(kept, steps, _MASKED))
        return keras.layers.Masking(_MASKED, name=self._name("masked"))(marked)

    def _named(self, word: str, made: Any) -> Any:
        """What an operation gives, which is called after the layer: a model has each name once."""
        made._keras_history.operation.name = self._name(word)
        return made

    def _name(self, word: str) -> str:
        return f"{self.embedding.name}.{word}" + (f"_{self._uses}" if self._uses > 1 else "")

    @property
    def weights(self) -> list[Any]:
        """The table."""
        return list(self.embedding.weights)

    @property
    def trainable_variables(self) -> list[Any]:
        """The table."""
        return list(self.embedding.trainable_variables)

    def count_params(self) -> int:
        """Steps · features."""
        return int(self.embedding.count_params())
