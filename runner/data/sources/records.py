"""``source: tfrecord``: TFRecord files whose features the recipe declares."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, content_hash, file_facts
from runner.data.paths import named_files
from runner.data.placement import Placement
from runner.data.records.contents import Records, targets_in
from runner.data.records.decoding import Inputs, decoder
from runner.data.records.index import known_index
from runner.data.records.unpacked import unpacked
from runner.data.sources.own_parts import ALL, divided, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, Where, require_trained, targets_of
from runner.errors import DataError, KeyPath
from schemas.data_base import several
from schemas.recipe import Recipe
from schemas.record_data import RecordData

_TARGET: KeyPath = ("data", "target")


@dataclass(frozen=True)
class RecordDetails:
    """What loading needs of the facts."""

    files: tuple[FileFacts, ...]
    records: Records
    targets: Targets
    parts: Parts
    inputs: Inputs


class RecordSource:
    """TFRecord files, read by position."""

    def __init__(self, data: RecordData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Every record once: its checksums, its features, and its target.

        Raises:
            DataError: a record is broken or is not what the recipe declares; it is named by file and number.
        """
        paths, own = self._paths()
        files = tuple(file_facts(path) for path in paths)
        try:
            plain = [unpacked(file, cache_folder()) for file in files]
            indices = tuple(known_index(file, cache_folder()) for file in plain)
            records = Records(tuple(file.path for file in plain), indices)
            if not len(records):
                raise DataError(f"{paths[0].name} holds no record")
            values = targets_in(records, self.data.features, self.data.seen, self.data.targets)
        except DataError as error:
            if error.place == DataError.path:
                error.at(("data", "files"))
            raise
        targets = self._targets(values, records)
        found = _places(records, own)
        parts = divided(found, targets.values if targets.names else None, self.data.splits, self.recipe.seed)
        for name, one in (targets.apart or {"": targets}).items():
            require_trained(one, parts, _where(records, name), _TARGET)
        check_unchanged(files)
        inputs = Inputs(tuple((name, self.data.features[name]) for name in self.data.seen))
        sha256 = content_hash(files)
        return DataFacts(
            "tfrecord",
            self.data.called,
            sha256[:12],
            *sizes_of(parts),
            inputs.shape,
            targets.classes,
            inputs.dtype.itemsize,
            class_names=targets.names,
            sha256=sha256,
            targets=targets.several,
            target_classes=targets.classes_of,
            labels=targets.labels,
            remarks=(("records", _described(records)),),
            details=RecordDetails(files, records, targets, parts, inputs),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Decode the records of each part, or make ready to decode them as the model trains.

        Raises:
            DataError: a file has changed, or an image cannot be decoded; it is named.
        """
        details = facts.details
        assert isinstance(details, RecordDetails)
        check_unchanged(details.files)
        reading = _reading(details, facts)
        return dataset_of(details.parts, lambda _: reading, placement)

    def _targets(self, values: dict[str, Array], records: Records) -> Targets:
        """Those of the one target, or of several outputs as the task of each wants them."""
        task, tasks = self.recipe.task, self.recipe.model.target_tasks
        if task != "multi_output":
            (alone,) = values.values()
            return targets_of(_column(alone, task, several=task != "classification"), task, records.called, _TARGET)
        apart = dict[str, Targets]()
        for name, one in values.items():
            column = _column(one, tasks[name], several=tasks[name] == "multi_label")
            apart[name] = targets_of(column, tasks[name], _where(records, name), _TARGET)
        return Targets.together(apart)

    def _paths(self) -> tuple[list[Path], dict[str, tuple[int, int]]]:
        """All files, and which of them are of which part: first, and one past the last."""
        named = {ALL: self.data.files, "validation": self.data.validation, "test": self.data.test}
        if self.data.validation is not None or self.data.test is not None:
            named["train"] = named.pop(ALL)
        paths: list[Path] = []
        own: dict[str, tuple[int, int]] = {}
        for part, files in named.items():
            if files is None:
                continue
            key = "files" if part in (ALL, "train") else part
            found = named_files(several(files), self.access, ("data", key))
            twice = next((path for path in found if path in paths), None)
            if twice is not None:
                raise DataError(f"{twice.name} is in two parts", "name each file once", path=("data", key))
            own[part] = (len(paths), len(paths) + len(found))
            paths += found
        return paths, own


def _places(records: Records, own: dict[str, tuple[int, int]]) -> dict[str, Indices]:
    starts = np.cumsum([0, *map(len, records.indices)])
    return {part: np.arange(starts[first], starts[stop]) for part, (first, stop) in own.items()}


def _where(records: Records, name: str) -> Where:
    """How records are called in messages; with the name of the target where there are several."""
    return lambda place: records.called(place) + (f", feature {name!r}" if name else "")


def _column(values: Array, task: str, *, several: bool) -> Array:
    """One target an example as one column; several of a regression or of labels as they are."""
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim == 1 or (values.ndim == 2 and several):
        return values
    raise DataError(
        f"the target has the shape {list(values.shape[1:])}; {task} takes one value per example",
        "declare the shape of a row for `task: regression` or `multi_label`",
        path=_TARGET,
    )


def _described(records: Records) -> str:
    files = len(records.paths)
    return f"{len(records):,} in {files:,} file{'' if files == 1 else 's'}, lengths and checksums in order"


def _reading(details: RecordDetails, facts: DataFacts) -> Reading:
    decode = cache(lambda: decoder(details.inputs))  # traced once, where the first record is read
    inputs, targets = details.inputs, details.targets.values

    def taken(chosen: Indices) -> Examples:
        records = list(details.records.at(chosen))
        return Examples(_decoded(decode(), records, details, chosen), targets[chosen])

    def blocks(asked: Iterator[Indices]) -> Iterator[Examples]:
        for places in asked:
            check_unchanged(details.files)
            yield taken(places)

    return Reading(blocks, inputs.shape, inputs.dtype, targets, f"{facts.sha256} {inputs.features!r}")


def _decoded(
    decode: Callable[[Sequence[bytes]], Array], records: list[bytes], details: RecordDetails, places: Indices
) -> Array:
    """Inputs of records; where they cannot be decoded, one by one, to name the first that is at fault."""
    import tensorflow as tf

    try:
        return decode(records)
    except tf.errors.OpError as error:
        for place, record in zip(places, records, strict=True):
            try:
                decode([record])
            except tf.errors.OpError as own:
                raise DataError(
                    f"{details.records.called(int(place))} cannot be decoded: {_first_line(own.message)}",
                    "fix the record, or the shape and encoding that are declared",
                    path=("data", "features"),
                ) from own
        raise DataError(
            f"records cannot be decoded: {_first_line(error.message)}", path=("data", "features")
        ) from error


def _first_line(message: str) -> str:
    """What TensorFlow says, without its own insides."""
    return message.splitlines()[0].rpartition("}} ")[2][:200]
