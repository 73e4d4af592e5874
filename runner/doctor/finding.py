"""The result of a check."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["ok", "warning", "error"]
"""``error`` means that something every run needs is broken."""


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    topic: str
    """For example ``tensorflow``; several findings may share a topic."""
    text: str
    state: State = "ok"
    help: tuple[str, ...] = ()
    """Ways to fix it, one per line."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The values in the text, for ``--json``."""

    def to_dict(self) -> dict[str, Any]:
        """The finding as a mapping of plain values."""
        return asdict(self)


def worst(findings: Sequence[Finding]) -> State:
    """``error`` if any finding has it, otherwise ``warning`` if any has it, otherwise ``ok``."""
    states = {finding.state for finding in findings}
    return "error" if "error" in states else "warning" if "warning" in states else "ok"
