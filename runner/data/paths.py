"""Paths that a recipe names: relative to its folder or ``--root``, and never out of them."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from runner.data.access import DataAccess
from runner.data.files import matching
from runner.data.remote import is_remote, remote_file
from runner.diagnostics.visible import quoted
from runner.errors import DataError, KeyPath

OUTSIDE = "R290"
"""Code of a path that a recipe may not name."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_MAGIC = re.compile(r"[*?\[]")


def named_files(patterns: Sequence[str], access: DataAccess, place: KeyPath) -> list[Path]:
    """Files that paths or patterns of a recipe mean, each once: patterns in the order given, files of one by name.

    Args:
        patterns: paths, patterns such as ``part-*.csv`` and ``**/*.parquet``, or addresses such as
            ``https://host/cars.csv``, of which the copies in the cache are meant.
        access: knows the recipe's folder and ``--root``.
        place: of the key in the recipe; in a list the number of the pattern is added.

    Raises:
        DataError: no file is meant, or one outside of the folders; R550 for an address that may not be fetched.
    """
    found: dict[Path, None] = {}
    for pattern, at in _placed(patterns, place):
        if is_remote(pattern):
            found[remote_file(pattern, at, network=access.network)] = None
            continue
        files = [path for path in _matches(pattern, access, at) if path.is_file()]
        if not files:
            raise DataError(f"{quoted(pattern)}: no such file", _looked(access), path=at)
        found.update(dict.fromkeys(_inside(path, pattern, access, at) for path in files))
    return list(found)


def named_folder(name: str, access: DataAccess, place: KeyPath) -> Path:
    """The folder that a path of a recipe means.

    Raises:
        DataError: there is none, or it is outside of the recipe's folder and ``--root``.
    """
    folder = next((path for path in _matches(name, access, place) if path.is_dir()), None)
    if folder is None:
        raise DataError(f"{quoted(name)}: no such folder", _looked(access), path=place)
    return _inside(folder, name, access, place)


def _placed(patterns: Sequence[str], place: KeyPath) -> list[tuple[str, KeyPath]]:
    return [(pattern, (*place, number) if len(patterns) > 1 else place) for number, pattern in enumerate(patterns)]


def _bases(access: DataAccess) -> list[Path]:
    if access.folder is None:
        raise DataError("the folder of the recipe is not known, so that its paths mean nothing")
    return [access.folder, *([access.root] if access.root not in (None, access.folder) else [])]


def _looked(access: DataAccess) -> str:
    return "paths start from " + ", then from ".join(map(str, _bases(access)))


def _matches(pattern: str, access: DataAccess, place: KeyPath) -> list[Path]:
    if _URL.match(pattern):
        raise DataError(
            f"this is not read from an address: {quoted(pattern)}", "download it first", path=place, code=OUTSIDE
        )
    if "\0" in pattern or not pattern:
        raise DataError(f"{quoted(pattern)} is not a path", path=place, code=OUTSIDE)
    bases = _bases(access)
    inside = [base for base in bases if _within(_start(pattern, base), bases)]
    if not inside:
        raise _outside(pattern, _start(pattern, bases[0]), access, place)
    return next((found for base in inside if (found := matching(pattern, base))), [])


def _start(pattern: str, base: Path) -> Path:
    """The folder that a pattern searches, before anything is looked at: a recipe must not list the whole disk."""
    parts = Path(pattern).parts
    magic = next((place for place, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    after = [".." for part in parts[magic:] if part == ".."]
    return Path(os.path.normpath(base.joinpath(*parts[:magic], *after)))


def _within(path: Path, bases: Sequence[Path]) -> bool:
    return any(path.is_relative_to(base) for base in bases)


def _inside(path: Path, pattern: str, access: DataAccess, place: KeyPath) -> Path:
    """The path without links, which lies in the folder or in the root."""
    real = Path(os.path.realpath(path))
    if not _within(real, _bases(access)):
        raise _outside(pattern, real, access, place)
    return real


def _outside(pattern: str, real: Path, access: DataAccess, place: KeyPath) -> DataError:
    return DataError(
        f"{quoted(pattern)} is outside of the recipe's folder",
        f"move it there, or allow its folder: --root {real.parent}",
        path=place,
        code=OUTSIDE,
    )
