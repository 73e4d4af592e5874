"""Reads the bytes of an untrusted file to text."""

import os
import re
import stat
from pathlib import Path

from runner.diagnostics import Diagnostic, Span
from runner.source.yaml.positions import BOM, Refused, SourceText

MAX_BYTES = 256 * 1024
"""Maximum bytes of a recipe and the files it extends."""
MAX_NODES = 10_000
"""Maximum number of values, keys, lists and mappings of a recipe and the files it extends."""
MAX_DEPTH = 32
"""Maximum nesting of lists and mappings."""

MAX_FAULTS = 500
"""Maximum number of diagnostics per recipe; a text with more is not a recipe, and reporting must stay fast."""

# Characters that YAML does not allow, and line breaks that only some readers recognise (they would end a comment).
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
_ALLOWED = dict.fromkeys(map(ord, "\t\n\r"))
"""Control characters that YAML does allow, as ``str.translate`` removes them."""


class Budget:
    """The remaining limits for reading one recipe."""

    def __init__(self, nodes: int = MAX_NODES) -> None:
        self.size = MAX_BYTES
        self.nodes = nodes


def read_source(path: Path, name: str, budget: Budget) -> SourceText:
    """Read a recipe's file.

    Args:
        path: The path to open.
        name: The name for diagnostics.
        budget: The limits; reduced by the size of the file.

    Raises:
        Refused: the file cannot be opened, is not a regular file, is too large or is not plain UTF-8 text.
    """
    data = _content(path, name, budget)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(_not_utf8(name, data, error.start)) from None
    body = text.removeprefix(BOM)
    source = SourceText(name, body, path, text[: len(text) - len(body)])
    check_characters(source)
    return source


def check_characters(source: SourceText) -> None:
    """Reject control characters and unusual line breaks.

    Raises:
        Refused: for the first such character.
    """
    if source.text.translate(_ALLOWED).isprintable():  # which no forbidden character is
        return
    found = re.search(_FORBIDDEN, source.text)
    if found:
        raise Refused(
            source.diagnostic(
                "R003",
                f"the character U+{ord(found[0]):04X} is not allowed in a recipe",
                *found.span(),
                label="control character",
                help=("a recipe is plain text: delete the character",),
            )
        )


def _content(path: Path, name: str, budget: Budget) -> bytes:
    try:
        # Without O_NONBLOCK, opening a FIFO would wait forever for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if stat.S_ISDIR((status := os.fstat(descriptor)).st_mode):  # which Python opens for no reader
            os.close(descriptor)
            raise Refused(_unreadable(name, "it is a folder, not a file", (f"name a file: {name.rstrip('/')}/….yaml",)))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(status.st_mode):
                raise Refused(_unreadable(name, f"it is {_kind(status.st_mode)}, not a file"))
            # The reported size may be wrong (in /proc it is 0), so reading is limited as well.
            data = (file.read(budget.size + 1) or b"") if status.st_size <= budget.size else b""
    except FileNotFoundError:
        raise Refused(_unreadable(name, "no such file or directory", _near(path))) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Refused(_unreadable(name, reason[:1].lower() + reason[1:])) from None
    if max(status.st_size, len(data)) > budget.size:
        raise Refused(_too_large(name, max(status.st_size, len(data))))
    budget.size -= len(data)
    return data


def _kind(mode: int) -> str:
    return "a FIFO" if stat.S_ISFIFO(mode) else "a device"


def _unreadable(name: str, reason: str, help: tuple[str, ...] = ()) -> Diagnostic:
    return Diagnostic(code="R001", message=f"the recipe cannot be read: {reason}", span=Span(name, 1, 1, 1), help=help)


def _near(path: Path) -> tuple[str, ...]:
    """The recipe beside a missing one that has a similar name; of a pattern, that no file matches it."""
    from runner.diagnostics import suggest

    if any(letter in path.name for letter in "*?["):
        return ("no file matches this pattern",)
    try:
        recipes = [name for name in sorted(os.listdir(path.parent)) if name.endswith((".yaml", ".yml"))]
    except (OSError, ValueError):  # the folder is missing too, or cannot be listed
        return ()
    found = suggest(path.name, recipes)
    return (f"did you mean {found!r}?",) if found is not None else ()


def _too_large(name: str, size: int) -> Diagnostic:
    message = f"a recipe and the files it extends may have at most {MAX_BYTES // 1024} KB; this file has {size:,} bytes"
    return Diagnostic(code="R002", message=message, span=Span(name, 1, 1, 1))


def _not_utf8(name: str, data: bytes, offset: int) -> Diagnostic:
    before = data[:offset]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8").removeprefix(BOM)) + 1
    found, help = f"byte 0x{data[offset]:02x} at offset {offset}", "save the file as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        found, help = "it is UTF-16", "save the file as UTF-8: iconv -f UTF-16 -t UTF-8"
    elif b"\0" in data:
        help = "this is a binary file: name the YAML file"
    return Diagnostic(
        code="R003",
        message=f"the recipe is not UTF-8 text: {found}",
        span=Span(name, line, column, 1),
        help=(help,),
    )
