"""From a handle that the user types to a run directory."""

import re
from pathlib import Path

from runner.errors import NotPlain, RunNotFound
from runner.record.contents import is_run, require_plain
from runner.record.directory import RUNS
from runner.text import printable

LATEST = "latest"

_STAMP = re.compile(r"(?P<time>\d{8}-\d{6})-(?P<fingerprint>[^-]{1,8})(?:-(?P<number>\d+))?")
_SHOWN = 10


def find_run(text: str, base: Path = RUNS) -> Path:
    """Find the run directory that ``text`` means.

    Tried in this order: the path of a directory; ``latest``, or ``NAME/latest`` for the runs of a recipe; the name of a
    recipe with a single run; a prefix of ``NAME/TIME-FINGERPRINT``, of ``TIME-FINGERPRINT`` or of the fingerprint.

    Raises:
        RunNotFound: no run matches, or several do; the message lists them, newest first. Also if the run contains a
            link, a FIFO or the like: then nothing in it is read.
    """
    found = _find(text, base)
    try:
        require_plain(found)
    except NotPlain as error:
        raise RunNotFound(str(error)) from error
    except OSError as error:
        raise RunNotFound(f"{printable(str(found))} cannot be read: {error.strerror}") from error
    return found


def _find(text: str, base: Path) -> Path:
    given = Path(text)
    if text and is_run(given):
        return given
    runs = list_runs(base)
    if text == LATEST:
        fitting = runs[:1]
    elif text.endswith(f"/{LATEST}"):
        fitting = [run for run in runs if run.parent.name == text.removesuffix(f"/{LATEST}")][:1]
    else:
        fitting = [run for run in runs if run.parent.name == text] or [run for run in runs if _fits(text, run)]
    if len(fitting) == 1:
        return fitting[0]
    raise RunNotFound(_explain(text, base, fitting, runs))


def list_runs(base: Path = RUNS) -> list[Path]:
    """All run directories under ``base``, newest first according to the time in their names."""
    found = [path for path in base.glob("*/*") if _STAMP.fullmatch(path.name) and path.is_dir()]
    return sorted(found, key=_age, reverse=True)


def _age(run: Path) -> tuple[str, int, str]:
    """Sort key; within one second, the numeric suffix decides."""
    parts = _STAMP.fullmatch(run.name)
    return (parts["time"], int(parts["number"] or 1), run.parent.name) if parts else ("", 0, run.name)


def _fits(text: str, run: Path) -> bool:
    fingerprint = run.name.partition("-")[2].partition("-")[2]
    return bool(text) and any(
        whole.startswith(text) for whole in (f"{run.parent.name}/{run.name}", run.name, fingerprint)
    )


def _explain(text: str, base: Path, fitting: list[Path], runs: list[Path]) -> str:
    shown, where = printable(text), printable(str(base))
    if not fitting and not runs:
        return f"no run '{shown}': there is no run under {where}"
    head = f"'{shown}' matches {len(fitting)} runs:" if fitting else f"no run '{shown}' under {where}; existing runs:"
    listed = [f"  {run.parent.name}/{run.name}" for run in (fitting or runs)]
    more = [f"  and {len(listed) - _SHOWN} more"] if len(listed) > _SHOWN else []
    return "\n".join([head, *map(printable, listed[:_SHOWN]), *more])
