"""Vectors for positions, of Keras' own layers and operations: plain Keras saves and opens them."""

import math
from typing import Any

import keras
import numpy as np
from keras.src import backend

from runner.model.layers import keras_arguments
from schemas.layers.sequences import PositionEmbedding, PositionEncoding

_MASKED = -32768.0
"""What stands in all features of a masked step before ``Masking`` zeroes it; every floating type has this number."""


class _Positions:
    """Stands among the layers of a model where vectors of positions are added.

    The vectors are those of one example, and are added to those of all.

    Args:
        name: of the recipe's layer.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._uses = 0
        self._masking = keras.layers.Masking(_MASKED, name=f"{name}.masked")  # in the precision of this place

    def __call__(self, inputs: Any) -> Any:
        """Inputs of the shape ``(n, steps, features)`` to the same shape, with the mask that they have."""
        self._uses += 1
        mask = backend.get_keras_mask(inputs)
        added = self._named("sum", keras.ops.add(inputs, self._vectors(inputs)))
        return added if mask is None else self._masked(added, mask)

    def _vectors(self, inputs: Any) -> Any:
        raise NotImplementedError

    def _places(self, inputs: Any) -> Any:
        """Positions 0, 1, … of the shape ``(1, steps)``: floats, which a GPU sums as well."""
        first = self._named("first", keras.ops.get_item(inputs, (slice(0, 1), slice(None), 0)))
        ones = self._named("ones", keras.ops.ones_like(first, dtype="float32"))
        counted = self._named("counted", keras.ops.cumsum(ones, axis=1))
        return self._named("places", keras.ops.subtract(counted, 1.0))

    def _masked(self, steps: Any, mask: Any) -> Any:
        """The steps with a mask, by the layer that makes one: an operation hands none on, and a sum needs two."""
        kept = self._named("kept", keras.ops.expand_dims(mask, -1))
        marked = self._named("marked", keras.ops.where(kept, steps, _MASKED))
        return self._masking(marked)

    def _named(self, word: str, made: Any) -> Any:
        """What an operation gives, which is called after the layer: a model has each name once."""
        made._keras_history.operation.name = self._name(word)
        return made

    def _name(self, word: str) -> str:
        return f"{self.name}.{word}" + (f"_{self._uses}" if self._uses > 1 else "")


class PositionLayers(_Positions):
    """Vectors that are learned.

    The ``Embedding`` has the name of the recipe's layer: groups, weight decay and weights of other runs find it.

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
        super().__init__(self.embedding.name)

    def _vectors(self, inputs: Any) -> Any:
        rows = self.embedding.input_dim
        if inputs.shape[1] is None or inputs.shape[1] > rows:
            raise ValueError(f"there are vectors for {rows} positions; received {inputs.shape[1]} steps")
        return self.embedding(self._named("whole", keras.ops.cast(self._places(inputs), "int32")))

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


class EncodingLayers(_Positions):
    """Sines and cosines: P[t, k] = sin(t · f_k + φ_k) with f_k = w^(-2⌊k/2⌋/d), and φ_k = π/2 for odd k.

    Args:
        layer: of a recipe, with a name.
    """

    weights: tuple[Any, ...] = ()
    trainable_variables: tuple[Any, ...] = ()

    def __init__(self, layer: PositionEncoding) -> None:
        super().__init__(str(layer.name))
        self._wavelength = layer.max_wavelength

    def _vectors(self, inputs: Any) -> Any:
        places = np.arange(inputs.shape[-1])
        rates = (self._wavelength ** -((places - places % 2) / len(places))).astype(np.float32)
        shifts = (places % 2 * math.pi / 2).astype(np.float32)
        columns = self._named("columns", keras.ops.expand_dims(self._places(inputs), -1))
        angles = self._named("angles", keras.ops.multiply(columns, rates))
        shifted = self._named("shifted", keras.ops.add(angles, shifts))
        waves = self._named("waves", keras.ops.sin(shifted))
        return self._named("cast", keras.ops.cast(waves, inputs.dtype))

    def count_params(self) -> int:
        """Number of its weights, which is 0."""
        return 0
