"""Plain values to readable YAML, which our reader reads back to the same values."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner.source.yaml.scalars import resolve

_WIDTH = 100
# Text that is certainly a plain scalar in both block and flow context.
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./%+-]*(?: [A-Za-z0-9_./%+-]+)*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Characters that JSON leaves unescaped, but that the reader refuses or could take for a line break.
_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")


def to_yaml(mapping: Mapping[str, Any]) -> str:
    """Write the data of a recipe as YAML.

    Mappings of scalars within a list take one line (``- {kind: dense, units: 300}``), other mappings have one key per
    line, and lists of scalars are ``[a, b]``.

    Args:
        mapping: A mapping with text keys; values are text, numbers, booleans, None, lists and mappings.

    Raises:
        TypeError: a value has another type.
    """
    if not mapping:
        return "{}\n"
    return "".join(f"{line}\n" for line in _block(mapping, ""))


def _block(mapping: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        yield from _entry(f"{indent}{_key(key)}:", value, f"{indent}  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield head
        yield from _block(value, indent)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value and not _fits(value, len(head)):
        yield head
        for item in value:
            yield from _item(item, indent)
    else:
        yield f"{head} {to_flow(value)}"


def _item(item: Any, indent: str) -> Iterator[str]:
    if isinstance(item, Mapping) and item and not _fits(list(item.values()), len(indent) + 4 * len(item)):
        first, *rest = _block(item, f"{indent}  ")
        yield f"{indent}- {first.lstrip()}"
        yield from rest
    else:
        yield f"{indent}- {to_flow(item)}"


def _fits(values: Sequence[Any], used: int) -> bool:
    """Whether the values are all scalars, and short enough for one line."""
    containers = any(isinstance(value, Mapping | Sequence) and not isinstance(value, str) for value in values)
    return not containers and used + sum(len(to_flow(value)) + 2 for value in values) <= _WIDTH


def to_flow(value: Any) -> str:
    """Write one value on one line: ``{kind: dense, units: 300}``, ``[a, b]``, ``0.1``.

    Raises:
        TypeError: a recipe cannot hold the value.
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {to_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(to_flow, value)) + "]"
    return scalar(value)


def scalar(value: str | float | bool | None) -> str:
    """Write a leaf as YAML: numbers in the shortest form that reads back exactly, text without quotes if possible.

    Raises:
        TypeError: the value is not text, a number, a boolean or None.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return value if _is_plain(value) else _quoted(value)
        case _:
            raise TypeError(f"a recipe holds text, numbers, booleans and null, got {type(value).__name__}")


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text.startswith(("---", "...")):
        return False
    try:
        return resolve(text) == text
    except ValueError:
        return False


def _quoted(text: str) -> str:
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) and _is_plain(key) else _quoted(key)
