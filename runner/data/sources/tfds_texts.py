"""Datasets of tensorflow-datasets whose input is a text: read without TensorFlow, and encoded as own texts are."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.cache import cache_folder
from runner.data.examples import Array
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, content_hash, file_facts
from runner.data.records.contents import Records
from runner.data.records.index import known_index
from runner.data.records.message import BrokenMessage, Values, features_of
from runner.data.sources.text import TextDetails, described, require_words
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, targets_of
from runner.data.text.counts import TextCounts
from runner.data.text.encoding import encoding_of
from runner.data.tfds.features import INPUTS, TARGET, Feature, Selection
from runner.data.tfds.metadata import class_words
from runner.data.tfds.own import own_splits
from runner.data.tfds.slices import Part, parts_of
from runner.errors import DataError, KeyPath
from schemas.data import TfdsData


@dataclass(frozen=True)
class _Read:
    """What is read of a dataset's records.

    Attributes:
        texts: of all examples that a part has, each once.
        targets: values of each target, by its path.
        parts: places of the examples of each part among them.
        files: that were read.
        where: how an example is called, by its place.
    """

    texts: list[str]
    targets: dict[str, list[Array]]
    parts: Parts
    files: tuple[FileFacts, ...]
    where: Callable[[int], str]


def with_texts(facts: DataFacts, data: TfdsData, data_dir: Path, *, masked: bool) -> DataFacts:
    """The facts of a dataset whose input is a text: its vocabulary is fixed by the training part.

    Args:
        facts: of the dataset, as its metadata has them.
        data: of the recipe.
        data_dir: where datasets are prepared.
        masked: whether a layer masks what is behind the end of a text.

    Raises:
        DataError: a record is broken or is not what the metadata says, no text that trains has a word, or an option
            does not suit texts.
    """
    selection = facts.details
    assert isinstance(selection, Selection)
    folder = data_dir / data.name / facts.version
    found = _read(data, selection, folder)
    targets = _targets(selection, found, folder)
    counts = TextCounts(data.ngrams or 1)
    counts.add([found.texts[k] for k in found.parts["train"]])
    encoding = encoding_of(counts, data.output or "int", data.vocabulary or 20_000, data.length)
    if encoding.output == "int" and (data.scale is not None or data.center):
        key = "scale" if data.scale is not None else "center"
        raise DataError(f"{key} would change the numbers of the words of {selection.inputs[0].path!r}", "remove it",
                        path=("data", key))  # fmt: skip
    if masked:
        require_words(found.texts, found.where)
    check_unchanged(found.files)
    return replace(
        facts,
        shape=encoding.shape,
        bytes_per_value=encoding.dtype.itemsize,
        class_names=targets.names,
        vocabulary=encoding.numbers,
        sha256=content_hash(found.files),
        remarks=(*facts.remarks, ("vocabulary", described(encoding))),
        details=TextDetails(found.texts, found.files, targets, found.parts, encoding, None),
    )


@dataclass(frozen=True)
class Chosen:
    """The records of a dataset that its parts take.

    Attributes:
        records: of all splits that are used.
        files: that hold them.
        parts: places of each part's records.
    """

    records: Records
    files: tuple[FileFacts, ...]
    parts: Parts


def chosen_records(data: TfdsData, folder: Path) -> Chosen:
    """The records that a recipe's parts take.

    Args:
        data: of the recipe.
        folder: of the prepared version.

    Raises:
        DataError: a file is broken, or holds another number of records than the metadata says.
    """
    info = json.loads((folder / "dataset_info.json").read_text("utf-8"))
    splits = own_splits(data.name, folder, info)
    sizes = {name: split.num_examples for name, split in splits.items()}
    named = {"train": data.splits.train, "validation": data.splits.validation, "test": data.splits.test}
    slices = {part: parts_of(written, sizes) for part, written in named.items() if written is not None}
    used = [name for name in splits if any(piece.split == name for some in slices.values() for piece in some)]
    files = {name: [file_facts(Path(path)) for path in splits[name].filepaths] for name in used}
    whole = tuple(file for name in used for file in files[name])
    records = Records(tuple(file.path for file in whole), tuple(known_index(file, cache_folder()) for file in whole))
    lengths = [length for name in used for length in splits[name].shard_lengths]
    for file, index, length in zip(whole, records.indices, lengths, strict=True):
        if len(index) != length:
            raise DataError(f"{file.path.name} was expected to contain {length:,} records but has {len(index):,}")
    first = dict(zip(used, np.cumsum([0, *(sizes[name] for name in used)]).tolist(), strict=False))
    return Chosen(records, whole, {part: _places(pieces, first) for part, pieces in slices.items()})


def _read(data: TfdsData, selection: Selection, folder: Path) -> _Read:
    """The records of every part, each once, in the order of the files."""
    chosen = chosen_records(data, folder)
    records = chosen.records
    places = np.unique(np.concatenate(list(chosen.parts.values())))
    texts: list[str] = []
    targets: dict[str, list[Array]] = {one.path: [] for one in selection.targets}
    for place, record in zip(places.tolist(), records.at(places), strict=True):
        _take(record, selection, texts, targets, partial(records.called, place))
    parts = {part: np.searchsorted(places, own) for part, own in chosen.parts.items()}
    return _Read(texts, targets, parts, chosen.files, lambda k: records.called(int(places[k])))


def _places(pieces: Sequence[Part], first: Mapping[str, int]) -> Indices:
    """Places of the examples of a part among those of all splits that are used, one split after another."""
    return np.concatenate([np.arange(first[one.split] + one.start, first[one.split] + one.stop) for one in pieces])


def _take(
    record: bytes, selection: Selection, texts: list[str], targets: dict[str, list[Array]], where: Callable[[], str]
) -> None:
    there = values_of(record, where)
    texts.append(text_of(there, selection.inputs[0], where))
    for feature in selection.targets:
        targets[feature.path].append(numbers_of(there, feature, where))


def values_of(record: bytes, where: Callable[[], str]) -> dict[str, Values]:
    """Values of a record by the paths of its features.

    Raises:
        DataError: it is no tf.train.Example.
    """
    try:
        return features_of(record)
    except BrokenMessage as error:
        raise DataError(f"{where()} is not a tf.train.Example: {error}") from error


def text_of(there: dict[str, Values], feature: Feature, where: Callable[[], str]) -> str:
    """The text of a feature.

    Raises:
        DataError: it holds none, or other bytes than UTF-8.
    """
    kind, values = there.get(feature.path, ("bytes", []))
    if kind != "bytes" or len(values) != 1:
        raise DataError(f"{where()}: feature {feature.path!r} holds no text", path=INPUTS)
    try:
        return bytes(values[0]).decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{where()}: feature {feature.path!r} is not UTF-8 text", path=INPUTS) from error


def numbers_of(there: dict[str, Values], feature: Feature, where: Callable[[], str], place: KeyPath = TARGET) -> Array:
    """Numbers of a feature, or the number of its class.

    Raises:
        DataError: there are others than the metadata declares.
    """
    kind, values = there.get(feature.path, ("bytes", []))
    wanted = max(feature.width, 1) if feature.kind == "number" else 1
    if kind == "bytes" or len(values) != wanted:
        raise DataError(f"{where()}: {feature.path!r} holds {len(values)} {kind}; {wanted} numbers are declared",
                        "prepare the dataset without an encoding of this feature", path=place)  # fmt: skip
    found = np.asarray(values)
    if feature.kind == "class" and not 0 <= found[0] < feature.classes:
        message = f"{where()}: {found[0]} is none of the {feature.classes} classes of {feature.path!r}"
        raise DataError(message, "leave the split out, if it has no labels", path=place)
    return found


def _targets(selection: Selection, found: _Read, folder: Path) -> Targets:
    each = {
        one.path: _labels(one, found)
        if selection.apart.get(one.path) == "multi_label"
        else _of_feature(one, found.targets[one.path], folder)
        for one in selection.targets
    }
    if selection.apart:
        return Targets.together(each)
    if len(each) == 1:
        (alone,) = each.values()
        return alone
    return Targets(np.concatenate([one.values.reshape(len(found.texts), -1) for one in each.values()], axis=1), ())


def _labels(feature: Feature, found: _Read) -> Targets:
    column = np.array(found.targets[feature.path])
    values = column if feature.kind == "number" and feature.width > 1 else column[:, 0]
    return targets_of(values, "multi_label", lambda k: f"{found.where(k)}, feature {feature.path!r}", TARGET)


def _of_feature(feature: Feature, values: list[Array], folder: Path) -> Targets:
    column: Any = np.array(values)
    if feature.kind == "class":
        return Targets(column[:, 0].astype(np.int32), class_words(folder, feature))
    return Targets(column[:, 0].astype(np.float32) if feature.width == 1 else column.astype(np.float32), ())
