"""What a check has to say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["ok", "warning", "error"]
"""An error: something is broken that every run needs."""


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    topic: str
    """Such as ``tensorflow``; several findings may share one."""
    text: str
    state: State = "ok"
    help: tuple[str, ...] = ()
    """The ways out, one a line."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The values behind the text, for ``--json``."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def worst(findings: Sequence[Finding]) -> State:
    """``error`` where there is one, else ``warning``, else ``ok``."""
    states = {finding.state for finding in findings}
    return "error" if "error" in states else "warning" if "warning" in states else "ok"
