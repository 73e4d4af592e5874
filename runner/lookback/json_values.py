"""Values of JSON files that anybody may have written: taken out by name and type, or refused."""

from collections.abc import Mapping
from typing import Any

_GREATEST = 1 << 63
_FLOATS = frozenset((float,))


class Unfit(ValueError):
    """A value is missing, or not of the type that a run writes."""


def text(values: Mapping[str, Any], key: str) -> str:
    """The text under a key.

    Raises:
        Unfit: there is none.
    """
    return _typed(values, key, str, "text")  # type: ignore[no-any-return]


def whole(values: Mapping[str, Any], key: str) -> int:
    """The whole number under a key, not below zero.

    Raises:
        Unfit: there is none.
    """
    value = values.get(key)
    if type(value) is int and 0 <= value < _GREATEST:
        return value
    found: int = _typed(values, key, int, "a whole number")
    if found < 0:
        raise Unfit(f"{key}: must not be below 0, got {shown(found)}")
    return found


def number(values: Mapping[str, Any], key: str) -> float:
    """The number under a key.

    Raises:
        Unfit: there is none.
    """
    value = values.get(key)
    return value if type(value) is float else float(_typed(values, key, (int, float), "a number"))


def numbers(values: Mapping[str, Any], key: str) -> dict[str, float]:
    """The numbers by name under a key.

    Raises:
        Unfit: it is not a mapping of numbers.
    """
    found = mapping(values, key)
    if _FLOATS.issuperset(map(type, found.values())):
        return found
    try:
        return {name: number(found, name) for name in found}
    except Unfit as error:
        raise Unfit(f"{key}.{error}") from error


def mapping(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The mapping under a key.

    Raises:
        Unfit: there is none.
    """
    found: dict[str, Any] = _typed(values, key, dict, "a mapping")
    return found


def _typed(values: Mapping[str, Any], key: str, kind: type | tuple[type, ...], name: str) -> Any:
    value = values.get(key)
    if type(value) is kind and kind is not int:
        return value
    # JSON's true and false are whole numbers to Python, and numbers of hundreds of digits are none to a float
    if not isinstance(value, kind) or isinstance(value, bool) or (isinstance(value, int) and abs(value) >= _GREATEST):
        raise Unfit(f"{key}: must be {name}, got {shown(value)}")
    return value


def shown(value: Any) -> str:
    """A value as an error message has it: short, whatever it is."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _GREATEST:
        return "a whole number of more than 63 bits"
    written = repr(value)
    return written if len(written) <= 40 else f"{written[:37]}..."
