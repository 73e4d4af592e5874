"""Turns rows of a table, or texts, into what an exported model takes: with NumPy and the standard library alone.

A folder exported from a model of a table or of texts holds this file. In Python:

    from preprocess import Preprocess

    inputs = Preprocess.open("preprocess.json")(rows)

``rows`` are texts, or mappings of the columns to values, such as those of ``csv.DictReader`` or of JSON; the value of
a column of images is an array of pixels from 0 to 255, of the size that ``preprocess.json`` says. A model that takes
numbers gets an array of shape ``(n, *shape)``, one that takes columns a mapping of arrays of shape ``(n, 1)``, or
``(n, height, width, channels)`` of images, and one that takes texts an array of shape ``(n,)``. From the command line,
for a model that takes numbers, and no images:

    python preprocess.py rows.csv inputs.npy
"""

import base64
import contextlib
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Row = Mapping[str, Any] | str
"""Values of columns, or a text."""
Inputs = Array | dict[str, Array]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST = float(np.finfo(np.float32).max)
_PUNCTUATION = re.compile(rb"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
_UNSEEN_WORD, _FIRST_WORD = 1, 2
"""Numbers in a sequence of a word that is not known, and of the first one that is; 0 is what follows the text's end."""
_UNSEEN = 0
"""Place of a category that is not known."""


class Preprocess:
    """What was done to the data in training, for one exported model.

    Args:
        metadata: what the export's ``preprocess.json`` holds.
    """

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        raw = metadata["raw"]
        self.takes: str = raw["takes"]
        self._texts = _Texts(raw) if raw["kind"] == "texts" else None
        self._columns = _Columns(raw) if raw["kind"] == "columns" else None

    @classmethod
    def open(cls, path: str | Path) -> "Preprocess":
        """From a file ``preprocess.json``."""
        return cls(json.loads(Path(path).read_text(encoding="utf-8")))

    def __call__(self, rows: Iterable[Row]) -> Inputs:
        """What the model takes.

        Raises:
            ValueError: a row lacks a column or a value, or has one that is no number; it names the row, from 1.
        """
        if self._texts is not None:
            return self._texts(rows)
        assert self._columns is not None
        return self._columns(rows)


class _Columns:
    """Rows of a table."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._as_numbers = raw["takes"] == "numbers"
        self._missing = frozenset(raw["missing"])
        self._columns = raw["columns"]
        self._places = {
            column["name"]: {word: place for place, word in enumerate(column["words"], 1)}
            for column in self._columns
            if column["kind"] == "words"
        }

    def __call__(self, rows: Iterable[Row]) -> Inputs:
        whole = list(rows)
        found = {column["name"]: self._column(column, whole) for column in self._columns}
        return np.concatenate(list(found.values()), axis=1).astype(np.float32) if self._as_numbers else found

    def _column(self, column: Mapping[str, Any], rows: list[Row]) -> Array:
        """Values of the shape ``(n, 1)``; what dates and texts become in numbers has more."""
        name, values = column["name"], []
        for number, row in enumerate(rows, 1):
            if not isinstance(row, Mapping) or name not in row:
                raise ValueError(f"row {number}: the column {name!r} is missing")
            value = self._present(row[name])
            if value is None and column["needed"]:
                raise ValueError(f"row {number}: has no {name!r}, and training dropped such rows")
            values.append(self._value(value, number, column))
        if column["kind"] == "text" and self._as_numbers:
            return _encoder(column)(["" if value is None else str(value) for value in values])
        if column["kind"] == "image":
            pixels = np.array(values, np.float32).reshape(len(rows), *column["shape"])
            return pixels.reshape(len(rows), -1) if self._as_numbers else pixels
        is_number = self._as_numbers or column["kind"] == "number"
        return np.array(values, np.float32 if is_number else object).reshape(len(rows), self._width(column))

    def _width(self, column: Mapping[str, Any]) -> int:
        return len(column["parts"]) if column["kind"] == "date" and self._as_numbers else 1

    def _value(self, value: Any, row: int, column: Mapping[str, Any]) -> Any:
        match column["kind"]:
            case "number":
                return _number(value, row, column["name"])
            case "date":
                return self._date(value, row, column)
            case "text":
                return "" if value is None else _written(value)
            case "image":
                return _pixels(value, row, column)
            case _:
                return self._word(value, column)

    def _date(self, value: Any, row: int, column: Mapping[str, Any]) -> Any:
        """Parts of a date, or its text where the model reads it."""
        moment = None if value is None else _moment(value, row, column)
        if self._as_numbers:
            return [float("nan") if moment is None else _PARTS[part](moment) for part in column["parts"]]
        return "" if moment is None else _said(moment, column["format"])

    def _present(self, value: Any) -> Any:
        """The value, None where it is missing."""
        if isinstance(value, float | np.floating) and np.isnan(value):
            return None
        return None if isinstance(value, str) and value.strip() in self._missing else value

    def _word(self, value: Any, column: Mapping[str, Any]) -> Any:
        """Place of a word, or the word itself where the model has a place for it."""
        if value is None:
            return column["missing_place"] if self._as_numbers else ""
        word = _written(value)
        return self._places[column["name"]].get(word, _UNSEEN) if self._as_numbers else word


def _pixels(value: Any, row: int, column: Mapping[str, Any]) -> Array:
    """Pixels from 0 to 255 of an image that is decoded and of the model's size already, or their bytes in base 64."""
    shape = tuple(column["shape"])
    if isinstance(value, str):
        with contextlib.suppress(ValueError):  # most likely a path
            value = np.frombuffer(base64.b64decode(value, validate=True), np.uint8).reshape(shape)
    if not isinstance(value, np.ndarray) or value.shape != shape or value.dtype.kind not in "uif":
        found = f"an array of the shape {value.shape}" if isinstance(value, np.ndarray) else repr(value)[:80]
        raise ValueError(
            f"row {row}: column {column['name']!r} takes the pixels of an image, an array of numbers from 0 to 255 of "
            f"the shape {shape}, or their bytes in base 64; received {found}"
        )
    return value


def _number(value: Any, row: int, name: str) -> float:
    """As a finite float32; NaN where the value is missing, which the model fills."""
    if value is None:
        return float("nan")
    text = repr(float(value)) if isinstance(value, int | float | np.number) else str(value).strip()
    if not _NUMBER.fullmatch(text):
        point = text.replace(",", ".")
        hint = f"; the decimal mark is a point: {point}" if _NUMBER.fullmatch(point) else ""
        raise ValueError(f"row {row}: column {name!r}: {value!r} is not a number{hint}")
    number = float(text)
    if abs(number) > _LARGEST:
        raise ValueError(f"row {row}: column {name!r}: {number:g} is beyond the range of float32")
    return number


_ISO = re.compile(r"\d{4}[-/]\d\d[-/]\d\d([T ]\d\d(:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII)
_PARTS: Mapping[str, Callable[[datetime], int]] = {
    "year": lambda moment: moment.year,
    "month": lambda moment: moment.month,
    "day": lambda moment: moment.day,
    "weekday": lambda moment: moment.isoweekday(),
    "yearday": lambda moment: moment.timetuple().tm_yday,
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "days": lambda moment: moment.toordinal() - date(1970, 1, 1).toordinal(),
}


def _moment(value: Any, row: int, column: Mapping[str, Any]) -> datetime:
    """A date, in UTC where it has a time zone."""
    form, text = column["format"], str(value).strip()
    try:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
        elif form is None:
            moment = _iso(text)
        else:
            moment = datetime.strptime(text, form)
    except ValueError:
        what = f"of the form {form}" if form else "such as 2026-11-27"
        raise ValueError(f"row {row}: column {column['name']!r}: {value!r} is not a date {what}") from None
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _said(moment: datetime, form: str | None) -> str:
    """A date as the model reads it."""
    return moment.isoformat(timespec="minutes") if form is None else moment.strftime(form)


def _iso(text: str) -> datetime:
    if not _ISO.fullmatch(text):
        raise ValueError("it is not in ISO 8601")
    return datetime.fromisoformat(text.replace("/", "-"))


def _written(value: Any) -> str:
    """A value as a text file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float | np.floating) and value.is_integer() else str(value)


class _Texts:
    """Texts, by the words of the training part."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._column: str = raw["column"]
        self._encode = _as_they_are if raw["takes"] == "texts" else _encoder(raw)

    def __call__(self, rows: Iterable[Row]) -> Array:
        return self._encode([self._text(row, number) for number, row in enumerate(rows, 1)])

    def _text(self, row: Row, number: int) -> str:
        if isinstance(row, str):
            return row
        if self._column not in row:
            raise ValueError(f"row {number}: the column {self._column!r} is missing")
        value = row[self._column]
        return "" if value is None else str(value)


def _encoder(raw: Mapping[str, Any]) -> Callable[[list[str]], Array]:
    words = [word.encode() for word in raw["words"]]
    ngrams = raw.get("ngrams", 1)
    return _Sequences(words, raw["length"], ngrams) if raw["output"] == "int" else _Bags(words, raw["weights"], ngrams)


def _as_they_are(texts: list[str]) -> Array:
    array = np.empty(len(texts), object)
    array[:] = texts
    return array


def words_of(text: str) -> list[bytes]:
    """Words of a text: small letters (of ASCII), punctuation left out, cut at white space."""
    return _PUNCTUATION.sub(b"", text.encode().lower()).split()


def terms_of(text: str, ngrams: int) -> list[bytes]:
    """Words of a text, then its n-grams of two words, of three, and so on, joined by blanks."""
    words = words_of(text)
    longer = (words[k : k + n] for n in range(2, ngrams + 1) for k in range(len(words) - n + 1))
    return [*words, *map(b" ".join, longer)]


class _Sequences:
    """Numbers of the words in their order, ``(n, length)``: longer texts are cut, shorter ones end in zeros."""

    def __init__(self, words: list[bytes], length: int, ngrams: int) -> None:
        self._length, self._ngrams = length, ngrams
        self._numbers = {word: number for number, word in enumerate(words, _FIRST_WORD)}

    def __call__(self, texts: list[str]) -> Array:
        result = np.zeros((len(texts), self._length), np.float32)
        for row, text in zip(result, texts, strict=True):
            words = terms_of(text, self._ngrams)[: self._length]
            row[: len(words)] = [self._numbers.get(word, _UNSEEN_WORD) for word in words]
        return result


class _Bags:
    """A value for each word, ``(n, words + 1)``, the first for all that are not known.

    Whether the word occurs, or how often times its weight, where there are weights; unknown words weigh the mean.
    """

    def __init__(self, words: list[bytes], weights: list[float] | None, ngrams: int) -> None:
        self._ngrams = ngrams
        self._places = {word: place for place, word in enumerate(words, 1)}
        self._weights = None
        if weights is not None:
            known = np.array(weights, np.float32)
            self._weights = np.concatenate([[np.average(known.astype(np.float64))], known]).astype(np.float32)

    def __call__(self, texts: list[str]) -> Array:
        result = np.zeros((len(texts), len(self._places) + 1), np.float32)
        for row, text in zip(result, texts, strict=True):
            found = Counter(self._places.get(word, 0) for word in terms_of(text, self._ngrams))
            for place, count in found.items():
                row[place] = 1 if self._weights is None else np.float32(count) * self._weights[place]
        return result


def main(arguments: list[str]) -> int:
    """Turn a CSV file into an array for a model that takes numbers."""
    if len(arguments) != 2:
        print("usage: python preprocess.py ROWS.csv INPUTS.npy", file=sys.stderr)
        return 2
    csv.field_size_limit(1 << 30)
    preprocess = Preprocess.open(Path(__file__).with_name("preprocess.json"))
    if preprocess.takes != "numbers":
        print(f"this model takes {preprocess.takes}, which no array of numbers holds", file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline()
            delimiter = max(",;\t|", key=header.count)  # the one that the header has most of, as in training
            file.seek(0)
            np.save(arguments[1], np.asarray(preprocess(csv.DictReader(file, delimiter=delimiter))))
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
