"""What a run's saved model gives: its outputs as probabilities, and the trained model within it."""

from collections.abc import Mapping
from typing import Any

from runner.model.model_file import names_of_columns


def with_probabilities(model: Any, *, logits: bool, labels: bool = False) -> Any:
    """The model whose outputs are probabilities: sigmoid of one logit or of labels, softmax of classes.

    Without logits it is the model itself.
    """
    if not logits:
        return model
    import keras

    activation = "sigmoid" if labels or model.output_shape[-1] == 1 else "softmax"
    with names_of_columns():
        return keras.Model(model.input, keras.layers.Activation(activation, dtype="float32")(model.outputs[0]))


def with_named_outputs(model: Any, outputs: Mapping[str, slice]) -> Any:
    """The model that gives an array for each of several outputs by its name, in place of their columns in one.

    They are what the model's last layer puts beside one another, and not cut out of it again: an 8-bit model has one
    scale for an array, in which a probability would be lost beside a large number.
    """
    import keras

    with names_of_columns():
        return keras.Model(model.input, _heads(model, outputs))


def _heads(model: Any, outputs: Mapping[str, slice]) -> dict[str, Any]:
    columns = model.outputs[0]
    given = columns._keras_history.operation.input
    widths = [own.stop - own.start for own in outputs.values()]
    if isinstance(given, list) and [tensor.shape[-1] for tensor in given] == widths:
        return dict(zip(outputs, given, strict=True))
    return {name: columns[:, own] for name, own in outputs.items()}


def core_of(model: Any) -> Any:
    """The trained model within one that takes raw rows or texts; any other model itself.

    The saved model of a table or of texts applies the trained one, a layer of its own, to what it makes of its inputs.
    """
    import keras

    nested = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return nested[-1] if takes_raw(model) and nested else model


def takes_raw(model: Any) -> bool:
    """Whether the model takes named columns or texts in place of one array of numbers."""
    return isinstance(model.input, dict) or any(tensor.dtype == "string" for tensor in model.inputs)


def vocabulary_of(model: Any) -> tuple[str, ...]:
    """What the outputs of a saved language model stand for; the first two are padding and unseen tokens."""
    _, *tokens = vectorization_of(model).get_vocabulary()
    return ("[PAD]", *map(str, tokens))


def vectorization_of(model: Any) -> Any:
    """The layer of a saved model of texts that makes numbers of them."""
    import keras

    return next(layer for layer in model.layers if isinstance(layer, keras.layers.TextVectorization))
