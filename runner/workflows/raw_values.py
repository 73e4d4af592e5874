"""Examples as they lie in their files: the cells of a row, the beginning of a text."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.cache import cache_folder
from runner.data.sources.language import TokenDetails
from runner.data.sources.text import TextDetails
from runner.data.tables.store import stored_table
from runner.data.tabular.prepared import PreparedTable
from runner.plan.plan import Plan
from runner.text import printable

_BEGINNING = 300
"""Characters of a text or a cell."""


def raw_values(plan: Plan, places: NDArray[np.int64], part: str = "train") -> list[Mapping[str, str]]:
    """The inputs of some examples by name, as text; empty mappings where the data has no names for them.

    Args:
        plan: says where the examples come from.
        places: of the examples in their part, shape ``(n,)``.
        part: of the data.
    """
    match plan.data.details:
        case PreparedTable() as table:
            return _cells(table, table.parts[part][places])
        case TextDetails() as texts:
            rows = texts.parts[part][places]
            return [{"text": _shown(" ".join(texts.texts[int(row)].split()))} for row in rows]
        case TokenDetails() as tokens:
            rows = tokens.inputs[tokens.parts[part][places]]
            return [{"text": _shown(tokens.vocabulary.text(row))} for row in rows.tolist()]
        case _:
            return [{} for _ in places]


def _cells(table: PreparedTable, rows: NDArray[Any]) -> list[Mapping[str, str]]:
    taken = stored_table(table.facts, cache_folder()).take(rows, list(table.inputs))
    return [{name: _cell(table, name, values[k]) for name, values in taken.items()} for k in range(len(rows))]


def _cell(table: PreparedTable, name: str, value: Any) -> str:
    """A number in its shortest form, a date in ISO 8601, a word, or nothing where a value is missing."""
    column = table.facts.column(name)
    if column.type in ("category", "binary") and np.asarray(value).dtype.kind in "iu":
        return _shown(column.words[int(value)]) if int(value) >= 0 else ""
    if value is None or value != value:
        return ""
    if isinstance(value, np.datetime64):
        return str(value.astype("M8[s]")).removesuffix("T00:00:00")
    return _shown(str(value) if isinstance(value, str) else f"{value:.6g}")


def _shown(text: str) -> str:
    return printable(text if len(text) <= _BEGINNING else f"{text[: _BEGINNING - 1]}…")
