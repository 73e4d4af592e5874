"""From a handle that the user types to a run directory."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runner.errors import NotPlain, RunNotFound, TagsBroken
from runner.record.contents import is_run, require_plain
from runner.record.directory import RUNS, STAMP, SWEEP
from runner.record.tags import LATEST, read_tags
from runner.text import argument, printable

_BACK = re.compile(rf"(?:(?P<name>.+)/)?{LATEST}(?:~(?P<back>\d{{1,9}}))?")
_SHOWN = 10


def find_run(text: str, base: Path = RUNS) -> Path:
    """Find the run directory that ``text`` means.

    Tried in this order: the path of a directory; the path of the folder of a recipe's runs, for the newest, or such a
    path before one of the following, as ``old/runs/NAME/latest`` or ``old/runs/latest``; ``latest``, or ``latest~2``
    for the second one before it, also as ``NAME/latest`` among the runs of a recipe; the name of a recipe, for its
    newest run, or a tag that one run has, also as ``NAME/TAG``; a prefix of ``NAME/TIME-FINGERPRINT``, of
    ``TIME-FINGERPRINT`` or of the fingerprint that fits only one run.

    Raises:
        RunNotFound: no run matches, or several do; the message lists them, newest first. Also if the run contains a
            link, a FIFO or the like: then nothing in it is read.
    """
    given = Path(text)
    return plain_run(given if text and is_run(given) else _among_runs(*_placed(text, base)))


def _placed(text: str, base: Path) -> tuple[str, Path]:
    """A handle after the path of a folder of runs, and that folder; where there is none, the text and ``base``."""
    given = Path(text)
    if "/" not in text or os.path.isfile(given / SWEEP):
        return text, base
    if _holds_runs(given):
        return given.name, given.parent
    if _holds_runs(given.parent):
        return f"{given.parent.name}/{given.name}", given.parent.parent
    if any(_holds_runs(given.parent / name) for name in _folders(given.parent)):
        return given.name, given.parent
    return text, base


def _holds_runs(folder: Path) -> bool:
    """Whether it is the folder of a recipe: runs lie in it by their names."""
    return any(STAMP.fullmatch(name) for name in _folders(folder))


def find_recorded(text: str, base: Path = RUNS) -> Path:
    """The same for text from a recipe: one of the runs under ``base``, whatever the text looks like, never a path.

    Raises:
        RunNotFound: as :func:`find_run`.
    """
    return plain_run(_among_runs(text, base))


def runs_below(folder: Path) -> list[Path]:
    """The runs in a folder, such as that of a sweep, or in the folders in it, as in ``runs``; by name, oldest first.

    Raises:
        RunNotFound: there is none.
    """
    inside = [folder / name for name in sorted(_folders(folder))]
    deeper = [path / name for path in inside if not is_run(path) for name in sorted(_folders(path))]
    found = [path for path in (*inside, *deeper) if is_run(path)]
    if not found:
        raise RunNotFound(f"there is no run in {printable(str(folder))}")
    return found


def plain_run(found: Path) -> Path:
    """The run directory itself, once it is known to hold nothing but plain files.

    Raises:
        RunNotFound: it contains a link, a FIFO or the like, or cannot be read.
    """
    try:
        require_plain(found)
    except NotPlain as error:
        raise RunNotFound(str(error), *error.help) from error
    except OSError as error:
        raise RunNotFound(f"{printable(str(found))} cannot be read: {error.strerror}") from error
    return found


def _among_runs(text: str, base: Path) -> Path:
    runs = list_runs(base)
    back = _BACK.fullmatch(text)
    if back:
        return _back(text, base, runs, back["name"], int(back["back"] or 0))
    tagged, faults = _tagged(text, runs)
    named = [run for run in runs if run.parent.name == text][:1]
    fitting = [*named, *(run for run in tagged if run not in named)] or [run for run in runs if _fits(text, run)]
    if len(fitting) == 1:
        return fitting[0]
    given = Path(text)
    if text and os.path.isfile(given / SWEEP):
        name = printable(given.name)
        ways = f"`recipe runs --name '{name}/*'` lists its runs, `recipe show {argument(text)}` shows its table"
        raise RunNotFound(f"{printable(text)} is the folder of a sweep: {ways}")
    what = "a recipe's name and a tag, and" if named and tagged else ""
    raise RunNotFound("\n".join([_explain(text, base, fitting, runs, what), *faults]))


def _back(text: str, base: Path, runs: list[Path], name: str | None, back: int) -> Path:
    fitting = [run for run in runs if name is None or run.parent.name == name]
    if back < len(fitting):
        return fitting[back]
    if not fitting:
        raise RunNotFound(_explain(text, base, [], runs))
    count = f"there {'is 1 run' if len(fitting) == 1 else f'are {len(fitting):,} runs'}"
    of = f" of '{printable(name)}'" if name else ""
    oldest = f"{text.rpartition('~')[0]}~{len(fitting) - 1}"
    raise RunNotFound(f"no run '{printable(text)}': {count}{of}, and '{printable(oldest)}' is the oldest")


def has_tag(text: str, base: Path = RUNS) -> bool:
    """Whether a run under ``base`` has this tag, or one of the recipe's where it is ``NAME/TAG``."""
    return bool(_tagged(text, list_runs(base))[0])


def _tagged(text: str, runs: list[Path]) -> tuple[list[Path], list[str]]:
    """The runs with a tag, and what is wrong with the tags of others."""
    name, _, tag = text.rpartition("/")
    found, faults = [], []
    for run in runs:
        if name in ("", run.parent.name):
            try:
                if tag in read_tags(run).tags:
                    found.append(run)
            except TagsBroken as error:
                faults.append(f"its tags cannot be read: {error}")
            except OSError as error:
                faults.append(f"its tags cannot be read: {printable(str(error.filename))}: {error.strerror}")
    return found, faults[:_SHOWN]


def all_tags(runs: list[Path]) -> list[str]:
    """The tags of runs, each once; those that cannot be read are left out."""
    found = set[str]()
    for run in runs:
        with suppress(TagsBroken, OSError):
            found.update(read_tags(run).tags)
    return sorted(found)


def list_runs(base: Path = RUNS) -> list[Path]:
    """All run directories under ``base``, newest first by the time in their names."""
    return [base / name / stamp for name, stamp in run_names(base)]


def run_names(base: Path = RUNS) -> list[tuple[str, str]]:
    """The same as pairs of names, without a path for each: there can be ten thousand."""
    found = []
    for name in _folders(base):
        for stamp in _folders(base / name):
            parts = STAMP.fullmatch(stamp)
            if parts:
                # within one second the suffix counts, as a number
                found.append((parts["time"], int(parts["number"] or 1), name, stamp))
    found.sort(reverse=True)
    return [(name, stamp) for _, _, name, stamp in found]


def _folders(path: Path) -> Iterator[str]:
    """Names of the folders in a folder; none where there is nothing to look into."""
    try:
        entries = os.scandir(path)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    with entries:
        yield from (entry.name for entry in entries if entry.is_dir())  # known without asking for each


def _fits(text: str, run: Path) -> bool:
    fingerprint = run.name.partition("-")[2].partition("-")[2]
    return bool(text) and any(
        whole.startswith(text) for whole in (f"{run.parent.name}/{run.name}", run.name, fingerprint)
    )


def _explain(text: str, base: Path, fitting: list[Path], runs: list[Path], what: str = "") -> str:
    shown, where = printable(text), printable(str(base))
    there = f"runs under {where}:" if runs else f"there is no run under {where}"
    if fitting:
        head = f"'{shown}' {'is ' + what + ' ' if what else ''}matches {len(fitting)} runs:"
    elif text.endswith((".yaml", ".yml")):
        ways = f"`recipe run {shown}` starts one, and `recipe run {shown} --resume` continues one"
        head = f"'{shown}' is the name of a recipe's file, and a run is needed: {ways}; {there}"
    elif os.path.isfile(text):
        head = f"'{shown}' is a file, and a run is needed in its place: the run comes before its files; {there}"
    elif not runs:
        return f"no run '{shown}': {there}"
    else:
        head = f"no run '{shown}' under {where}; existing runs:"
    listed = [f"  {run.parent.name}/{run.name}" for run in (fitting or runs)]
    more = [f"  and {len(listed) - _SHOWN} more"] if len(listed) > _SHOWN else []
    return "\n".join([head, *map(printable, listed[:_SHOWN]), *more])
