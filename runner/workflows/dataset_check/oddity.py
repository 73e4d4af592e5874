"""What a check of data finds."""

from collections.abc import Callable
from dataclasses import dataclass

Name = Callable[[str, int], str]
"""(part, place in it) → such as ``train, cars.csv: row 7``."""
MOST_EXAMPLES = 5
"""That are named of each finding."""


@dataclass(frozen=True)
class Oddity:
    """One finding."""

    kind: str
    """One word, which stays the same: ``duplicate``, ``leak``, ``similar``, ``contradiction``, ``class``, ``blank``,
    ``constant``, ``missing``, ``giveaway``, ``group``, ``time``, ``broken``,
    ``words``, ``placeholder`` or ``target``."""
    message: str
    examples: tuple[str, ...] = ()
    """Some places, by file and row."""
    count: int = 1
    """Examples, classes or columns that it is about."""
