"""The gallery: recipes that come with the program, and what their first lines say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from runner.source.discovery import find
from runner.source.yaml.positions import Refused
from runner.source.yaml.read import Budget, read_source

_HEADER = re.compile(r"#\s*(goal|expect|run):\s*(.*\S)\s*", re.IGNORECASE)


class Entry(NamedTuple):
    """A recipe and what it says of itself."""

    name: str
    path: Path
    goal: str
    expect: str
    run: str


def gallery() -> Path:
    """The folder of the gallery: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "gallery"
    return packaged if packaged.is_dir() else package.parent / "recipes"


def paths() -> dict[str, Path]:
    """The files of the gallery by the names of their recipes."""
    return {path.stem: path for path in find([gallery()])}


def entries(folder: Path) -> list[Entry]:
    """Every recipe under ``folder``, with the goal, expected result and command of its first comment lines."""
    return [_entry(path) for path in find([folder])]


def _entry(path: Path) -> Entry:
    said = dict(_header(path))
    return Entry(path.stem, path, said.get("goal", ""), said.get("expect", ""), said.get("run", ""))


def _header(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = read_source(path, str(path), Budget()).text
    except Refused:  # what cannot be read says nothing of itself; `validate` tells why
        return
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        match = _HEADER.fullmatch(line.strip())
        if match:
            yield match[1].lower(), match[2]
