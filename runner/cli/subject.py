"""Whether a word on the command line means a recipe, a run or a sweep."""

import os
from pathlib import Path

from runner.record.directory import RUNS, SWEEP
from runner.source.discovery import find
from runner.source.gallery import gallery

_ENDINGS = (".yaml", ".yml")


def is_recipe(text: str) -> bool:
    """Whether it is a recipe's file or a name in the gallery; anything else is a run's directory or a handle."""
    if os.path.isdir(text):
        return False
    return os.path.isfile(text) or Path(text).suffix in _ENDINGS or text in gallery_names()


def sweep_folder(text: str) -> Path | None:
    """The folder of a sweep by its path, or by its name below ``runs/``; None where there is none."""
    return next((path for path in (Path(text), RUNS / text) if text and os.path.isfile(path / SWEEP)), None)


def gallery_names() -> list[str]:
    """Names of the recipes that come with the program."""
    return [path.stem for path in find([gallery()])]
