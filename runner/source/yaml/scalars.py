"""The meaning of a plain scalar: the core schema of YAML 1.2, without the rules of YAML 1.1.

``no``, ``12:30`` and ``1_000`` are text, ``1e-3`` and ``0x10`` are numbers, ``010`` is ten.
"""

import math
import re
from collections.abc import Mapping

Value = str | int | float | bool | None

_CONSTANTS: Mapping[str, Value] = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = r"0o[0-7]+|0x[0-9a-fA-F]+"
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_NUMBER_STARTS = frozenset("0123456789+-.")
_MAX_DIGITS = 40


def resolve(text: str) -> Value:
    """The value of a plain (unquoted) scalar.

    Raises:
        ValueError: a number is not finite or out of range; the message says which.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, 10)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if re.fullmatch(_BASED, text):
        return _integer(text, 0)
    if re.fullmatch(_NOT_FINITE, text):
        raise ValueError("infinity and NaN are not allowed in a recipe")
    return text


def _integer(text: str, base: int) -> int:
    # Python itself refuses to read thousands of digits, since that takes quadratic time.
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"a whole number may have at most {_MAX_DIGITS} digits; this one has {len(text):,}")
    return int(text, base)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("the number is too large for a 64-bit float")
    if value == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise ValueError("the number is too small for a 64-bit float; it would become 0")
    return value


def join_surrogates(text: str) -> str:
    r"""Join escaped surrogate pairs such as ``"\ud83d\ude00"``, which JSON writes for emoji, to one character.

    Raises:
        ValueError: half of a pair is missing.
    """
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeError:
        raise ValueError("half of a surrogate pair is not a character") from None


def check_escapes(text: str) -> None:
    r"""Reject escapes such as ``"\x1b"``, which would bring in characters that the text itself may not contain.

    Raises:
        ValueError: the text has such a character; the message names the first.
    """
    for character in text:
        if (character < " " and character not in "\t\n") or "\x7f" <= character < "\xa0":
            raise ValueError(f"the escaped character U+{ord(character):04X} is not allowed in a recipe")
