"""A prepared dataset that tensorflow-datasets does not ship, read by its metadata.

``tfds.builder_from_directory`` would import the module that ``features.json`` names. Here the file is read as data:
features of four plain classes are made from what it says of them, and any other is refused.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.tfds.metadata import supervised_features
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
    supervised_keys: tuple[str, str]
    file_format: OwnFormat = OwnFormat()


@dataclass(frozen=True)
class OwnBuilder:
    """As much of a builder as reading takes."""

    info: OwnInfo
    data_dir: Path


def own_builder(name: str, folder: Path) -> OwnBuilder:
    """What reads a prepared dataset by its metadata.

    Args:
        name: of the dataset.
        folder: of the prepared version.

    Raises:
        DataError: when a feature is not plain, or the metadata is damaged.
    """
    import tensorflow_datasets as tfds

    info, features = (json.loads((folder / file).read_text("utf-8")) for file in ("dataset_info.json", "features.json"))
    source, target = supervised_features(info, features)
    keys = tuple(item["featureKey"] for item in info["supervisedKeys"]["tuple"]["items"][:2])
    made = tfds.features.FeaturesDict({key: _feature(item) for key, item in zip(keys, (source, target), strict=True)})
    splits = {split["name"]: _split(split, name, folder) for split in info["splits"]}
    return OwnBuilder(OwnInfo(splits, made, (keys[0], keys[1])), folder)


def _feature(described: Any) -> Any:
    import tensorflow_datasets as tfds

    if "classLabel" in described:
        return tfds.features.ClassLabel(num_classes=int(described["classLabel"]["numClasses"]))
    image = described.get("image")
    kept = image if image is not None else described["tensor"]
    shape = tuple(int(side) for side in kept.get("shape", {}).get("dimensions", ()))
    dtype = np.dtype(str(kept["dtype"]))
    if image is None:
        return tfds.features.Tensor(shape=shape, dtype=dtype)
    return tfds.features.Image(shape=shape, dtype=dtype, encoding_format=image.get("encodingFormat") or None)


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
