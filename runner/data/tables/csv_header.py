"""The first row of a CSV file: the names of its columns."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from runner.errors import DataError

UNNAMED = "unnamed_"
"""Begins the name of a column that has none."""
_PACKED = (".bz2", ".gz", ".xz", ".zip", ".zst")
_DELIMITERS = ",;\t|"
_LONGEST = 1 << 20
"""Bytes of a header."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_JSON = re.compile(rb'\s*(?:\[\s*)?\{\s*"')
"""Begins a file with rows as objects, as a list or one a line."""
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Header:
    """What a CSV file's first row says.

    Attributes:
        names: without a byte order mark and blanks around them; a column without a name gets ``unnamed_1``.
        raw: as they stand in the file.
        delimiter: between the values.
    """

    names: tuple[str, ...]
    raw: tuple[str, ...]
    delimiter: str


def read_header(path: Path, delimiter: str | None = None) -> Header:
    """Read the names of the columns.

    Args:
        path: of the CSV file.
        delimiter: between the values; None: the one of ``, ; tab |`` that the header has most of.

    Raises:
        DataError: no names, two of the same name, numbers in place of names, or no text in UTF-8.
    """
    text = _beginning(path)
    delimiter = delimiter or max(_DELIMITERS, key=_unquoted(text).count)
    raw = next((row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row), [])
    if not raw:
        raise DataError(f"{path.name} is empty", "its first row holds the names of the columns")
    names = tuple(name.strip() or f"{UNNAMED}{place}" for place, name in enumerate(raw, 1))
    _check(names, path.name)
    return Header(names, tuple(raw), delimiter)


def _beginning(path: Path) -> str:
    if path.suffix.lower() in _PACKED:
        raise DataError(f"{path.name} is compressed", "unpack it first")
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if content.startswith(_OTHER_MARKS) or b"\0" in content:
        raise DataError(f"{path.name} is not a text file in UTF-8", "save it as CSV in UTF-8")
    content = content.removeprefix(_BYTE_ORDER_MARK)
    if _JSON.match(content):
        raise DataError(f"{path.name} holds JSON", "save the rows as CSV or Parquet")
    return content.decode("utf-8", errors="replace")  # the header's end may cut a character in two


def _unquoted(text: str) -> str:
    """The header's line without what stands in quotes."""
    return "".join(text.lstrip("\r\n").split('"')[::2]).split("\n")[0].split("\r")[0]


def _check(names: tuple[str, ...], file: str) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        places = [str(place) for place, name in enumerate(names, 1) if name == twice[0]]
        raise DataError(f"{file}: columns {' and '.join(places)} are both named {twice[0]!r}", "rename all but one")
    if all(_number(name) for name in names):
        raise DataError(
            f"{file}: the first row holds {', '.join(names[:3])}: numbers, not names of columns",
            "put a row with the names of the columns before it",
        )
    if "\ufffd" in "".join(names):
        raise DataError(f"{file}: the names of the columns are not in UTF-8", "save it as CSV in UTF-8")


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
