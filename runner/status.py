"""How a run stands, as its record says."""

from typing import Literal

Status = Literal[
    "running", "finished", "failed", "diverged", "interrupted", "terminated", "expectation_missed", "pruned"
]
DONE: tuple[Status, ...] = ("finished", "expectation_missed")
"""How a run stands that has trained to its end."""
