"""Reads what tensorflow-datasets wrote beside a prepared dataset: plain JSON, nothing imported.

tensorflow-datasets itself imports the module that ``features.json`` names; here only numbers and names are
taken from the two files, so that ``recipe plan`` needs neither TensorFlow nor trust in the directory.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.data.facts import DataFacts
from runner.data.targets import LABEL_CLASSES
from runner.data.tfds.features import TARGET, Feature, Selection, feature_paths, selected
from runner.data.tfds.names import known_nowhere
from runner.data.tfds.slices import parts_of
from runner.errors import DataError
from schemas.data import TfdsData

_BYTES = {"uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "float16": 2}
"""Of one value, for types that do not take 4."""


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
        raise DataError(f"{path} cannot be read: {error}", "delete its folder and prepare the dataset again") from error


def tfds_facts(data: TfdsData, data_dir: Path, apart: Mapping[str, str] | None = None) -> DataFacts | None:
    """Facts of a prepared dataset; None when it is not prepared in ``data_dir``.

    Args:
        data: of the recipe.
        data_dir: where datasets are prepared.
        apart: of several outputs the task of each target.

    Raises:
        DataError: when the directory is damaged, a split or a feature is missing, or only code that the directory names
            could read it.
    """
    folder = prepared_directory(data.name, data_dir)
    if folder is None:
        return None
    info = _read(folder / "dataset_info.json")
    selection = selection_of(data, folder, info, apart)
    try:
        sizes = {s["name"]: sum(int(n) for n in s["shardLengths"]) for s in info["splits"]}
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{folder / 'dataset_info.json'} gives no sizes of splits: {error!r}") from error
    _require_readable(data, folder, info)
    train, validation, test = (
        _count(split, sizes) for split in (data.splits.train, data.splits.validation, data.splits.test)
    )
    named = data.inputs is not None or data.target is not None
    return DataFacts(
        "tfds",
        data.name,
        folder.name,
        train,
        validation,
        test,
        selection.shape,
        selection.classes,
        _BYTES.get(selection.dtype, 4),
        targets=selection.names,
        target_classes=_classes_of_columns(folder, selection) if apart else None,
        remarks=(("features", selection.described),) if named else (),
        details=selection,
    )


def _classes_of_columns(folder: Path, selection: Selection) -> tuple[tuple[str, ...], ...]:
    """Of several outputs the classes of each column of the targets, none of a number."""
    found: list[tuple[str, ...]] = []
    for feature in selection.targets:
        task = selection.apart.get(feature.path)
        if task == "multi_label":
            found += [LABEL_CLASSES] * (1 if feature.kind == "class" else feature.width)
        elif task == "binary" and feature.dtype == "bool":
            found.append(LABEL_CLASSES)
        else:
            found.append(class_words(folder, feature))
    return tuple(found)


def class_words(folder: Path, feature: Feature) -> tuple[str, ...]:
    """Names of a feature's classes, or their numbers where the dataset has no names; none where it is a number."""
    if feature.kind != "class":
        return ()
    names = label_names(folder, feature.path)
    return names if len(names) == feature.classes else tuple(map(str, range(feature.classes)))


def label_names(folder: Path, path: str | None) -> tuple[str, ...]:
    """What tensorflow-datasets wrote beside the examples of the names of classes; nothing where that is not clear.

    Args:
        folder: of a prepared version.
        path: of the feature; None: the only one that has classes.
    """
    files = list(folder.glob("*.labels.txt"))
    if path is not None:  # its slashes are dashes in the file's name
        files = [file for file in files if file.name == f"{path.replace('/', '-')}.labels.txt"]
    if len(files) != 1:
        return ()
    try:
        text = files[0].read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ()  # numbers are names as well
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def selection_of(data: TfdsData, folder: Path, info: Any, apart: Mapping[str, str] | None = None) -> Selection:
    """What is seen and predicted: as the recipe names it, else by the keys that the dataset declares.

    Args:
        data: of the recipe.
        folder: of the prepared version.
        info: what its ``dataset_info.json`` holds.
        apart: of several outputs the task of each target.

    Raises:
        DataError: a feature is not there or cannot be used, or neither the recipe nor the dataset names any.
    """
    features = _read(folder / "features.json")
    declared = _declared(info)
    inputs = data.features_of("inputs") or declared[:1]
    targets = data.features_of("target") or declared[1:]
    if not inputs or not targets:
        known = ", ".join(map(repr, feature_paths(features)[:20]))
        missing = " and ".join(key for key, some in (("inputs", inputs), ("target", targets)) if not some)
        raise DataError(
            f"dataset {data.name!r} in {folder} does not declare its input and target",
            f"write `{missing}`: it has the features {known}",
        )
    found = selected(features, inputs, targets, apart)
    both = [path for path in inputs if path in targets]
    if both:
        raise DataError(f"feature {both[0]!r} is an input and a target", "name another one", path=TARGET)
    return found


def _declared(info: Any) -> tuple[str, ...]:
    """Names of the dataset's own input and target; nothing where it declares none."""
    try:
        keys = [str(item["featureKey"]) for item in info["supervisedKeys"]["tuple"]["items"]]
    except (KeyError, TypeError):
        return ()
    return tuple(keys[:2]) if len(keys) >= 2 else ()


def _require_readable(data: TfdsData, folder: Path, info: Any) -> None:
    """Refuse what a run could not read: files of another format, but for datasets whose own builder reads them.

    Raises:
        DataError: when only code that the directory names could read it.
    """
    form = info.get("fileFormat", "tfrecord")
    if form != "tfrecord" and (known_nowhere(data.name) or data.inputs is not None or data.target is not None):
        why = "tensorflow-datasets does not ship it" if known_nowhere(data.name) else "the recipe names features"
        raise DataError(
            f"dataset {data.name!r} in {folder} has files of format {form}, and {why}",
            "prepare it with file_format='tfrecord'",
        )


def _count(split: str | None, sizes: dict[str, int]) -> int:
    if split is None:
        return 0
    return sum(part.examples for part in parts_of(split, sizes))
