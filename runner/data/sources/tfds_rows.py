"""Datasets of tensorflow-datasets with a text beside other inputs: kept as a table, and treated as one."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from runner.data.cache import cache_folder
from runner.data.facts import DataFacts
from runner.data.files import check_unchanged, content_hash
from runner.data.records.message import Values
from runner.data.sources.table import facts_of
from runner.data.sources.tfds_texts import Chosen, chosen_records, numbers_of, text_of, values_of
from runner.data.splits.shares import Indices
from runner.data.tables.source import TableFiles
from runner.data.tabular.known import known_facts
from runner.data.tabular.prepared import prepared_table
from runner.data.tabular.roles import open_options, table_options
from runner.data.tfds.features import INPUTS, TARGET, Feature, Selection
from runner.data.tfds.metadata import class_words
from runner.data.tfds.rows import columns_of, rows_of
from runner.disk.atomic import replacing
from runner.errors import DataError
from schemas.data import TfdsData
from schemas.recipe import Recipe

_FORM = 1
"""Of the kept table; a new one makes the old files unused."""
_ROWS = 4096
"""Rows of a batch of the kept table."""


def as_table(facts: DataFacts, data: TfdsData, data_dir: Path, recipe: Recipe) -> DataFacts:
    """The facts of a dataset whose rows have texts: numbers are standardized, classes one-hot, as a table's are.

    Args:
        facts: of the dataset, as its metadata has them.
        data: of the recipe.
        data_dir: where datasets are prepared.
        recipe: says what the examples are for.

    Raises:
        DataError: a record is broken or is not what the metadata says, an option does not suit a table, or the cache
            cannot be written.
    """
    selection = facts.details
    assert isinstance(selection, Selection)
    assert recipe.task != "language_model"  # R745
    _check(data, selection)
    folder = data_dir / data.name / facts.version
    chosen = chosen_records(data, folder)
    paths = _stored(chosen, selection, data.name, folder)
    check_unchanged(chosen.files)
    table = rows_of(data, [str(path) for path in paths], selection.inputs)
    options = table_options(table, recipe.task, TableFiles(paths, open_options(table)), data.name)
    known = known_facts(paths, options, cache_folder())
    prepared, _ = prepared_table(table, known, recipe.task, recipe.seed, cache_folder())
    if selection.classes is not None:  # all of them, in the dataset's order
        target = replace(prepared.target, classes=class_words(folder, selection.targets[0]))
        prepared = replace(prepared, target=target)
    found = facts_of(prepared, "tfds", facts.name)
    return replace(found, version=facts.version, sha256=content_hash(chosen.files), remarks=facts.remarks)


def _check(data: TfdsData, selection: Selection) -> None:
    text = next(feature.path for feature in selection.inputs if feature.kind == "text")
    if data.output in (None, "int"):
        message = f"{text!r} is a text beside other inputs, which a sequence of its words cannot be"
        raise DataError(message, "write `output: multi_hot` or `output: tf_idf`", path=INPUTS)
    for key in ("scale", "center"):
        if getattr(data, key):
            message = f"numbers beside the text {text!r} are scaled to mean 0 and variance 1, as columns of a table are"
            raise DataError(f"{message}; {key} has no inputs left", f"remove `{key}`", path=("data", key))
    if data.target is None:
        raise DataError(f"the recipe names {text!r} and no target", "write `target: FEATURE`", path=INPUTS)
    if selection.apart:
        message = f"{text!r} is a text beside other inputs, and these have one output"
        raise DataError(message, "name the text alone, or write one task", path=INPUTS)
    wide = next((one for one in selection.targets if one.kind != "class" and one.width > 1), None)
    if wide is not None:
        message = f"{wide.path!r} has {wide.width} numbers; beside inputs with a text a target is a class or one number"
        raise DataError(message, "name another feature", path=TARGET)


def _stored(chosen: Chosen, selection: Selection, name: str, folder: Path) -> list[Path]:
    """A file of the cache for each part, whose name begins with the part's; it is written where there is none."""
    features = (*selection.inputs, *selection.targets)
    words = [class_words(folder, feature) for feature in features]
    said = [_FORM, content_hash(chosen.files), words, [[one.path, one.kind, one.width] for one in features]]
    said += [[part, hashlib.sha256(places.tobytes()).hexdigest()] for part, places in chosen.parts.items()]
    kept = cache_folder() / f"tfds-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"
    paths = []
    for part, places in chosen.parts.items():
        if len(places):
            paths.append(kept / f"{part}-{name}.arrow")
            _write(paths[-1], _batches(chosen, places, list(zip(features, words, strict=True))))
    return paths


def _write(path: Path, batches: Iterator[Any]) -> None:
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary, pa.OSFile(str(temporary), "wb") as file:
            first = next(batches)
            with pa.ipc.new_file(file, first.schema) as writer:
                writer.write_batch(first)
                for batch in batches:
                    writer.write_batch(batch)
    except OSError as error:
        message = f"{path.parent} cannot be written: {error.strerror or error}"
        raise DataError(message, "set RECIPE_CACHE_DIR to cache data in another folder") from error


def _batches(chosen: Chosen, places: Indices, features: Sequence[tuple[Feature, tuple[str, ...]]]) -> Iterator[Any]:
    types = {
        name: pa.float64() if one.kind == "number" else pa.string() for one, _ in features for name in columns_of(one)
    }
    for start in range(0, len(places), _ROWS):
        here = places[start : start + _ROWS]
        rows = []
        for place, record in zip(here.tolist(), chosen.records.at(here), strict=True):
            where = partial(chosen.records.called, place)
            there = values_of(record, where)
            rows.append([value for one, words in features for value in _values(there, one, words, where)])
        columns = zip(types.items(), zip(*rows, strict=True), strict=True)
        yield pa.record_batch([pa.array(values, kind) for (_, kind), values in columns], names=[*types])


def _values(there: dict[str, Values], feature: Feature, words: tuple[str, ...], where: Any) -> list[Any]:
    if feature.kind == "text":
        return [text_of(there, feature, where)]
    found = numbers_of(there, feature, where, INPUTS)
    return [words[int(found[0])]] if feature.kind == "class" else found.astype(float).tolist()
