"""Names in the folder of a sweep."""

import re

JOURNAL = "journal.jsonl"
"""What the workers have decided, as Optuna's journal."""
BEST = "best.yaml"
"""The recipe of the best trial."""

_RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}(?:-\d{1,4})?")


def run_name(name: str) -> bool:
    """Whether it names a run's directory within the sweep's folder, and nothing outside of it."""
    return _RUN.fullmatch(name) is not None
