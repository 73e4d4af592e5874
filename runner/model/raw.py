"""The trained model for raw inputs: what the program did to the data before the model goes into the saved one."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import keras

from runner.data.facts import DataFacts
from runner.data.sources.language import TokenDetails
from runner.data.sources.text import TextDetails
from runner.data.text.encoding import Encoding
from runner.data.text.tokens import TokenVocabulary
from runner.measures.decisions import Thresholds
from runner.model.next_token import of_texts

CLASSES = "class_names.json"
"""Member of a saved model: names of classes, targets or labels in the order of its outputs. Keras passes over it."""

THRESHOLD = "threshold.json"
"""Member of a saved model: the probability above which an output means class 1, or its label; of several outputs by
name. Keras passes over it."""

_SHARED = re.compile(rb'("shared_object_id": )(\d+)')


def for_raw_inputs(model: Any, data: DataFacts) -> Any:
    """A model that takes texts where the trained one takes their numbers; any other model as it is.

    It shares the trained model's weights.
    """
    if isinstance(data.details, TokenDetails):
        return of_texts(model, token_vectorization(data.details.vocabulary))
    if not isinstance(data.details, TextDetails):
        return model
    texts = keras.Input((), dtype="string", name="text")
    return keras.Model(texts, model(vectorization(data.details.encoding)(texts)), name=f"{model.name}_of_texts")


def vectorization(encoding: Encoding, name: str = "vectorization") -> Any:
    """Keras' layer with the vocabulary of the training part."""
    return keras.layers.TextVectorization(
        output_mode=encoding.output,
        output_sequence_length=encoding.length,
        vocabulary=list(encoding.words),
        ngrams=encoding.ngrams if encoding.ngrams > 1 else None,
        idf_weights=list(encoding.weights) if encoding.weights is not None else None,
        name=name,
    )


def token_vectorization(vocabulary: TokenVocabulary) -> Any:
    """Keras' layer from a text to the numbers of all of its tokens."""
    characters = vocabulary.kind == "characters"
    return keras.layers.TextVectorization(
        standardize=None if characters else "lower_and_strip_punctuation",
        split="character" if characters else "whitespace",
        vocabulary=list(vocabulary.tokens),
        name="vectorization",
    )


def finish_file(path: Path, names: tuple[str, ...], threshold: Thresholds | None = None) -> None:
    """Make a saved model the same file for the same model, and put names of classes and threshold into it.

    Keras writes the address of every object that is shared, such as an initializer, into ``config.json``; here they
    are numbered in their order instead.
    """
    with zipfile.ZipFile(path) as archive:
        if not names and threshold is None and not _SHARED.search(archive.read("config.json")):
            return  # as nearly all models are
        members = [(member, archive.read(member)) for member in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members:
            archive.writestr(member, _numbered(content) if member.filename == "config.json" else content)
        if names:
            archive.writestr(zipfile.ZipInfo(CLASSES), json.dumps(names, ensure_ascii=False, indent=1))
        if threshold is not None:
            archive.writestr(zipfile.ZipInfo(THRESHOLD), json.dumps({"threshold": threshold}))


def _numbered(config: bytes) -> bytes:
    numbers: dict[bytes, int] = {}
    return _SHARED.sub(lambda found: found[1] + b"%d" % numbers.setdefault(found[2], len(numbers)), config)
