"""In which form a run computes its steps: a batch whole, or in parts side by side."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runner.plan.plan import Plan


def with_recorded_form(plan: Plan, lock: Mapping[str, Any]) -> Plan:
    """The plan of a run that goes on, or is trained again: its lock says into how many parts a batch is divided.

    Args:
        plan: of the run's recipe.
        lock: of the run; empty if it was stopped before it was recorded.
    """
    parts = (lock.get("computation") or {}).get("parts")
    return plan if parts is None else replace(plan, parts=parts)
