"""From an example of a dataset to inputs and targets, in TensorFlow's operations."""

from typing import Any

import numpy as np

from runner.data.tfds.features import Feature, Selection


def target_type(selection: Selection) -> np.dtype[Any]:
    """Of a class, or of numbers."""
    return np.dtype(np.int32 if selection.classes is not None else np.float32)


def target_shape(selection: Selection) -> tuple[int, ...]:
    """Of one target."""
    return (len(selection.names),) if selection.names else ()


def specs(selection: Selection) -> tuple[Any, Any]:
    """What :func:`taken` gives of one example."""
    import tensorflow as tf

    x = tf.TensorSpec(selection.shape, tf.as_dtype(selection.dtype))
    return x, tf.TensorSpec(target_shape(selection), tf.as_dtype(target_type(selection)))


def taken(example: Any, selection: Selection) -> tuple[Any, Any]:
    """Input and target of an example.

    Args:
        example: values by name, nested as the features are.
        selection: what is seen and predicted.
    """
    import tensorflow as tf

    inputs = selection.inputs
    x = _side_by_side(example, inputs) if selection.dtype == "float32" else _value(example, inputs[0])
    return tf.reshape(tf.cast(x, tf.as_dtype(selection.dtype)), selection.shape), target_of(example, selection)


def target_of(example: Any, selection: Selection) -> Any:
    """Target of an example; nothing else is looked at."""
    import tensorflow as tf

    targets = selection.targets
    if selection.apart:  # a class by its number, as an output of several takes it
        return tf.concat([tf.reshape(tf.cast(_value(example, one), tf.float32), [-1]) for one in targets], axis=0)
    y = _side_by_side(example, targets) if selection.classes is None else _value(example, targets[0])
    return tf.reshape(tf.cast(y, tf.as_dtype(target_type(selection))), target_shape(selection))


def _value(example: Any, feature: Feature) -> Any:
    for name in feature.path.split("/"):
        example = example[name]
    return example


def _side_by_side(example: Any, features: tuple[Feature, ...]) -> Any:
    """Numbers of all features one after another, a class as a one among zeros."""
    import tensorflow as tf

    def numbers(feature: Feature) -> Any:
        value = _value(example, feature)
        wide = tf.one_hot(value, feature.classes) if feature.kind == "class" else tf.cast(value, tf.float32)
        return tf.reshape(wide, [-1])

    parts = [numbers(feature) for feature in features]
    return tf.concat(parts, axis=0) if len(parts) > 1 else parts[0]
