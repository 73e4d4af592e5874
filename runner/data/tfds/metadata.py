"""Reads what tensorflow-datasets wrote beside a prepared dataset: plain JSON, nothing imported.

tensorflow-datasets itself imports the module that ``features.json`` names; here only numbers and names are
taken from the two files, so that ``recipe plan`` needs neither TensorFlow nor trust in the directory.
"""

import json
from pathlib import Path
from typing import Any

from runner.data.facts import DataFacts
from runner.data.tfds.names import known_nowhere
from runner.data.tfds.slices import parts_of
from runner.errors import DataError
from schemas.data import TfdsData

PLAIN = {
    "image_feature.Image", "tensor_feature.Tensor", "scalar.Scalar", "class_label_feature.ClassLabel",
}  # fmt: skip
"""Classes of features that are read by what ``features.json`` says of them."""


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.name.split("."))


def prepared_directory(name: str, data_dir: Path) -> Path | None:
    """Folder of the newest prepared version of ``name``; None when there is none."""
    versions = [
        path.parent
        for path in (data_dir / name).glob("*.*.*/dataset_info.json")
        if all(part.isdigit() for part in path.parent.name.split("."))
    ]
    return max(versions, key=_version, default=None)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}", "prepare the dataset anew: delete its folder") from error


def _input_and_target(info: Any, features: Any) -> tuple[Any, Any]:
    """Descriptions of the two supervised features, by the keys that the dataset declares."""
    keys = [item["featureKey"] for item in info["supervisedKeys"]["tuple"]["items"]]
    table = features["featuresDict"]["features"]
    return table[keys[0]], table[keys[1]]


def _shape(feature: Any) -> tuple[tuple[int, ...], int]:
    kind = "image" if "image" in feature else "tensor"
    shape = tuple(int(d) for d in feature[kind].get("shape", {}).get("dimensions", []))
    return shape, 1 if feature[kind].get("dtype") == "uint8" else 4


def supervised_features(info: Any, features: Any) -> tuple[Any, Any]:
    """Descriptions of the input and the target: plain features of tensorflow-datasets' own.

    Raises:
        DataError: when one of them is of another class, which only code from the directory could read.
    """
    found = _input_and_target(info, features)
    for feature in found:
        kind = str(feature.get("pythonClassName", "")).rpartition("features.")[2]
        own = str(feature.get("pythonClassName", "")).startswith("tensorflow_datasets.core.features.")
        if not own or kind not in PLAIN or feature.get("tensor", {}).get("encoding", "none") not in ("none", ""):
            raise DataError(
                f"feature class {feature.get('pythonClassName')!r} is not one of tensorflow-datasets' plain ones, and "
                "code that a dataset's folder names is not imported",
                "prepare the dataset with Image, Tensor, Scalar and ClassLabel features",
            )
    return found


def _require_readable(data: TfdsData, folder: Path, info: Any, features: Any) -> None:
    """Refuse what a run could not read: a dataset that tensorflow-datasets does not ship, with features of its own.

    Raises:
        DataError: when only code that the directory names could read it.
    """
    if known_nowhere(data.name):
        supervised_features(info, features)
        if info.get("fileFormat", "tfrecord") != "tfrecord":
            raise DataError(
                f"dataset {data.name!r} in {folder} has files of format {info['fileFormat']}, and tensorflow-datasets "
                "does not ship it",
                "prepare it with file_format='tfrecord'",
            )


def tfds_facts(data: TfdsData, data_dir: Path) -> DataFacts | None:
    """Facts of a prepared dataset; None when it is not prepared in ``data_dir``.

    Raises:
        DataError: when the directory is damaged, a split is missing, or the dataset has another form than
            fixed-size inputs with a class or a number to predict.
    """
    folder = prepared_directory(data.name, data_dir)
    if folder is None:
        return None
    info, features = _read(folder / "dataset_info.json"), _read(folder / "features.json")
    try:
        sizes = {s["name"]: sum(int(n) for n in s["shardLengths"]) for s in info["splits"]}
        source, target = _input_and_target(info, features)
        shape, width = _shape(source)
        classes = int(target["classLabel"]["numClasses"]) if "classLabel" in target else None
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError(
            f"dataset {data.name!r} in {folder} is not of a supported form (an input of fixed size and a class "
            f"or a number to predict): {error!r}"
        ) from error
    _require_readable(data, folder, info, features)
    if any(side < 1 for side in shape):
        raise DataError(f"inputs of {data.name!r} have no fixed size: {shape}")
    train, validation, test = (
        _count(split, sizes) for split in (data.splits.train, data.splits.validation, data.splits.test)
    )
    return DataFacts("tfds", data.name, folder.name, train, validation, test, shape, classes, width)


def _count(split: str | None, sizes: dict[str, int]) -> int:
    if split is None:
        return 0
    return sum(part.examples for part in parts_of(split, sizes))
