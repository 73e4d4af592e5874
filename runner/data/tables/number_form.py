"""How a text file writes its numbers: what divides the decimals, and the groups of three digits."""

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_SPACES = "[\u00a0\u202f]"
"""Spaces that do not break a line, which programs write between digits."""
_NO_NUMBER = "-"


@dataclass(frozen=True)
class NumberForm:
    """Marks in a number, as pandas names them: ``1.234,56`` has the decimal ``,`` and the thousands ``.``.

    Attributes:
        decimal: before the decimals.
        thousands: between groups of three digits; None: nothing.
    """

    decimal: str = "."
    thousands: str | None = None

    def plain(self, texts: Any) -> Any:
        """Numbers as `1234.56`; what is not of this form becomes a text that is no number, and null stays null.

        Args:
            texts: Arrow array of strings without blanks around them.
        """
        if self == PLAIN:
            return texts
        if self.thousands == " ":
            texts = pc.replace_substring_regex(texts, _SPACES, " ")
        fits = pc.match_substring_regex(texts, self._pattern)
        if self.thousands is not None:
            texts = pc.replace_substring(texts, self.thousands, "")
        return pc.if_else(fits, pc.replace_substring(texts, self.decimal, "."), pa.scalar(_NO_NUMBER, pa.string()))

    @property
    def _pattern(self) -> str:
        mark = re.escape(self.decimal)
        grouped = "" if self.thousands is None else rf"\d{{1,3}}({re.escape(self.thousands)}\d{{3}})+|"
        return rf"^[+-]?({grouped}\d*)({mark}\d*)?([eE][+-]?\d+)?$"


PLAIN = NumberForm()
