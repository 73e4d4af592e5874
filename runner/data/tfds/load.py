"""Datasets of tensorflow-datasets: prepared on this machine, or downloaded.

The builder's class is looked up by its plain name among those that tensorflow-datasets ships, and made
with the person's data directory: nothing in that directory decides which code is imported. A prepared dataset that
tensorflow-datasets does not ship is read by its metadata, where its features are plain.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.examples import Dataset, Examples, Split
from runner.data.facts import DataFacts
from runner.data.pixels.jpeg import JPEG_DECODER
from runner.data.placement import Placement, Window
from runner.data.streaming.block_order import StreamedSplit, WindowOrder, collected
from runner.data.tfds.features import Selection
from runner.data.tfds.hub import unreachable
from runner.data.tfds.own import may_be_jpeg, own_builder
from runner.data.tfds.ranges import Shards, has_ranges, ranges_reader, targets_reader, unreadable
from runner.data.tfds.slices import parts_of
from runner.data.tfds.taking import target_shape, target_type
from runner.data.tfds.unions import JoinedShards
from runner.errors import DataError, HubError
from runner.quiet import quiet_import
from schemas.data import TfdsData

WAYS_OUT = (
    "point TFDS_DATA_DIR or --data-dir at a directory where the dataset is prepared",
    "declare `fallback: {source: builtin, name: mnist-5k}` under `data:`",
)
_IN_FILE_ORDER = Window(1024, 1)


def builder_of(name: str, data_dir: Path, version: str | None = None) -> Any:
    """The builder that tensorflow-datasets ships.

    Raises:
        DataError: it ships none of that name.
    """
    with quiet_import():
        import tensorflow  # noqa: F401 - tensorflow-datasets imports it later, and then aloud
        import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        cls = tfds.builder_cls(name)
    except tfds.core.registered.DatasetNotFoundError as error:
        raise DataError(f"tensorflow-datasets has no dataset {name!r}", "`name` is a plain tfds name") from error
    return cls(data_dir=str(data_dir), version=version)


def _prepared(data: TfdsData, data_dir: Path, facts: DataFacts) -> Any:
    """What reads a prepared dataset: its metadata, or its own builder where its files are not read by position.

    Both are decided by what :func:`runner.data.tfds.metadata.tfds_facts` has looked at, so that a plan and a run agree.
    """
    assert isinstance(facts.details, Selection)
    folder = data_dir / data.name / facts.version
    own = own_builder(data.name, folder, facts.details)
    return own if has_ranges(own) else builder_of(data.name, data_dir, facts.version)


def download(data: TfdsData, data_dir: Path, report: Callable[[str], None]) -> None:
    """Download and prepare a dataset.

    Whether the hub answers is tried first, because tensorflow-datasets itself retries for minutes.

    Raises:
        HubError: within 10 seconds when the hub does not answer; later when the download fails.
        DataError: when there is no such dataset.
    """
    builder = builder_of(data.name, data_dir)
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


def _at_once(builder: Any, split: str, count: int, facts: DataFacts) -> Examples:
    """One split of files that are not read by ranges, in their own order."""
    import tensorflow as tf

    try:
        x, y = builder.as_dataset(split=split, batch_size=-1, as_supervised=True, shuffle_files=False)
    except tf.errors.OpError as error:
        raise unreadable(split, error.message) from error
    if len(x) != count:
        raise DataError(f"split {split!r} has {len(x):,} examples, but its metadata says {count:,}")
    return Examples(
        np.asarray(x).reshape(-1, *facts.shape),
        np.asarray(y).astype(np.int32 if facts.classes is not None else np.float32),
    )


def load_tfds(data: TfdsData, facts: DataFacts, data_dir: Path, where: Placement) -> Dataset:
    """Read a prepared dataset into memory, or make ready to read it as it trains.

    Raises:
        DataError: when the files do not hold what their metadata says.
    """
    builder = _prepared(data, data_dir, facts)

    def made(split: str | None, count: int, *, in_memory: bool) -> Split | None:
        if split is None:
            return None
        if in_memory and not has_ranges(builder):
            return _at_once(builder, split, count, facts)
        found = _streamed(builder, split, count, facts, where.window or _IN_FILE_ORDER)
        return collected(found) if in_memory else found

    splits = data.splits
    train = made(splits.train, facts.train, in_memory=where.window is None)
    assert train is not None
    return Dataset(
        train,
        made(splits.validation, facts.validation, in_memory=where.evaluation),
        made(splits.test, facts.test, in_memory=where.evaluation),
    )


def _streamed(builder: Any, split: str, count: int, facts: DataFacts, window: Window) -> StreamedSplit:
    sizes = {name: int(info.num_examples) for name, info in builder.info.splits.items()}
    parts = parts_of(split, sizes)
    total = sum(part.examples for part in parts)
    if total != count:
        raise DataError(f"split {split!r} has {total:,} examples, but its metadata says {count:,}")
    shards = JoinedShards([(Shards(builder, part.split, part.start), part.examples) for part in parts], split)
    selection, y_type = builder.selection, target_type(builder.selection)
    return StreamedSplit(
        WindowOrder(count, window.block, window.blocks),
        ranges_reader(builder, shards, y_type),
        facts.shape,
        np.dtype(selection.dtype),
        y_type,
        _identity(shards.identity(Path(builder.data_dir)), facts, selection),
        target_shape(selection),
        read_targets=targets_reader(builder, shards, count),
    )


def _identity(files: str, facts: DataFacts, selection: Selection) -> str:
    """What a split is: its examples, which of their features, where the recipe names them, and how JPEG is decoded."""
    said = [named] if (named := dict(facts.remarks).get("features")) is not None else []
    said += [JPEG_DECODER] if any(map(may_be_jpeg, selection.inputs)) else []
    return hashlib.sha256(" ".join([files, *said]).encode()).hexdigest() if said else files
