"""The schema of ``lock.json``: types, lengths and depth, checked because the file may come from a stranger."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from runner.fields import Count, FolderPath, Name, Text, Whole, few, misfit

_BYTES_AT_MOST = 1 << 22
_DEPTH_AT_MOST = 64
"""Maximum nesting; a recipe nests at most 32 deep."""

Generation = Annotated[int, Strict(), Field(ge=0, le=10**6)]
Digest = Annotated[str, Strict(), Field(pattern=r"^[0-9a-f]{64}$")]
Texts = Annotated[dict[Name, Text], BeforeValidator(few)]


class LockBroken(Exception):
    """``lock.json`` is not in the form that runs write; the message gives the line or the key."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Examples(_Part):
    """Number of examples."""

    train: Count
    validation: Count
    test: Count


class DeviceEntry(_Part):
    """The device that the run computed on."""

    kind: Name
    description: Text


class Computation(_Part):
    """How the device computed, where there are several ways with different last digits."""

    parts: Annotated[int, Field(ge=1, le=1024)] | None = None
    batch_normalization: Name | None = None


class Host(_Part):
    """Facts of the machine."""

    python: Name | None = None
    system: Name | None = None
    machine: Name | None = None
    processor: Text | None = None
    cores: Count | None = None
    variables: Texts = Field(default_factory=dict)


class WeightsEntry(_Part):
    """The trained model that layers took their weights from."""

    run: Text
    which: Literal["last", "best"]
    sha256: Digest


class PublishedEntry(_Part):
    """The file of published weights that an application of Keras began with."""

    layer: Name
    weights: Literal["imagenet"]
    file: Name
    sha256: Digest


class RunLock(_Part):
    """Everything besides the recipe that the results of a run depend on."""

    fingerprint: Name | None = None
    recipe: Annotated[dict[Name, Any], BeforeValidator(few)] | None = None
    data: Text | None = None
    code: Texts = Field(default_factory=dict)
    fallback: Text | None = None
    classes: Annotated[list[Annotated[str, Strict(), Field(max_length=10_000)]], Field(max_length=100_000)] = Field(
        default_factory=list
    )
    examples: Examples | None = None
    class_names: Annotated[list[Text], Field(max_length=10_000)] = Field(default_factory=list)
    inputs: Annotated[list[Text], Field(max_length=100_000)] = Field(default_factory=list)
    seed: Whole | None = None
    weights: WeightsEntry | None = None
    published: Annotated[list[PublishedEntry], Field(max_length=1000)] = Field(default_factory=list)
    code_folder: FolderPath | None = None
    data_folder: FolderPath | None = None
    data_root: FolderPath | None = None
    origins: Annotated[dict[Text, Text], Field(max_length=20_000)] = Field(default_factory=dict)
    device: DeviceEntry | None = None
    computation: Computation | None = None
    packages: Annotated[dict[Name, Name | None], BeforeValidator(few)] = Field(default_factory=dict)
    host: Host | None = None
    generation: Generation = 0
    data_sha256: Annotated[dict[Name, Digest], BeforeValidator(few)] | None = None

    @field_validator("data_folder")
    @classmethod
    def _compared(cls, folder: str | None, info: ValidationInfo) -> str | None:
        """A folder is read from only where what is found there can be compared with what trained."""
        if folder is not None and info.data.get("data") is None:
            raise ValueError("names a folder of data, but `data` does not say what was read there")
        return folder


def parse_lock(data: bytes) -> dict[str, Any]:
    """Parse a ``lock.json`` and return its values unchanged.

    Raises:
        LockBroken: it is not in the form that runs write.
    """
    if len(data) > _BYTES_AT_MOST:
        raise LockBroken(f"more than {_BYTES_AT_MOST:,} bytes")
    try:
        values = json.loads(data.decode("utf-8"))
        if not isinstance(values, dict):
            raise LockBroken("it is not a JSON object")
        if _deeper(values, _DEPTH_AT_MOST):
            raise RecursionError
        RunLock.model_validate(values)
    except RecursionError as error:
        raise LockBroken(f"nested more than {_DEPTH_AT_MOST} deep") from error
    except json.JSONDecodeError as error:
        raise LockBroken(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except ValidationError as error:
        raise LockBroken(misfit(error)) from error
    except ValueError as error:  # invalid UTF-8, numbers of thousands of digits
        raise LockBroken(str(error)) from error
    return values


def _deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [item for held in level for item in _held(held)]
        if not level:
            return False
    return True


def _held(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
