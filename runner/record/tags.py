"""Tags of a run, and its note: what people say of a run afterwards. No result depends on them.

They are in ``tags.json``, which a training run never writes, so that a run can be tagged while it trains.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder
from runner.errors import RunError, RunLocked, TagsBroken
from runner.text import printable

FILE = "tags.json"
LATEST = "latest"
TAGS_AT_MOST = 32
NOTE_AT_MOST = 4000
"""Characters of a note."""
_BYTES_AT_MOST = 1 << 16
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LEFTOVER = re.compile(rf"\.tmp-[0-9a-f]{{8}}-{re.escape(FILE)}")
_WAIT = 10.0
"""Seconds to wait for another writer; each holds the lock for the time of one small write."""


class Tags(NamedTuple):
    """What was said of a run."""

    tags: tuple[str, ...] = ()
    """Sorted."""
    note: str | None = None


UNTAGGED = Tags()
"""Of a run of which nothing was said."""


def require_tag(text: str) -> str:
    """The tag itself.

    Raises:
        RunError: a tag cannot be written so.
    """
    if _TAG.fullmatch(text) is None or text == LATEST:
        rule = "must be 1 to 64 of A-Z a-z 0-9 . _ -, begin with a letter or a digit, and not be 'latest'"
        raise RunError(f"tag: {rule}, got '{printable(text[:80])}'")
    return text


def require_note(text: str) -> str:
    """The note itself.

    Raises:
        RunError: it is too long.
    """
    if len(text) > NOTE_AT_MOST:
        raise RunError(f"note: must have at most {NOTE_AT_MOST:,} characters, got {len(text):,}")
    return text


def checked_tags(tags: Iterable[str], note: str | None) -> Tags:
    """Tags and a note that a run will get.

    Raises:
        RunError: one of them is not valid, or there are too many.
    """
    found = tuple(sorted(set(map(require_tag, tags))))
    if len(found) > TAGS_AT_MOST:
        raise RunError(f"a run has at most {TAGS_AT_MOST} tags, got {len(found)}")
    return Tags(found, None if note is None else require_note(note) or None)


def read_tags(run: str | Path) -> Tags:
    """Tags and note of a run, whose folder anybody may have written; empty where there are none.

    Raises:
        TagsBroken: the file is not one that this program writes.
        OSError: it cannot be read.
    """
    path = f"{os.fspath(run)}/{FILE}"
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return Tags()
    return _parsed(path, _content(path, file))


def change_tags(run: Path, *, add: Iterable[str] = (), remove: Iterable[str] = (), note: str | None = None) -> Tags:
    """Add and remove tags of a run, and replace its note, in one atomic write.

    Of several processes that do so at once, each change is made: they wait for each other.

    Args:
        run: the run directory.
        add: tags that it gets; those that it has are left as they are.
        remove: tags that it loses.
        note: its new note; empty for none, None to leave it as it is.

    Returns:
        What the run has now.

    Raises:
        RunError: a tag or the note is not valid, there are too many, or the run lacks a tag that is to go.
        TagsBroken: the file that is there is not one that this program writes; it is left as it is.
        OSError: it cannot be written.
    """
    added, removed = set(map(require_tag, add)), set(remove)
    if note is not None:
        require_note(note)
    with Folder(run) as folder, _locked(folder) as file:
        before = _parsed(str(run / FILE), _content(str(run / FILE), os.dup(file)))
        missing = sorted(removed - set(before.tags))
        if missing:
            has = f"its tags: {', '.join(before.tags)}" if before.tags else "it has none"
            raise RunError(f"{printable(str(run))} has no tag '{printable(missing[0])}'", has)
        tags = tuple(sorted((set(before.tags) | added) - removed))
        if len(tags) > TAGS_AT_MOST:
            raise RunError(f"a run has at most {TAGS_AT_MOST} tags; this one would have {len(tags)}")
        after = Tags(tags, before.note if note is None else note or None)
        if after != before:
            write_atomic(run / FILE, json.dumps(after._asdict(), indent=1) + "\n", folder)
    return after


@contextmanager
def _locked(folder: Folder) -> Iterator[int]:
    """The file of tags, held by one writer; an empty one is made where there is none.

    A writer replaces the file, so one that has waited may hold a file that has lost its name: it begins again.
    """
    until = time.monotonic() + _WAIT
    while True:
        file = folder.open(FILE, os.O_RDWR | os.O_CREAT)
        try:
            if _lock(file) and _is_named(folder, file):
                _remove_leftovers(folder)
                yield file
                return
        finally:
            _drop_empty(folder, file)
            os.close(file)
        if time.monotonic() > until:
            raise RunLocked(f"{printable(str(folder.path / FILE))} is being written by another process")
        time.sleep(0.01)


def _drop_empty(folder: Folder, file: int) -> None:
    """Remove the file that was made only to be locked, where nothing came to be written."""
    if os.fstat(file).st_size == 0 and _lock(file) and _is_named(folder, file):
        folder.unlink(FILE)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_named(folder: Folder, file: int) -> bool:
    try:
        return os.path.samestat(os.stat(FILE, dir_fd=folder.descriptor, follow_symlinks=False), os.fstat(file))
    except FileNotFoundError:
        return False


def _remove_leftovers(folder: Folder) -> None:
    """Remove what a killed writer left; who holds the lock is the only writer."""
    for name in filter(_LEFTOVER.fullmatch, folder.names()):
        folder.unlink(name)


def _content(path: str, file: int) -> bytes:
    """All of an open file, which is closed."""
    with os.fdopen(file, "rb") as opened:
        data = opened.read(_BYTES_AT_MOST + 1)
    if len(data) > _BYTES_AT_MOST:
        raise TagsBroken(f"{printable(path)} has more than {_BYTES_AT_MOST:,} bytes")
    return data


def _parsed(path: str, data: bytes) -> Tags:
    if not data:
        return Tags()  # a writer was killed between making the file and writing it
    try:
        values = from_json(data)
    except ValueError as error:
        raise _broken(path, f"is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise _broken(path, "must be a JSON object")
    return Tags(_tags(path, values), _note(path, values))


def _tags(path: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    tags = values.get("tags", [])
    if not isinstance(tags, list) or len(tags) > TAGS_AT_MOST:
        raise _broken(path, f"'tags' must be a list of at most {TAGS_AT_MOST}")
    for tag in tags:
        if not isinstance(tag, str) or _TAG.fullmatch(tag) is None or tag == LATEST:
            raise _broken(path, f"'tags' holds something that is not a tag: {str(tag)[:80]}")
    return tuple(sorted(set(tags)))


def _note(path: str, values: Mapping[str, Any]) -> str | None:
    note = values.get("note")
    if note is not None and (not isinstance(note, str) or len(note) > NOTE_AT_MOST):
        raise _broken(path, f"'note' must be text of at most {NOTE_AT_MOST:,} characters")
    return note or None


def _broken(path: str, fault: str) -> TagsBroken:
    return TagsBroken(f"{printable(path)} {printable(fault)}")
