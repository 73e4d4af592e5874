"""A prepared dataset, read by its metadata.

``tfds.builder_from_directory`` would import the module that ``features.json`` names. Here the file is read as data:
features of four plain classes are made from what it says of them, and any other is refused.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.tfds.features import Feature, Selection
from runner.errors import DataError

_TEMPLATE = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"
_SAFE = re.compile(r"[A-Za-z0-9_.{}-]+")


@dataclass(frozen=True)
class OwnFormat:
    """Of a dataset's files."""

    value: str = "tfrecord"


@dataclass(frozen=True)
class OwnSplit:
    """A whole split."""

    filepaths: list[str]
    shard_lengths: list[int]

    @property
    def num_examples(self) -> int:
        """Of all files."""
        return sum(self.shard_lengths)


@dataclass(frozen=True)
class OwnInfo:
    """What is read of a dataset's metadata, by the names that tensorflow-datasets has for it."""

    splits: dict[str, OwnSplit]
    features: Any
    file_format: OwnFormat = OwnFormat()


@dataclass(frozen=True)
class OwnBuilder:
    """As much of a builder as reading takes."""

    info: OwnInfo
    data_dir: Path
    selection: Selection

    def decoders(self) -> dict[str, Any]:
        """Of images that may be JPEG files, nested as the features are.

        tensorflow-datasets would decode them by the fast transform, and so to other pixels than Pillow and
        ``source: images``.
        """
        import tensorflow as tf
        import tensorflow_datasets as tfds

        from runner.data.pixels.decode import decoded

        @tfds.decode.make_decoder(output_dtype=np.uint8)  # type: ignore[untyped-decorator]
        def accurate(content: Any, feature: Any) -> Any:
            jpeg = partial(decoded, content, feature.shape[-1])
            return tf.ensure_shape(
                tf.cond(tf.io.is_jpeg(content), jpeg, lambda: feature.decode_example(content)), feature.shape
            )

        return _placed((feature, accurate()) for feature in self.selection.inputs if may_be_jpeg(feature))

    def target_features(self) -> Any:
        """What reads the targets of a record alone: no image is decoded."""
        import tensorflow_datasets as tfds

        return tfds.features.FeaturesDict(_nested(list(self.selection.targets)))


def own_builder(name: str, folder: Path, selection: Selection) -> OwnBuilder:
    """What reads a prepared dataset by its metadata.

    Args:
        name: of the dataset.
        folder: of the prepared version.
        selection: features that are read; the others are passed over.

    Raises:
        DataError: when the metadata is damaged.
    """
    import tensorflow_datasets as tfds

    info = json.loads((folder / "dataset_info.json").read_text("utf-8"))
    made = tfds.features.FeaturesDict(_nested([*selection.inputs, *selection.targets]))
    splits = own_splits(name, folder, info)
    return OwnBuilder(OwnInfo(splits, made, OwnFormat(info.get("fileFormat") or "tfrecord")), folder, selection)


def own_splits(name: str, folder: Path, info: Any) -> dict[str, OwnSplit]:
    """The whole splits of a prepared dataset, in its order.

    Args:
        name: of the dataset.
        folder: of the prepared version.
        info: what its ``dataset_info.json`` holds.

    Raises:
        DataError: the metadata names files outside the folder.
    """
    return {split["name"]: _split(split, name, folder) for split in info["splits"]}


def may_be_jpeg(feature: Feature) -> bool:
    """Whether a feature is an image of 8 bits whose metadata does not say that it is another format's."""
    if feature.kind != "image" or np.dtype(feature.dtype) != np.uint8 or feature.shape[-1] not in (1, 3):
        return False
    return (feature.described["image"].get("encodingFormat") or "jpeg") == "jpeg"


def _nested(features: list[Feature]) -> dict[str, Any]:
    """Features by their names, those of a path within one another."""
    return _placed((feature, _made(feature)) for feature in features)


def _placed(made: Iterable[tuple[Feature, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for feature, each in made:
        *above, name = feature.path.split("/")
        inner = found
        for one in above:
            inner = inner.setdefault(one, {})
        inner[name] = each
    return found


def _made(feature: Feature) -> Any:
    import tensorflow_datasets as tfds

    dtype = np.dtype(feature.dtype)
    if feature.kind == "class":
        return tfds.features.ClassLabel(num_classes=feature.classes)
    if feature.kind == "number":
        encoding = feature.described["tensor"].get("encoding") or "none"
        return tfds.features.Tensor(shape=feature.shape, dtype=dtype, encoding=encoding)
    form = feature.described["image"].get("encodingFormat") or None
    return tfds.features.Image(shape=feature.shape, dtype=dtype, encoding_format=form)


def _split(described: Any, name: str, folder: Path) -> OwnSplit:
    lengths = [int(length) for length in described["shardLengths"]]
    template = described.get("filepathTemplate") or _TEMPLATE
    if _SAFE.fullmatch(template) is None:
        raise DataError(f"{folder / 'dataset_info.json'} names files outside its folder: {template!r}")
    words = {"{DATASET}": name, "{SPLIT}": described["name"], "{FILEFORMAT}": "tfrecord"}
    for word, value in words.items():
        template = template.replace(word, value)
    shards = [f"{k:05d}-of-{len(lengths):05d}" for k in range(len(lengths))]
    return OwnSplit([str(folder / template.replace("{SHARD_X_OF_Y}", shard)) for shard in shards], lengths)
