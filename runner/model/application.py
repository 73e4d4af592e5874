"""Applications of Keras: their layers as layers of the model, each under the name of the application.

They are part of the model's own graph and not a model within it, so that groups, weight decay, replicas, checkpoints
and exports see them as they see all others.
"""

import collections
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import keras
from keras.src.backend.common import global_state
from keras.src.models import Functional
from keras.src.utils import file_utils

from runner.model.preprocessing import Preprocessing
from schemas.layers.applications.application import Application
from schemas.layers.applications.names import KERAS

_NAMES = "object_name_uids"
"""Keras' counts of names that it has given."""


class ApplicationLayers:
    """An application that is made for inputs of one shape, and applied like a layer.

    Args:
        layer: of a recipe, with a name.
        shape: of its input, without the batch axis.
    """

    def __init__(self, layer: Application, shape: tuple[int | None, ...]) -> None:
        assert layer.name is not None
        self.name = layer.name
        with _names_from_the_beginning(), keras.name_scope(self.name), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "This model usually expects", UserWarning)
            warnings.filterwarnings("ignore", "`input_shape` is undefined or non-square", UserWarning)
            function = getattr(keras.applications, KERAS[layer.application])
            weights = None if layer.weights == "none" else layer.weights
            with _nothing_loaded():
                self.model = function(weights=weights, input_shape=shape, **layer.keras_arguments())
            self._preprocessing = Preprocessing(layer.facts.mode if layer.preprocessing else "inside", self.name)
        for inner in self.model.layers:
            inner.name = f"{self.name}.{inner.name}"

    def __call__(self, inputs: Any) -> Any:
        """The output for a tensor of the model's graph; the application's layers become layers of that graph."""
        return self.model._run_through_graph([self._preprocessing(inputs)], operation_fn=lambda operation: operation)

    @property
    def layers(self) -> list[Any]:
        """Its layers in Keras' order, without the input layer."""
        return [layer for layer in self.model.layers if not isinstance(layer, keras.layers.InputLayer)]

    @property
    def weights(self) -> list[Any]:
        """All weights, in Keras' order."""
        return list(self.model.weights)

    @property
    def trainable_variables(self) -> list[Any]:
        """Weights that train."""
        return list(self.model.trainable_variables)

    def count_params(self) -> int:
        """Number of weights."""
        return int(self.model.count_params())

    def inner_values(self) -> int:
        """Number of values of the outputs of its layers but the last, for one example."""
        outputs = (output for layer in self.layers[:-1] for output in layer._inbound_nodes[0].outputs)
        return sum(math.prod(side or 1 for side in output.shape[1:]) for output in outputs)


@contextmanager
def _names_from_the_beginning() -> Iterator[None]:
    """While the block runs, names count from the beginning, and those of later layers know nothing of it."""
    before = deepcopy(global_state.get_global_attribute(_NAMES))
    global_state.set_global_attribute(_NAMES, collections.defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute(_NAMES, before)


@contextmanager
def _nothing_loaded() -> Iterator[None]:
    """While the block runs, Keras' functions build what goes with published weights, and fetch and load nothing.

    EfficientNet has a layer more with them. The weights come later, from a file that was checked.
    """
    get_file = file_utils.get_file
    file_utils.get_file = lambda name, *_, **__: name
    Functional.load_weights = lambda *_, **__: None
    try:
        yield
    finally:
        file_utils.get_file = get_file
        del Functional.load_weights  # that of its base class is there again
