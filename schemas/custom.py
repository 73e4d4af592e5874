"""Custom code, which a recipe only names; nothing is imported or inspected here."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
Target = Annotated[str, StringConstraints(pattern=rf"^{_NAME}(\.{_NAME}){{0,15}}:{_NAME}$", max_length=256)]
"""A module and a name in it: ``package.module:name``."""
Argument = Annotated[str, StringConstraints(pattern=rf"^{_NAME}$")]
"""Name of an argument."""
_Plain = bool | int | float | str
PlainValue = _Plain | Annotated[Items[_Plain], Field(max_length=1000)]
"""Text, a number, true or false, or a list of these."""


class Custom(Node):
    """Custom code. Checking a recipe imports nothing; running it does, but only with --allow-code."""

    target: Target
    """Object to import, ``package.module:name``; the module may be next to the recipe."""
    arguments: dict[Argument, PlainValue] = Field(default={})
    """Keyword arguments for the target: text, numbers, true, false, and lists of these."""


class CustomLoss(Custom):
    """Custom code: a function of targets and predictions, or a subclass of keras.losses.Loss; only with --allow-code.

    It returns one value per example. Targets are classes of shape (b,), a column (b, 1) if there is one output unit, or
    (b, k) if there are k targets or labels.
    """

    kind: Literal["custom"]
