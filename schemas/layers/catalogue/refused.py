"""Layers of Keras that a recipe may not name, and why."""

import re
from collections.abc import Mapping
from functools import cache

_CODE = "it would run code contained in the recipe; `kind: custom` runs code of yours, with --allow-code"
_PART = "it is a part or a base of other layers"
_DATA = "it prepares data: `data` has treatments for columns and texts, fitted on the training part"
_AUGMENTATION = "it changes pictures at random or for training alone; `data.augment` does that"

REFUSED: Mapping[str, str] = {
    "Lambda": _CODE,
    "TFSMLayer": "it runs a model from a folder of the recipe's choice; `kind: custom` does that, with --allow-code",
    "FlaxLayer": _CODE,
    "JaxLayer": _CODE,
    "TorchModuleWrapper": _CODE,
    "Layer": _PART,
    "Wrapper": _PART,
    "InputLayer": "the model's input follows from the data",
    "RNN": "it runs cells, which are parts of layers; lstm, gru and simple_rnn have theirs",
    "GRUCell": "it is a part of gru",
    "LSTMCell": "it is a part of lstm",
    "SimpleRNNCell": "it is a part of simple_rnn",
    "StackedRNNCells": "it is a part of recurrent layers; write one after the other, with return_sequences",
    "SpectralNormalization": "it changes another layer's kernel in each call, so that no update is the planned one",
    "ReversibleEmbedding": "the way back to words needs a second call; `embedding` is the way in",
    "Normalization": "its statistics are fitted on data; write `scale: standard` under data, or batch_normalization",
    "CategoryEncoding": _DATA,
    "Discretization": _DATA,
    "HashedCrossing": _DATA,
    "Hashing": _DATA,
    "IntegerLookup": _DATA,
    "StringLookup": _DATA,
    "TextVectorization": _DATA,
    "MelSpectrogram": "it is for audio, which recipes have no data source for",
    "STFTSpectrogram": "it is for audio, which recipes have no data source for",
    "MaxNumBoundingBoxes": "it is for detection, which recipes have no task for",
    "Pipeline": "it chains layers of augmentation; write layers one after another",
    "AugMix": _AUGMENTATION,
    "AutoContrast": _AUGMENTATION,
    "ContrastLimitedAdaptiveHistogramEqualization": _AUGMENTATION,
    "CutMix": _AUGMENTATION,
    "Equalization": _AUGMENTATION,
    "MixUp": _AUGMENTATION,
    "RandAugment": _AUGMENTATION,
    "Solarization": _AUGMENTATION,
}
"""Reasons by Keras' names; those that begin with ``Random`` have the reason of augmentation."""


def reason(word: str) -> str | None:
    """Why a layer is not part of the language, for any spelling of its name; None if nobody refused it."""
    spelt = _plain(word)
    return _reasons().get(spelt) or (_AUGMENTATION if spelt in _random() else None)


@cache
def _reasons() -> dict[str, str]:
    return {_plain(name): why for name, why in REFUSED.items()}


@cache
def _random() -> frozenset[str]:
    from schemas.layers.catalogue.table import layers

    return frozenset(_plain(name) for name in layers() if name.startswith("Random"))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())
