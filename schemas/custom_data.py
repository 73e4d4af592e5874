"""Examples from custom code."""

from typing import Literal

from pydantic import Field

from schemas.base import defaults_of
from schemas.custom import Custom
from schemas.data_base import DataBase, Shares


class CustomData(DataBase, Custom):
    """Examples from custom code: a function that returns arrays or a random-access sequence; only with --allow-code.

    It returns ``(inputs, targets)`` or ``(inputs, targets, weights)``, NumPy arrays with an example along the first
    axis; or an object with ``__len__`` and ``__getitem__``, which gives such a tuple for one example by its place; or a
    mapping of ``train``, ``validation`` and ``test`` to one of these.
    """

    source: Literal["custom"]
    splits: Shares = Field(default_factory=defaults_of(Shares))
    """How the examples are divided. A part that the function returns is taken whole: its share does not count."""


BY_KIND = {"custom": CustomData}
"""The source by its tag."""
