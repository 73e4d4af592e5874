"""The lines of a sweep's journal, judged before Optuna reads them: anybody may have written them."""

import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

from optuna.distributions import BaseDistribution, distribution_to_json
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from runner.disk.folder import read_plain
from runner.errors import JournalBroken
from runner.fields import misfit
from runner.sweeps.definition import Definition
from runner.sweeps.journal_paths import JOURNAL, run_name
from runner.text import printable
from schemas.sweep import MOST_TRIALS

MOST_BYTES = 64 << 20
"""Of a journal: a line of some 200 bytes for each epoch of each trial."""


class _Line(BaseModel):
    model_config = ConfigDict(strict=True)
    worker_id: Annotated[str, Field(max_length=100)]


class _Study(_Line):
    op_code: Literal[0]
    study_name: str
    directions: Annotated[list[Literal[1, 2]], Field(min_length=1, max_length=1)]


class _Trial(_Line):
    op_code: Literal[4]
    study_id: Literal[0]
    datetime_start: Annotated[str, Field(pattern=r"^[0-9T:.+-]{10,40}$")]
    state: Literal[0]
    value: None
    values: None
    params: dict[str, float]
    distributions: dict[str, str]
    user_attrs: dict[str, Any]
    system_attrs: Annotated[dict[str, Any], Field(max_length=0)]
    intermediate_values: Annotated[dict[str, Any], Field(max_length=0)]


class _State(_Line):
    op_code: Literal[6]
    trial_id: Annotated[int, Field(ge=0)]
    state: Literal[1, 2, 3]
    values: Annotated[list[float], Field(min_length=1, max_length=1)] | None
    datetime_complete: Annotated[str, Field(pattern=r"^[0-9T:.+-]{10,40}$")]


class _Epoch(_Line):
    op_code: Literal[7]
    trial_id: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=0)]
    intermediate_value: float


class _Noted(_Line):
    op_code: Literal[8]
    trial_id: Annotated[int, Field(ge=0)]
    user_attr: Annotated[dict[Literal["runs", "why"], Any], Field(min_length=1, max_length=1)]


class _Rung(_Line):
    op_code: Literal[9]
    trial_id: Annotated[int, Field(ge=0)]
    system_attr: Annotated[
        dict[Annotated[str, Field(pattern=r"^completed_rung_[0-9]{1,3}$")], float], Field(min_length=1, max_length=1)
    ]


_COMPLETE = 1
_Ranges = dict[str, BaseDistribution]
_LINE: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Study | _Trial | _State | _Epoch | _Noted | _Rung, Field(discriminator="op_code")]
)


def require_ours(folder: Path, definition: Definition, expected: _Ranges) -> list[dict[str, Any]]:
    """Check every line of the journal, and that together they are trials of this sweep.

    Returns:
        The lines, without one that is half written.

    Raises:
        JournalBroken: for the first line that no worker of this sweep has written.
        OSError: it cannot be read.
        NotPlain: it is a link, or anything but a file.
    """
    path = folder / JOURNAL
    if path.exists() and path.stat().st_size > MOST_BYTES:
        raise JournalBroken(f"{printable(str(path))} has more than {MOST_BYTES >> 20} MB")
    trials, lines = 0, []
    for number, line in enumerate(read_plain(path).split(b"\n")[:-1], start=1):  # the last is half written
        try:
            lines.append(json.loads(line))
            found = _LINE.validate_python(lines[-1])
            trials = _judged(found, number, trials, definition, expected)
        except ValidationError as error:
            raise _broken(path, number, misfit(error)) from error
        except (ValueError, OverflowError, RecursionError) as error:
            raise _broken(path, number, str(error)) from error
    return lines


def _judged(line: Any, number: int, trials: int, definition: Definition, expected: _Ranges) -> int:
    """The number of trials after a line.

    Raises:
        ValueError: the line does not follow from those before it.
    """
    if number == 1 and not isinstance(line, _Study):
        raise ValueError("a journal begins with its study")
    match line:
        case _Study():
            wanted = [2 if definition.rising else 1]
            if number != 1 or line.study_name != definition.recipe.name or line.directions != wanted:
                raise ValueError("it begins another study")
        case _Trial():
            _require_trial(line, expected)
            if trials >= MOST_TRIALS:
                raise ValueError(f"a sweep has at most {MOST_TRIALS:,} trials")
            return trials + 1
        case _:
            if line.trial_id >= trials:
                raise ValueError(f"there is no trial {line.trial_id} before it")
            if isinstance(line, _Noted):
                _require_noted(line.user_attr)
            if isinstance(line, _State):
                _require_date(line.datetime_complete)
            if isinstance(line, _State) and line.state == _COMPLETE and not (line.values and isfinite(line.values[0])):
                raise ValueError("a finished trial has a result")
    return trials


def _require_trial(line: _Trial, expected: _Ranges) -> None:
    if line.distributions != {name: distribution_to_json(each) for name, each in expected.items()}:
        raise ValueError("a trial has other ranges than this sweep")
    if line.params.keys() != expected.keys() or not all(
        isfinite(value) and expected[name]._contains(value) for name, value in line.params.items()
    ):
        raise ValueError("a trial has values outside of the ranges")
    _require_date(line.datetime_start)
    _require_runs(line.user_attrs.get("runs", []))


def _require_date(text: str) -> None:
    datetime.fromisoformat(text).astimezone()  # as Optuna reads it


def _require_noted(noted: Mapping[Any, Any]) -> None:
    if "runs" in noted:
        _require_runs(noted["runs"])
    elif not isinstance(noted["why"], str):
        raise ValueError("why: must be text")


def _require_runs(names: Any) -> None:
    if not isinstance(names, list) or not all(isinstance(name, str) and run_name(name) for name in names):
        raise ValueError("runs: must be names of run directories in the sweep's folder")


def _broken(path: Path, number: int, why: str) -> JournalBroken:
    return JournalBroken(f"{printable(str(path))}, line {number}: no worker of this sweep has written it: {why}")
