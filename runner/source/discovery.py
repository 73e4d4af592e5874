"""Finds the recipes in a folder."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.source.merging.extends import SUFFIXES


def find(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Find the recipes under the given paths, each once, sorted within each folder.

        A file that is named explicitly is included whatever its name (and reported by ``load`` if it does not exist).
    A folder is searched for ``.yaml`` and ``.yml`` files. Hidden names are skipped, and so are names that start with
    ``_``, which mark bases that only serve ``extends``, and run directories, which contain copies. Links out of the
    folder are not followed. A folder that is named explicitly is searched even if it is a run directory.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        for file in _under(path) if os.path.isdir(path) else (path,):
            found.setdefault(file)
    return list(found)


def _under(folder: Path) -> Iterator[Path]:
    inside = os.path.realpath(folder)
    for parent, folders, files in os.walk(folder):
        if _is_run(files) and not os.path.samefile(parent, folder):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in sorted(files):
            file = Path(parent, name)
            if (
                not name.startswith((".", "_"))
                and file.suffix in SUFFIXES
                and Path(os.path.realpath(file)).is_relative_to(inside)
            ):
                yield file


def _is_run(files: list[str]) -> bool:
    """Whether these files are those of a run: the recipe that it trained, and its record."""
    return "resolved.yaml" in files and ("events.jsonl" in files or "lock.json" in files)
