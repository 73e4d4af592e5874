"""Whether a word on the command line means a recipe or a run."""

import os
from pathlib import Path

from runner.source.gallery import entries, gallery

_ENDINGS = (".yaml", ".yml")


def is_recipe(text: str) -> bool:
    """Whether it is a recipe's file or a name in the gallery; anything else is a run's directory or a handle."""
    if os.path.isdir(text):
        return False
    return os.path.isfile(text) or Path(text).suffix in _ENDINGS or text in {entry.name for entry in entries(gallery())}
