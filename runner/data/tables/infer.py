"""Which type a column has, from all of its rows."""

from runner.data.tables.columns import Column, ColumnType
from runner.data.tables.csv_header import UNNAMED
from runner.data.tables.hints import hint
from runner.data.tables.seen import Seen

_MOSTLY = 0.9
"""A column with as many numbers is one of numbers, and the rest of its values are mistakes to be named."""
_FEW = 20
"""Rows below which one mistake cannot be told from a word."""
_ROW_NUMBERS = {"", "id", "idx", "index", "row", "rowid", "rownumber", "no", "nr", "unnamed0"}
_PAIRS = ({"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"})
_SMALLEST = (("int8", 1 << 7), ("int16", 1 << 15), ("int32", 1 << 31))


def column_of(name: str, seen: Seen) -> Column:
    """The column that was seen, with its type declared or inferred."""
    kind, note = (seen.declared, "") if seen.declared else _inferred(name, seen)
    words = tuple(sorted(seen.words)) if seen.words is not None and kind in ("category", "binary") else ()
    counted = seen.words is not None and seen.rows > 0 and seen.kind != "other"
    distinct = len(seen.words or ()) if counted else None
    storage, declared = _storage(kind, seen), seen.declared is not None
    hinted = hint(seen.sample) if not declared and kind in ("text", "category", "binary") else ""
    return Column(name, kind, seen.missing, distinct, words, storage, note, declared, hinted)


def _inferred(name: str, seen: Seen) -> tuple[ColumnType, str]:
    if seen.valid == 0:
        return "ignore", "no row has a value"
    if seen.kind == "other":
        return "ignore", "its values are neither numbers, dates nor text"
    if seen.kind == "date" or (seen.kind == "text" and _holds(seen, seen.date.faults)):
        return "date", ""
    if seen.kind == "number" or _holds(seen, seen.number.faults):
        return _of_numbers(name, seen)
    return _of_words(seen)


def _holds(seen: Seen, faults: int) -> bool:
    """Whether the values are of a kind but for mistakes."""
    return faults == 0 or (seen.valid >= _FEW and faults <= (1 - _MOSTLY) * seen.valid)


def _of_numbers(name: str, seen: Seen) -> tuple[ColumnType, str]:
    plain = "".join(letter for letter in name.casefold() if letter.isalnum())
    if seen.counts_rows and seen.whole and seen.valid > 1 and (plain in _ROW_NUMBERS or name.startswith(UNNAMED)):
        return "ignore", "it counts the rows"
    if seen.words is not None and set(seen.words) == {"0", "1"}:
        return "binary", ""
    return "number", ""


def _of_words(seen: Seen) -> tuple[ColumnType, str]:
    if seen.images == seen.valid:
        return "image", ""
    if seen.words is not None and len(seen.words) == 2 and {word.casefold() for word in seen.words} in _PAIRS:
        return "binary", ""
    if seen.words is None or 2 * len(seen.words) > seen.valid + 1:
        return "text", "" if seen.words is None else "most rows have a value of their own"
    return ("binary" if len(seen.words) == 2 else "category"), ""


def _storage(kind: ColumnType, seen: Seen) -> str:
    """Integers in the smallest type that holds them, other numbers in float64: no digit of the file is lost."""
    if kind == "number":
        largest = max(abs(seen.low), abs(seen.high)) if seen.valid else 0.0
        return next((name for name, limit in _SMALLEST if seen.whole and largest < limit), "double")
    return {"category": "int32", "binary": "int32", "date": "timestamp[us]", "ignore": ""}.get(kind, "string")
