"""The contents of a run directory: names that belong to it, and names that are refused."""

import os
import re
import stat
from pathlib import Path

from runner.disk.folder import Folder, not_plain
from runner.record import repeat_note, tags
from runner.record.writer_lock import LOCK_FILE, is_ours

FILES = frozenset(
    (
        *("recipe.yaml", "resolved.yaml", "lock.json", "events.jsonl", "model.keras", "best.keras"),
        *("class_names.json", "threshold.json", "report.html", LOCK_FILE, tags.FILE, repeat_note.FILE),
        *(f"evaluation-{split}.safetensors" for split in ("train", "validation", "test")),
    )
)
"""Names that must be files if they exist."""
CHECKPOINTS = "checkpoints"
CHANGED = re.compile(r"changed-\d+")
"""Subfolders of ``checkpoints/``, one for each change of the recipe."""
CHECKPOINT = re.compile(r"step-(\d{12})\.safetensors")
_MARKS = ("events.jsonl", "recipe.yaml")
"""Every run has at least one of these."""
_UNFINISHED = re.compile(r"\.tmp-[0-9a-f]{8}-(.+)")
_SAFETENSORS = re.compile(r"\.tmp[A-Za-z0-9]{6}")
"""Temporary names used by safetensors; a user's file may have such a name too."""
_HEADER = b'{"__metadata__":'
"""Start of our safetensors files, after eight bytes of length."""


def is_run(root: Path) -> bool:
    """Whether a folder looks like a run; its files are not opened."""
    return any(os.path.lexists(root / name) for name in _MARKS)


def require_plain(root: Path) -> None:
    """Refuse a run that contains anything other than plain files and plain folders.

    Folders with other names belong to the user and are not searched.

    Raises:
        NotPlain: for the first such name.
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
        if mode is None:  # removed in the meantime
            continue
        fits = stat.S_ISDIR(mode) if name in folders else stat.S_ISREG(mode)
        # a folder named like a checkpoint is skipped like a broken one
        if not fits and (name in folders or name in FILES or not stat.S_ISDIR(mode)):
            raise not_plain(folder.path / name, mode)


def is_bare(folder: Folder) -> bool:
    """Whether a folder has at most the files of a run that was stopped before it wrote anything."""
    names = folder.names()
    if not names:
        return True
    others = [name for name in names if name != LOCK_FILE]
    return is_ours(folder) and all(_is_unfinished(folder, name) for name in others)


def remove_leftovers(folder: Folder) -> None:
    """Remove temporary files left by killed writers of this run; call this while holding the run's lock.

    Raises:
        OSError: the folder cannot be written.
    """
    for name in folder.names():
        if _is_unfinished(folder, name):
            folder.unlink(name)


def _is_unfinished(folder: Folder, name: str) -> bool:
    """Whether a name is a temporary name of a run's file, from :func:`runner.disk.atomic.replacing` or safetensors."""
    mode = folder.mode(name)
    if mode is None or not stat.S_ISREG(mode):
        return False
    ours = _UNFINISHED.fullmatch(name)
    if ours is not None:
        # tags are written under a lock of their own, whose holder removes what others left
        return (ours[1] in FILES and ours[1] != tags.FILE) or CHECKPOINT.fullmatch(ours[1]) is not None
    return _SAFETENSORS.fullmatch(name) is not None and _is_safetensors(folder, name)


def _is_safetensors(folder: Folder, name: str) -> bool:
    """Whether a file is ours by its content; an empty one is."""
    descriptor = folder.open(name)
    try:
        begin = os.pread(descriptor, 8 + len(_HEADER), 0)
    finally:
        os.close(descriptor)
    return not begin or begin[8:] == _HEADER
