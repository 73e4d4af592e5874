"""Which files of a folder are recipes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.source.merging.extends import SUFFIXES


def find(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The recipes under some paths, each once, sorted within each folder.

    A file that is named is taken whatever it is called (and reported by ``load`` when it does not exist).
    A folder is searched for ``.yaml`` and ``.yml``; hidden names are passed over, and so are names that begin
    with ``_``, by which bases that only serve ``extends`` are marked, and the folders of runs, which hold copies.
    Links out of the folder are not followed. A folder that is named is searched even if it is a run's.
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
    """Whether these are the files of a run: the recipe that it trained, and what it recorded."""
    return "resolved.yaml" in files and ("events.jsonl" in files or "lock.json" in files)
