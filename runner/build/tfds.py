"""Datasets of tensorflow-datasets: prepared on this machine, or downloaded.

The builder's class is looked up by its plain name among those that tensorflow-datasets ships, and made
with the person's data directory: nothing in that directory decides which code is imported.
"""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from runner.build.arrays import Dataset, Examples
from runner.build.reachable import unreachable
from runner.plan.facts import DataError, DataFacts
from schemas.data import TfdsData

WAYS_OUT = (
    "point TFDS_DATA_DIR or --data-dir at a directory where the dataset is prepared",
    "declare `fallback: {source: builtin, name: mnist-5k}` under `data:`",
)
_OPERATION = re.compile(r"\{\{.*?\}\}|\[Op:.*", re.DOTALL)
"""What TensorFlow's messages say about its own insides."""


class HubError(DataError):
    """The dataset is not prepared here and cannot be downloaded now."""


def _builder(name: str, data_dir: Path, version: str | None = None) -> Any:
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        cls = tfds.builder_cls(name)
    except tfds.core.registered.DatasetNotFoundError as error:
        raise DataError(f"tensorflow-datasets has no dataset {name!r}", "`name` is a plain tfds name") from error
    return cls(data_dir=str(data_dir), version=version)


def download(data: TfdsData, data_dir: Path, report: Callable[[str], None]) -> None:
    """Download and prepare a dataset.

    Whether the hub answers is tried first, because tensorflow-datasets itself retries for minutes.

    Raises:
        HubError: within 10 seconds when the hub does not answer; later when the download fails.
        DataError: when there is no such dataset.
    """
    builder = _builder(data.name, data_dir)
    report(f"trying to reach the hub for {data.name}")
    reason = unreachable(builder.url_infos)
    if reason is not None:
        raise HubError(f"dataset {data.name!r} is not prepared in {data_dir} and {reason}", *WAYS_OUT)
    report(f"downloading {data.name} into {data_dir}")
    try:
        builder.download_and_prepare()
    except Exception as error:  # tfds and its readers raise whatever they like; all of it means no data
        detail = str(error).strip().splitlines()
        raise HubError(
            f"dataset {data.name!r} could not be downloaded: {type(error).__name__}: {detail[0] if detail else ''}",
            *WAYS_OUT,
        ) from error


def _read(builder: Any, split: str, count: int, classes: int | None) -> Examples:
    """One split as arrays, in the files' own order."""
    import tensorflow as tf

    try:
        x, y = builder.as_dataset(split=split, batch_size=-1, as_supervised=True, shuffle_files=False)
    except tf.errors.OpError as error:  # files that are missing, torn, or end before their metadata says
        reason = _OPERATION.sub("", error.message).strip()
        raise DataError(
            f"split {split!r} cannot be read: {reason}", "delete the dataset's folder: it is prepared anew"
        ) from error
    if len(x) != count:
        raise DataError(f"split {split!r} has {len(x):,} examples, but its metadata says {count:,}")
    return Examples(np.asarray(x), np.asarray(y).astype(np.int32 if classes is not None else np.float32))


def load_tfds(data: TfdsData, facts: DataFacts, data_dir: Path) -> Dataset:
    """Read a prepared dataset into memory.

    Raises:
        DataError: when the files do not hold what their metadata says.
    """
    builder = _builder(data.name, data_dir, facts.version)
    splits = data.splits
    sizes = ((splits.train, facts.train), (splits.validation, facts.validation), (splits.test, facts.test))
    train, validation, test = (
        _read(builder, split, count, facts.classes) if split is not None else None for split, count in sizes
    )
    assert train is not None
    return Dataset(train, validation, test)
