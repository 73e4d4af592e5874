"""What the folder of a run holds: which names are its own, and which are refused."""

import os
import re
import stat
from pathlib import Path

from runner.disk.folder import Folder, not_plain
from runner.record.writer_lock import LOCK_FILE, is_ours

FILES = frozenset(
    (
        *("recipe.yaml", "resolved.yaml", "lock.json", "events.jsonl", "model.keras", "best.keras"),
        *("class_names.json", "report.html", LOCK_FILE),
    )
)
"""Names that are files in every run that has them."""
CHECKPOINTS = "checkpoints"
CHANGED = re.compile(r"changed-\d+")
"""Folders in ``checkpoints/``, one for each time that the recipe was changed."""
CHECKPOINT = re.compile(r"step-(\d{12})\.safetensors")
_MARKS = ("events.jsonl", "recipe.yaml")
"""One of them is in every run."""
_UNFINISHED = re.compile(r"\.tmp-[0-9a-f]{8}-(.+)")
_SAFETENSORS = re.compile(r"\.tmp[A-Za-z0-9]{6}")
"""What safetensors calls a file until it is whole; a person may have one of such a name too."""
_HEADER = b'{"__metadata__":'
"""How our safetensors files begin, behind eight bytes of length."""


def is_run(root: Path) -> bool:
    """Whether a folder has what every run has; what that is made of is not looked at."""
    return any(os.path.lexists(root / name) for name in _MARKS)


def require_plain(root: Path) -> None:
    """Refuse a run with anything in it that is neither a plain file nor a plain folder.

    Folders of other names are a person's own and are not looked into.

    Raises:
        NotPlain: at the first such name.
        OSError: the folder cannot be read.
    """
    with Folder(root) as folder:
        _require_plain(folder, folders=(CHECKPOINTS,))
        if folder.mode(CHECKPOINTS) is not None:
            with folder.child(CHECKPOINTS) as checkpoints:
                changed = tuple(filter(CHANGED.fullmatch, checkpoints.names()))
                _require_plain(checkpoints, folders=changed)
                for name in changed:
                    with checkpoints.child(name) as child:
                        _require_plain(child)


def _require_plain(folder: Folder, folders: tuple[str, ...] = ()) -> None:
    for name in folder.names():
        mode = folder.mode(name)
        if mode is None:  # gone since
            continue
        fits = stat.S_ISDIR(mode) if name in folders else stat.S_ISREG(mode)
        # a folder that is named like a checkpoint is passed over like a broken one
        if not fits and (name in folders or name in FILES or not stat.S_ISDIR(mode)):
            raise not_plain(folder.path / name, mode)


def is_bare(folder: Folder) -> bool:
    """Whether a folder holds nothing but what a run leaves that was stopped before it wrote anything."""
    names = folder.names()
    if not names:
        return True
    others = [name for name in names if name != LOCK_FILE]
    return is_ours(folder) and all(_is_unfinished(folder, name) for name in others)


def remove_leftovers(folder: Folder) -> None:
    """Remove what writers of this run that were killed have left; call it under the run's lock.

    Raises:
        OSError: the folder cannot be written.
    """
    for name in folder.names():
        if _is_unfinished(folder, name):
            folder.unlink(name)


def _is_unfinished(folder: Folder, name: str) -> bool:
    """Whether a name is one that :func:`runner.disk.atomic.replacing` or safetensors makes for a file of a run."""
    mode = folder.mode(name)
    if mode is None or not stat.S_ISREG(mode):
        return False
    ours = _UNFINISHED.fullmatch(name)
    if ours is not None:
        return ours[1] in FILES or CHECKPOINT.fullmatch(ours[1]) is not None
    return _SAFETENSORS.fullmatch(name) is not None and _is_safetensors(folder, name)


def _is_safetensors(folder: Folder, name: str) -> bool:
    """Whether a file is one of ours by its content; one that has none yet is."""
    descriptor = folder.open(name)
    try:
        begin = os.pread(descriptor, 8 + len(_HEADER), 0)
    finally:
        os.close(descriptor)
    return not begin or begin[8:] == _HEADER
