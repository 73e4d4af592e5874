"""What a table's columns pass through before the recipe's layers, in operations that plain Keras saves and opens."""

import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops
from keras.src.backend.common import global_state

from runner.data.series.prepared import PreparedSeries
from runner.data.statistics.date_treatment import FittedCycle, FittedDate
from runner.data.statistics.fit import Learnt
from runner.data.statistics.image_treatment import WHITE, FittedImage
from runner.data.statistics.number_treatment import FittedNumber
from runner.data.statistics.text_treatment import FittedText
from runner.data.statistics.word_treatment import UNSEEN, FittedWords
from runner.data.tabular.learnt import stored_names
from runner.data.tabular.prepared import PreparedTable
from runner.model.date_reading import parts_of_text
from runner.model.op_names import names_apart
from runner.model.raw import vectorization
from runner.plan.plan import Plan

_NUMBERS = "object_name_uids"
"""Keras' counts of names that it has given."""


class TableFront:
    """Raw inputs of a table to what the recipe's first layer receives: called like a layer.

    Numbers and parts of dates are filled, clipped and scaled together and come first, then a sign for each column
    where a value was missing, then sin and cos of parts of dates, then the places of words, one-hot or embedded,
    then what texts became, then pixels of images. Every call makes embeddings with fresh weights.

    Args:
        learnt: of the training part, in the order of the columns.
        embed: whether to embed what is to be embedded; otherwise its places themselves are given.
    """

    def __init__(self, learnt: Mapping[str, Learnt], *, embed: bool = True) -> None:
        self._embed = embed
        self._numbers: list[tuple[int, FittedNumber]] = []
        self._signs: list[int] = []
        self._cycles: list[tuple[int, FittedCycle]] = []
        self._words: list[tuple[int, FittedWords]] = []
        self._texts: list[tuple[int, FittedText]] = []
        self._images: list[tuple[int, FittedImage]] = []
        place = 0
        for name, one in learnt.items():
            self._put(place, one)
            place += one.size if isinstance(one, FittedImage) else len(stored_names(name, one))

    def _put(self, place: int, one: Learnt) -> None:
        match one:
            case FittedNumber():
                self._numbers.append((place, one))
            case FittedWords():
                self._words.append((place, one))
            case FittedDate():
                self._numbers += enumerate(one.numbers, place)
                self._cycles += enumerate(one.cycles, place + len(one.numbers))
            case FittedText():
                self._texts.append((place, one))
            case FittedImage():
                self._images.append((place, one))
        if isinstance(one, FittedNumber | FittedDate) and one.indicator:
            self._signs.append(place)

    def __call__(self, inputs: Any) -> Any:
        """Inputs of the shape ``(n, numbers)``, or ``(n, rows, numbers)`` of windows."""
        with names_apart():
            return self._made(inputs)

    def _made(self, inputs: Any) -> Any:
        parts = [self._scaled(inputs)] if self._numbers else []
        if self._signs:
            parts.append(ops.cast(ops.isnan(ops.take(inputs, self._signs, axis=-1)), "float32"))
        if self._cycles:
            parts.append(self._on_circles(inputs))
        parts += [self._of_words(inputs, place, one) for place, one in self._words]
        parts += [inputs[:, place : place + one.size] for place, one in self._texts]
        parts += [self._pixels(inputs, place, one) for place, one in self._images]
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def _scaled(self, inputs: Any) -> Any:
        numbers = [one for _, one in self._numbers]
        taken = ops.take(inputs, [place for place, _ in self._numbers], axis=-1)
        values = ops.where(ops.isnan(taken), _row([one.fill or 0.0 for one in numbers]), taken)
        values = ops.maximum(values, _row([one.low for one in numbers]))
        values = ops.minimum(values, _row([one.high for one in numbers]))
        if any(one.log for one in numbers):
            logs = np.array([one.log for one in numbers])[None]
            values = ops.where(logs, ops.log1p(ops.where(logs, values, _row([0.0] * len(numbers)))), values)
        return (values - _row([one.offset for one in numbers])) * _row([one.factor for one in numbers])

    def _pixels(self, inputs: Any, place: int, learnt: FittedImage) -> Any:
        pixels = inputs[:, place : place + learnt.size]
        return pixels * np.float32(1 / WHITE) if learnt.scaled else pixels

    def _on_circles(self, inputs: Any) -> Any:
        """All sines, then all cosines; 0 where a date is missing."""
        taken = ops.take(inputs, [place for place, _ in self._cycles], axis=1)
        turns = _row([2 * np.pi / one.period for _, one in self._cycles])
        angle = (taken - _row([one.first for _, one in self._cycles])) * turns
        pair = ops.concatenate([ops.sin(angle), ops.cos(angle)], axis=1)
        return ops.where(ops.isnan(pair), np.float32(0), pair)

    def _of_words(self, inputs: Any, place: int, learnt: FittedWords) -> Any:
        code = ops.cast(ops.take(inputs, [place], axis=1), "int32")
        if learnt.embed is None:
            return ops.reshape(ops.one_hot(code, learnt.size, dtype="float32"), (-1, learnt.size))
        if not self._embed:
            return ops.cast(code, "float32")
        vectors = keras.layers.Embedding(learnt.size, learnt.embed, name=f"column.{place}", dtype="float32")(code)
        return ops.reshape(vectors, (-1, learnt.embed))


def _row(values: list[float]) -> Any:
    """Constants of the columns; what float32 cannot hold is its largest number, so that no infinity is saved."""
    most = float(np.finfo(np.float32).max)
    return np.clip(np.array(values, np.float64), -most, most).astype(np.float32)[None]


def front_of(plan: Plan, *, embed: bool = True) -> TableFront | None:
    """What the plan's data passes through; None where it is no table and no series."""
    details = plan.data.details
    return TableFront(details.fitted, embed=embed) if isinstance(details, PreparedTable | PreparedSeries) else None


def raw_model(core: Any, table: PreparedTable) -> Any:
    """The trained model for rows as they stand in the file: a mapping of columns to numbers, words and pixels.

    A missing number is NaN, a missing word one of those that stand for it in the file, such as an empty one.

    Args:
        core: the trained model, whose input is the table's raw matrix.
        table: what was learnt of the training part.
    """
    try:
        return _raw_model(core, table, {name for name in table.fitted if "/" in name})  # Keras has no slash in names
    except ValueError:  # a column is called as the model, or as an operation that Keras has named itself
        return _raw_model(core, table, set(table.fitted))


@contextmanager
def _names_from_one() -> Iterator[None]:
    """Keras numbers what has no name; the same model is saved to the same bytes, however many were made before."""
    before = global_state.get_global_attribute(_NUMBERS)
    global_state.set_global_attribute(_NUMBERS, defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute(_NUMBERS, before)


def _raw_model(core: Any, table: PreparedTable, unnamed: set[str]) -> Any:
    """The model; inputs that are ``unnamed`` have numbers for names, and their keys are as in the file all the same."""
    inputs, columns = {}, []
    with _names_from_one(), warnings.catch_warnings():  # of names of inputs that are not their columns'
        for number, (name, learnt) in enumerate(table.fitted.items()):
            kind = "float32" if isinstance(learnt, FittedNumber | FittedImage) else "string"
            called = f"column_{number}" if name in unnamed else name
            shape = learnt.shape if isinstance(learnt, FittedImage) else (1,)
            inputs[name] = keras.Input(shape, name=called, dtype=kind)
            columns.append(_stored(inputs[name], learnt, table, number))
        matrix = ops.concatenate(columns, axis=1) if len(columns) > 1 else columns[0]
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
        return keras.Model(inputs, core(matrix), name=f"{core.name}_on_rows")


def _stored(given: Any, learnt: Learnt, table: PreparedTable, number: int) -> Any:
    """A column's numbers in the trained model's input, from what stands in a file."""
    match learnt:
        case FittedNumber():
            return given
        case FittedImage():
            return ops.reshape(given, (-1, learnt.size))
        case FittedWords():
            return _places(given, learnt, table)
        case FittedDate():
            parts = parts_of_text(given, table.facts.options.date_formats.get(learnt.name), learnt.parts, number)
            return ops.where(_there(given, table), parts, np.float32("nan"))
        case FittedText():
            values = vectorization(learnt.encoding, f"vectorization_{number}")(ops.squeeze(given, axis=1))
            return ops.where(_there(given, table), ops.cast(values, "float32"), np.float32(0))


def _there(words: Any, table: PreparedTable) -> Any:
    """Where a word is none of those that stand for a missing value."""
    return ops.equal(_lookup(_missing(table))(words), 0)


def _places(words: Any, learnt: FittedWords, table: PreparedTable) -> Any:
    """Places of words, as the pipeline has them."""
    absent = _lookup(_missing(table))(words)
    places = _lookup(list(learnt.words))(words) if learnt.words else ops.zeros_like(absent)
    filled = ops.where(ops.equal(absent, 0), places, learnt.fill if learnt.fill is not None else UNSEEN)
    return ops.cast(filled, "float32")


def _lookup(words: list[str]) -> Any:
    """0 for an unknown word, else the word's place from 1; Keras wants a word for the unknown that is none of them."""
    unknown = "[UNK]"
    while unknown in words:
        unknown += "_"
    return keras.layers.StringLookup(vocabulary=words, oov_token=unknown)


def _missing(table: PreparedTable) -> list[str]:
    """Words that stand for a missing value; a lookup takes no empty vocabulary, and an empty word always is one."""
    return list(dict.fromkeys(("", *table.facts.options.missing)))
