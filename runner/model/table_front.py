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

from runner.data.statistics.number_treatment import FittedNumber
from runner.data.statistics.word_treatment import UNSEEN, FittedWords
from runner.data.tabular.prepared import PreparedTable
from runner.plan.plan import Plan

_NUMBERS = "object_name_uids"
"""Keras' counts of names that it has given."""
Learnt = Mapping[str, FittedNumber | FittedWords]


class TableFront:
    """Raw inputs of a table, a column each, to what the recipe's first layer receives: called like a layer.

    Numbers are filled, clipped and scaled together and come first, then a sign for each where one was missing, then
    the places of words, one-hot.

    Args:
        learnt: of the training part, in the order of the columns.
    """

    def __init__(self, learnt: Learnt) -> None:
        self._numbers = [(place, one) for place, one in enumerate(learnt.values()) if isinstance(one, FittedNumber)]
        self._words = [(place, one) for place, one in enumerate(learnt.values()) if isinstance(one, FittedWords)]

    def __call__(self, inputs: Any) -> Any:
        """Inputs of the shape ``(n, columns)``."""
        parts = self._scaled(inputs) if self._numbers else []
        parts += [_one_hot(inputs, place, one) for place, one in self._words]
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def _scaled(self, inputs: Any) -> list[Any]:
        numbers = [one for _, one in self._numbers]
        taken = ops.take(inputs, [place for place, _ in self._numbers], axis=1)
        missing = ops.isnan(taken)
        values = ops.where(missing, _row([one.fill or 0.0 for one in numbers]), taken)
        values = ops.maximum(values, _row([one.low for one in numbers]))
        values = ops.minimum(values, _row([one.high for one in numbers]))
        if any(one.log for one in numbers):
            logs = np.array([one.log for one in numbers])[None]
            values = ops.where(logs, ops.log1p(ops.where(logs, values, _row([0.0] * len(numbers)))), values)
        scaled = (values - _row([one.offset for one in numbers])) * _row([one.factor for one in numbers])
        signs = [place for place, one in enumerate(numbers) if one.indicator]
        return [scaled, ops.cast(ops.take(missing, signs, axis=1), "float32")] if signs else [scaled]


def _row(values: list[float]) -> Any:
    """Constants of the columns; what float32 cannot hold is its largest number, so that no infinity is saved."""
    most = float(np.finfo(np.float32).max)
    return np.clip(np.array(values, np.float64), -most, most).astype(np.float32)[None]


def _one_hot(inputs: Any, place: int, learnt: FittedWords) -> Any:
    code = ops.cast(ops.take(inputs, [place], axis=1), "int32")
    return ops.reshape(ops.one_hot(code, learnt.size, dtype="float32"), (-1, learnt.size))


def front_of(plan: Plan) -> TableFront | None:
    """What the plan's data passes through; None where it is no table."""
    return TableFront(plan.data.details.fitted) if isinstance(plan.data.details, PreparedTable) else None


def raw_model(core: Any, table: PreparedTable) -> Any:
    """The trained model for rows as they stand in the file: a mapping of columns to numbers and words.

    A missing number is NaN, a missing word one of those that stand for it in the file, such as an empty one.

    Args:
        core: the trained model, whose input is the table's raw matrix.
        table: what was learnt of the training part.
    """
    with _names_from_one():
        return _raw_model(core, table)


@contextmanager
def _names_from_one() -> Iterator[None]:
    """Keras numbers what has no name; the same model is saved to the same bytes, however many were made before."""
    before = global_state.get_global_attribute(_NUMBERS)
    global_state.set_global_attribute(_NUMBERS, defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute(_NUMBERS, before)


def _raw_model(core: Any, table: PreparedTable) -> Any:
    inputs, columns = {}, []
    for number, (name, learnt) in enumerate(table.fitted.items()):
        kind = "float32" if isinstance(learnt, FittedNumber) else "string"
        called = f"column_{number}" if "/" in name else name  # Keras has no slash in names; the key is as in the file
        inputs[name] = keras.Input((1,), name=called, dtype=kind)
        columns.append(inputs[name] if isinstance(learnt, FittedNumber) else _places(inputs[name], learnt, table))
    matrix = ops.concatenate(columns, axis=1) if len(columns) > 1 else columns[0]
    with warnings.catch_warnings():  # of names of inputs that are not their columns'
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
        return keras.Model(inputs, core(matrix), name=f"{core.name}_on_rows")


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
