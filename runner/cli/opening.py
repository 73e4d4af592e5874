"""The first line of verbs that take long, before what they need is imported."""

import sys

from runner.cli.options import Progress
from runner.text import printable

_LABEL = 10
"""As in the header that follows."""


def first_line(label: str, text: str, progress: Progress, *, quiet: bool) -> None:
    """Say on stderr what the program is about to do."""
    if not quiet and progress != "none":
        print(f"{label:<{_LABEL}}{printable(text)}", file=sys.stderr)
