"""The first line of slow verbs, printed before their imports."""

import sys

from runner.cli.options import Progress
from runner.text import printable

_LABEL = 10
"""Width of the label column, as in the header that follows."""


def first_line(label: str, text: str, progress: Progress, *, quiet: bool) -> None:
    """Print on stderr what the program is about to do."""
    if not quiet and progress != "none":
        print(f"{label:<{_LABEL}}{printable(text)}", file=sys.stderr)
