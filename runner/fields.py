"""Types of values in a run's files, which may be untrusted: strict about JSON types, bounded in range and length.

A number is not taken from text, a whole number not from 60.5 or ``true``. Bounds are far beyond any real run, and low
enough that no sum, product or conversion of such values can fail.
"""

from collections.abc import Sized
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationError

from runner.text import printable

STEPS_AT_MOST = 10**12 - 1
"""A checkpoint's name has twelve digits for the step."""
_NAME_AT_MOST = 200
_PATH_AT_MOST = 4096
_ENTRIES_AT_MOST = 1000
_SAID = {
    "bool_type": "must be true or false",
    "dataclass_type": "must be an object",
    "dict_type": "must be an object",
    "finite_number": "must be finite",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "list_type": "must be an array",
    "missing": "is missing",
    "model_type": "must be an object",
    "string_type": "must be text",
    "tuple_type": "must be an array",
}
"""Faults by pydantic's names for them, where its words speak of Python; the others are kept."""
_TOLD = 3
_SHOWN = 60


def _short(text: str) -> str:
    # not Field(max_length=…), which refuses the lone surrogates that undecodable file names leave in text
    if len(text) > _NAME_AT_MOST:
        raise ValueError(f"must have at most {_NAME_AT_MOST} characters, got {len(text):,}")
    return text


def _path(text: str) -> str:
    if len(text) > _PATH_AT_MOST or "\0" in text:
        raise ValueError(f"must be a path of at most {_PATH_AT_MOST:,} characters without a null, got {len(text):,}")
    return text


def few(values: Any) -> Any:
    """Before anything is checked one by one: a million faults take their time too."""
    if isinstance(values, Sized) and len(values) > _ENTRIES_AT_MOST:
        raise ValueError(f"must have at most {_ENTRIES_AT_MOST:,} entries, got {len(values):,}")
    return values


Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=STEPS_AT_MOST)]
"""Of steps, epochs, examples; also a step's or an epoch's number."""
CountOrNone = Annotated[int, Strict(), Field(ge=-1, le=STEPS_AT_MOST)]
"""An epoch's number; -1 for none yet."""
Positive = Annotated[int, Strict(), Field(ge=1, le=STEPS_AT_MOST)]
Whole = Annotated[int, Strict(), Field(ge=-(2**63), lt=2**64)]
Real = Annotated[float, Strict()]
"""Also a NaN or an infinity: losses and metrics come to that."""
Finite = Annotated[float, Strict(), Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=0)]
Seconds = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=0, le=1e12)]
Name = Annotated[str, Strict(), AfterValidator(_short)]
"""Text that is shown in a row or as a heading."""
Text = Annotated[str, Strict()]
FolderPath = Annotated[str, Strict(), AfterValidator(_path)]
"""The path of a folder, which need not be there."""
Reals = Annotated[tuple[Real, ...], Field(fail_fast=True)]
FiniteReals = Annotated[tuple[Finite, ...], Field(fail_fast=True)]
NotNegatives = Annotated[tuple[NotNegative, ...], Field(fail_fast=True)]
Metrics = Annotated[dict[Name, Real], BeforeValidator(few)]
ByForecast = Annotated[dict[Name, Metrics], BeforeValidator(few)]
Thresholds = Annotated[dict[Name, Real | Reals], BeforeValidator(few)]
"""By output."""
Names = Annotated[dict[Name, Name], BeforeValidator(few)]
Series = Annotated[dict[Name, FiniteReals], BeforeValidator(few)]

Numbers = Annotated[dict[Name, Annotated[float, Strict()] | Annotated[int, Strict()]], BeforeValidator(few)]


def misfit(error: ValidationError) -> str:
    """What does not fit, by key path, in one line that is safe to show: ``position.step: …, got '60'``."""
    faults = error.errors(include_url=False, include_context=False)
    told = [_fault(fault["loc"], fault["type"], fault["msg"], fault["input"]) for fault in faults[:_TOLD]]
    more = [f"and {len(faults) - _TOLD} more"] if len(faults) > _TOLD else []
    return "; ".join([*told, *more])


def _fault(place: tuple[int | str, ...], kind: str, message: str, value: Any) -> str:
    path = clipped(".".join(map(str, place)))
    said = _SAID.get(kind) or printable(message.removeprefix("Value error, "))
    if kind == "json_invalid":
        return said
    told = said if kind in ("missing", "value_error") else f"{said}, got {shown(value)}"
    return f"{path}: {told}" if path else told


def shown(value: Any) -> str:
    """A value of any size, as the beginning of what it is."""
    if isinstance(value, dict | list | tuple):
        return {dict: "an object", list: "an array", tuple: "an array"}[type(value)]
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length():,} bits"
    return clipped(repr(value[: _SHOWN * 2] if isinstance(value, str | bytes) else value))


def clipped(text: str) -> str:
    """The beginning of a text, safe to show."""
    return printable(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
