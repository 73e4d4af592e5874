"""The trained model for raw inputs: what the program did to the data before the model goes into the saved one."""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras

from runner.data.facts import DataFacts
from runner.data.sources.text import TextDetails
from runner.data.text.encoding import Encoding

CLASSES = "class_names.json"
"""Member of a saved model: names of the classes, in the order of its outputs. Keras passes over it."""


def for_raw_inputs(model: Any, data: DataFacts) -> Any:
    """A model that takes texts where the trained one takes their numbers; any other model as it is.

    It shares the trained model's weights.
    """
    if not isinstance(data.details, TextDetails):
        return model
    texts = keras.Input((), dtype="string", name="text")
    return keras.Model(texts, model(vectorization(data.details.encoding)(texts)), name=f"{model.name}_of_texts")


def vectorization(encoding: Encoding) -> Any:
    """Keras' layer with the vocabulary of the training part."""
    return keras.layers.TextVectorization(
        output_mode=encoding.output,
        output_sequence_length=encoding.length,
        vocabulary=list(encoding.words),
        idf_weights=list(encoding.weights) if encoding.weights is not None else None,
        name="vectorization",
    )


def add_class_names(path: Path, names: tuple[str, ...]) -> None:
    """Put the names of the classes into a saved model, where there are any."""
    if names:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(zipfile.ZipInfo(CLASSES), json.dumps(names, ensure_ascii=False, indent=1))
