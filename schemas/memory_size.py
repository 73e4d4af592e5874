"""Amounts of memory."""

import re
from typing import Annotated, Literal, cast

from schemas.written import Quantity, Written

MemoryUnit = Literal["MiB", "GiB"]

# As in quantities, the models and the JSON Schema read the same pattern; its numbers are 1 or more by their form.
_NUMBER = r"[1-9][0-9]{0,5}(?:\.[0-9]{0,9})?"
_UNIT = r"(?:MiB|GiB)"
_GAP = r"[ \t]*"
_PATTERN = rf"({_NUMBER}){_GAP}({_UNIT})"
_BYTES: dict[MemoryUnit, int] = {"MiB": 2**20, "GiB": 2**30}


class MemorySize(Quantity):
    """An amount of memory, such as ``2 GiB``."""

    def __init__(self, value: float, unit: MemoryUnit) -> None:
        self.value = value
        self.unit: MemoryUnit = unit

    def __str__(self) -> str:
        return f"{self.value:.15g} {self.unit}"

    @property
    def size(self) -> int:
        """The amount in bytes.

        >>> parse_memory_size("2 GiB").size
        2147483648
        """
        return round(self.value * _BYTES[self.unit])


def parse_memory_size(value: object) -> MemorySize:
    """Read ``512 MiB`` or ``1.5 GiB``.

    Raises:
        ValueError: the unit is missing or unknown, or the number is below one.
    """
    if isinstance(value, MemorySize):
        return value
    match = re.fullmatch(_PATTERN, value.strip(" \t")) if isinstance(value, str) else None
    if match is None:
        raise ValueError("an amount of memory is a number of at least 1 with its unit: '512 MiB' or '2 GiB'")
    return MemorySize(float(match[1]), cast(MemoryUnit, match[2]))


MemorySizeField = Annotated[MemorySize, Written(parse_memory_size, rf"^{_GAP}{_NUMBER}{_GAP}{_UNIT}{_GAP}$")]
