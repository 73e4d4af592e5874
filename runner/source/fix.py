"""Applies fixes to files: what ``validate --fix`` and ``fmt`` write, and where they may write."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.diagnostics import Span
from runner.errors import OutsideFolder
from runner.source.editing.edit import apply_fixes, fixes_of
from runner.source.editing.rewriting import remove_leftovers, write_atomic
from runner.source.load import Loaded
from runner.source.yaml.positions import SourceText

_ROUNDS = 20
"""Maximum rounds of fixing: a fix can reveal the next error, since the keys of a kind depend on the kind."""


@dataclass(frozen=True)
class Fixed:
    """A change that was made."""

    span: Span
    what: str
    """For example ``droput → dropout``."""


def fix(read: Callable[[], Loaded], folder: Path, report: Callable[[Fixed], None]) -> Loaded:
    """Apply every unambiguous fix, in the recipe and in the files that it extends.

    Args:
        read: loads the recipe again.
        folder: only files under it are written, after following links.
        report: called with each change.

    Returns:
        The fixed recipe, with the remaining diagnostics.

    Raises:
        OutsideFolder: a file to be changed is not under ``folder``; it is unchanged.
        OSError: a file cannot be written.
    """
    loaded = read()
    for source in loaded.sources:
        tidy(source, folder)
    for _ in range(_ROUNDS):
        changes = [(source, made) for source in loaded.sources if (made := list(_fixes(source, loaded)))]
        for source, made in changes:
            rewrite(source, apply_fixes(source.written, source.name, loaded.diagnostics)[0], folder)
            for fixed in made:
                report(fixed)
        if not changes:
            break
        loaded = read()
    return loaded


def _fixes(source: SourceText, loaded: Loaded) -> Iterator[Fixed]:
    for span, new in fixes_of(source.name, loaded.diagnostics):
        start, end = source.offsets(span)
        yield Fixed(span, f"{source.text[start:end]} → {new}")


def rewrite(source: SourceText, text: str, folder: Path) -> None:
    """Replace the file that a text was read from.

    Raises:
        OutsideFolder: it is a link out of ``folder``.
        OSError: it cannot be written; it is unchanged.
    """
    target = _target(source)
    if not _is_within(target, folder):
        raise OutsideFolder(f"{source.name} is a link out of its folder and was not changed")
    write_atomic(target, text)


def tidy(source: SourceText, folder: Path) -> None:
    """Remove temporary files left by a process that was killed while rewriting the file of a text.

    Raises:
        OSError: it cannot be removed.
    """
    if source.path is not None and _is_within(_target(source), folder):
        remove_leftovers(source.path)


def _target(source: SourceText) -> Path:
    assert source.path is not None, source.name
    return Path(os.path.realpath(source.path))


def _is_within(target: Path, folder: Path) -> bool:
    return target.is_relative_to(os.path.realpath(folder))
