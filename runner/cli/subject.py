"""Whether a word on the command line means a recipe or a run."""

import os
from pathlib import Path

from runner.source.discovery import find
from runner.source.gallery import gallery

_ENDINGS = (".yaml", ".yml")


def is_recipe(text: str) -> bool:
    """Whether it is a recipe's file or a name in the gallery; anything else is a run's directory or a handle."""
    if os.path.isdir(text):
        return False
    return os.path.isfile(text) or Path(text).suffix in _ENDINGS or text in gallery_names()


def gallery_names() -> list[str]:
    """Names of the recipes that come with the program."""
    return [path.stem for path in find([gallery()])]
