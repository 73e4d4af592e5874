"""Pictures that verbs write with ``--plot`` and ``--graph``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.common import fail
from runner.source.editing.rewriting import write_atomic

if TYPE_CHECKING:
    from runner.plots.canvas import Form


def form_of(path: Path) -> "Form | None":
    """Image format by file suffix; None if it is not supported."""
    forms: dict[str, Form] = {".svg": "svg", ".png": "png"}
    return forms.get(path.suffix.lower())


def save(path: Path, picture: bytes, *, code: int) -> None:
    """Write a picture and print its path on stderr; exits with ``code`` if it cannot be written."""
    try:
        write_atomic(path, picture)
    except OSError as error:
        fail(f"the picture cannot be written: {error}", code=code)
    print(f"picture: {path}", file=sys.stderr)
