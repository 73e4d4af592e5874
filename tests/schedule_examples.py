"""The example of every kind of schedule, as `recipe explain` shows it."""

from collections.abc import Mapping
from typing import Any

from schemas.schedule import kinds

EXAMPLES: Mapping[str, Mapping[str, Any]] = {kind: cls.example for kind, cls in kinds().items()}
"""Keys beside ``kind``, by kind."""
EPOCHS, STEPS_PER_EPOCH = 10, 100
