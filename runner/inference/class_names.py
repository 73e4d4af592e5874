"""Names of the classes that a model was trained on, where the data has them."""

import csv
import re
from pathlib import Path

from runner.data.access import DataAccess
from runner.data.sample_reading import sample_file
from runner.data.tfds.metadata import label_names
from schemas.data import BuiltinData, Data, Fallback, TfdsData

_HEADED = ("iris", "wine", "breast_cancer")
"""Samples whose file begins with examples, features and the names of the classes."""


def class_names(data: Data | Fallback, version: str, classes: int, access: DataAccess) -> tuple[str, ...]:
    """A name for each class: the data's, or the class number where the data has none or is not on this machine.

    Args:
        data: what trained.
        version: of the dataset, as the run recorded it.
        classes: number of classes.
        access: where data is.
    """
    match data:
        case TfdsData():
            names = _of_tfds(access.directory / data.name / version, data.features_of("target"))
        case BuiltinData() | Fallback():
            names = _of_sample(data.name)
        case _:
            names = ()
    return names if len(names) == classes else tuple(map(str, range(classes)))


def _of_tfds(folder: Path, target: tuple[str, ...]) -> tuple[str, ...]:
    """What tensorflow-datasets wrote beside the examples; the folder is the person's, its version the run's."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", folder.name):
        return ()
    return label_names(folder, target[0] if target else None)


def _of_sample(name: str) -> tuple[str, ...]:
    if name == "photos":
        return ("china", "flower")
    if name not in _HEADED:
        return ()
    with sample_file(name).open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file))[2:])
