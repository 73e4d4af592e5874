"""Which of the runs of a repeated recipe a run is: ``repeat.json``, which is written before it trains."""

import json
import re
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, Self

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder, read_plain
from runner.errors import NotPlain

FILE = "repeat.json"
VARIED = ("seed", "data.splits.fold")
"""What differs between the runs, by paths in their recipes."""
_KEY = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_LARGEST = 1 << 10
_PART = re.compile(r"(?:seed|fold) [\d/]{1,24}")
_MOST = 100


class RepeatNote(NamedTuple):
    """A run's place among those of its recipe."""

    key: str
    """The same for all of them, and for no others: when the first one was started, and random digits."""
    part: str
    """``seed 43`` or ``fold 2/5``."""
    runs: int
    """How many there are to be."""

    @classmethod
    def first(cls, part: str, runs: int) -> Self:
        """That of the first of several runs."""
        return cls(f"{datetime.now():%Y%m%d-%H%M%S}-{token_hex(4)}", part, runs)

    @property
    def name(self) -> str:
        """What people call them: ``20261128-204201 5 seeds``."""
        return f"{self.key[:15]} {self.runs} {self.part.partition(' ')[0]}s"

    def to_json(self) -> str:
        """As it is written, and as the process of one of the runs is told."""
        return json.dumps(self._asdict())

    def write(self, run: Path, folder: Folder | None = None) -> None:
        """Write it into a run's directory."""
        write_atomic(run / FILE, self.to_json() + "\n", folder)


def parsed(text: bytes | str) -> RepeatNote | None:
    """The note; None where a stranger has written something else."""
    try:
        values = json.loads(text)
        note = RepeatNote(values["key"], values["part"], values["runs"])
        fits = _KEY.fullmatch(note.key) and _PART.fullmatch(note.part) and type(note.runs) is int
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return note if fits and 2 <= note.runs <= _MOST else None


def read_repeat(run: Path) -> RepeatNote | None:
    """The note of a run, whose folder anybody may have written; None where it is one run alone."""
    try:
        return parsed(read_plain(run / FILE)[:_LARGEST])
    except (OSError, NotPlain):
        return None


def runs_of_repeat(folder: Path, key: str) -> dict[Path, RepeatNote]:
    """The runs in a folder that have this key, with their notes, oldest first: of each part the newest."""
    found = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.name)
    notes = [(path, note) for path in found if (note := read_repeat(path)) is not None and note.key == key]
    newest = {note.part: path for path, note in notes}
    return {path: note for path, note in notes if newest[note.part] == path}
