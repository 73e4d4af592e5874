"""Differences between two nested values, such as recipes, locks or results."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

ABSENT = "(absent)"


class Difference(NamedTuple):
    """A value that differs."""

    path: str
    """The key path, joined by dots."""
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.path}: {self.old} → {self.new}"


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Yield every leaf that differs between two nested values, in the order of the keys of ``old``, then of ``new``."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from differences(old.get(key, ABSENT), new.get(key, ABSENT), f"{path}.{key}" if path else str(key))
    elif _is_list(old) and _is_list(new):
        for i in range(max(len(old), len(new))):
            yield from differences(_item(old, i), _item(new, i), f"{path}.{i}")
    elif old != new:
        yield Difference(path, old, new)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _item(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else ABSENT
