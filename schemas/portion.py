"""Parts of a split."""

import re
from typing import Annotated, Literal

from schemas.written import Quantity, Written

PortionUnit = Literal["%", "examples"]

# As in quantities, the models and the JSON Schema read the same pattern; its numbers are above zero by their form.
_GAP = r"[ \t]*"
_SHARE = r"(?:100(?:\.0{0,9})?|[1-9][0-9]?(?:\.[0-9]{0,9})?|0?\.[0-9]{0,8}[1-9])"
_COUNT = r"[1-9][0-9]{0,11}"
_PATTERN = re.compile(rf"(?:({_SHARE}){_GAP}%|({_COUNT}){_GAP}examples?)")


class Portion(Quantity):
    """A part of a split: a percentage or a number of examples."""

    def __init__(self, value: float, unit: PortionUnit) -> None:
        self.value = value
        self.unit: PortionUnit = unit

    def __str__(self) -> str:
        number = f"{self.value:.15g}"
        return f"{number}%" if self.unit == "%" else f"{number} {'example' if self.value == 1 else 'examples'}"

    def of(self, total: int) -> int:
        """Number of examples in a split of ``total``: at least one; a number of examples may exceed ``total``.

        >>> parse_portion("10%").of(1797)
        180
        """
        return max(1, round(self.value * total / 100)) if self.unit == "%" else round(self.value)


def parse_portion(value: object) -> Portion:
    """Read ``10%`` or ``500 examples``.

    Raises:
        ValueError: the unit is missing or unknown, or the number is zero or above 100%.
    """
    if isinstance(value, Portion):
        return value
    match = _PATTERN.fullmatch(value.strip(" \t")) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a part of a split is a number with its unit: '10%' or '500 examples'")
    share, count = match.groups()
    return Portion(float(share or count), "%" if share else "examples")


PortionField = Annotated[Portion, Written(parse_portion, rf"^{_GAP}(?:{_SHARE}{_GAP}%|{_COUNT}{_GAP}examples?){_GAP}$")]
