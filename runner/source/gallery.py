"""The gallery: recipes that come with the program, and the information in their header comments."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from runner.source.discovery import find
from runner.source.yaml.positions import Refused
from runner.source.yaml.read import Budget, read_source

_HEADER = re.compile(r"#\s*(goal|expect|needs|data|run):\s*(.*\S)\s*", re.IGNORECASE)


class Entry(NamedTuple):
    """A recipe and the information in its header comment."""

    name: str
    path: Path
    goal: str
    expect: str
    needs: str
    """What files of the user's it reads; empty where it needs none."""
    data: str
    """The command that writes such files, to try it."""
    run: str


def gallery() -> Path:
    """The folder of the gallery: inside the installed package, or next to it in a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "gallery"
    return packaged if packaged.is_dir() else package.parent / "recipes"


def paths() -> dict[str, Path]:
    """The files of the gallery by recipe name."""
    return {path.stem: path for path in find([gallery()])}


def entries(folder: Path) -> list[Entry]:
    """All recipes under ``folder``, with goal, expected result, files and command from their header comments."""
    return [_entry(path) for path in find([folder])]


def _entry(path: Path) -> Entry:
    header = dict(_header(path))
    return Entry(path.stem, path, *(header.get(key, "") for key in Entry._fields[2:]))


def _header(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = read_source(path, str(path), Budget()).text
    except Refused:  # an unreadable file has no header; `validate` reports why
        return
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        match = _HEADER.fullmatch(line.strip())
        if match:
            yield match[1].lower(), match[2]
