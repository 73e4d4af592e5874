"""Where custom code is, and what is in it: found and hashed without importing anything."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.custom_import import locate


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
