"""Where custom code is, and what is in it: found and hashed without importing anything."""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


@dataclass(frozen=True)
class Code:
    """Custom code that the person who runs a recipe allows."""

    folder: Path
    """Where it is looked for before anywhere else: the recipe's folder."""
    sources: Mapping[str, str | None]
    """By target: SHA-256 of the module's file; None where there is none."""


def digest(folder: Path, target: str) -> str | None:
    """SHA-256 of the file of a target's module."""
    path = locate(folder, target.partition(":")[0])
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path is not None else None
    except OSError:
        return None


def locate(folder: Path, module: str) -> Path | None:
    """The file of a module, looked for in a folder and then where Python looks; nothing is imported.

    None where there is none, or where it has no file, as what is built into Python.
    """
    places: Sequence[str] | None = [str(folder), *sys.path]
    spec: ModuleSpec | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, places) if places is not None else None
        if spec is None:
            return None
        places = spec.submodule_search_locations
    return Path(spec.origin) if spec is not None and spec.origin is not None else None
