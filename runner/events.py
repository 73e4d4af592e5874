"""Typed events: what a run says while it happens, and the only thing that sinks see.

``events.jsonl`` holds one JSON object a line, ``{"event": NAME, "time": UNIX_SECONDS, ...fields}``. Learning
rate, momentum and loss in :class:`Steps` are float32 values read back from the compiled step, written in
their shortest form that reads back to the same float32.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal, Self, SupportsFloat

Status = Literal["running", "finished", "failed", "diverged", "interrupted", "terminated", "expectation_missed"]


def shortest(values: Iterable[SupportsFloat]) -> tuple[float, ...]:
    """NumPy float32 values as the floats with the fewest digits that read back to the same float32.

    ``0.1`` in float32 is 0.10000000149011612 as a double; in a file of numbers people want ``0.1``.
    """
    return tuple(float(str(value)) for value in values)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events."""

    name: ClassVar[str]
    time: float = field(default_factory=time.time)
    """Unix time, in seconds."""

    def to_json(self) -> str:
        """The event as one line of JSON, without the line feed."""
        return json.dumps({"event": self.name, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build the event from what :meth:`to_json` wrote; keys of a later version are passed over."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: _frozen(value) for key, value in values.items() if key in known})


def _frozen(value: Any) -> Any:
    """JSON has lists where events have tuples."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True)
class PhaseRow:
    """A phase of the schedule as sinks show it; steps are half-open ``[start, stop)``."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, kw_only=True)
class Planned(Event):
    """The plan is made, and what starts now takes long; for the screen alone, which is not to be empty meanwhile.

    Everything in it is told again by :class:`RunStarted`, which is recorded.
    """

    name = "planned"
    recipe: str
    fingerprint: str
    seed: int
    steps: int
    epochs: int
    steps_per_epoch: int
    batch_size: int
    data: str
    phases: tuple[PhaseRow, ...]


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """The plan is made and the directory is open."""

    name = "run_started"
    recipe: str
    run_dir: str
    fingerprint: str
    seed: int
    steps: int
    epochs: int
    steps_per_epoch: int
    batch_size: int
    parameters: int
    data: str
    """Source and version of what trains, such as ``tfds mnist 3.0.1``."""
    phases: tuple[PhaseRow, ...]
    metrics: tuple[str, ...]
    """Names of the metrics of an epoch, ``loss`` first."""
    resumed_at: int = 0
    """Step from which a resumed run goes on."""


@dataclass(frozen=True, kw_only=True)
class DeviceChosen(Event):
    """What the run computes on, and why not on a GPU when it does not."""

    name = "device_chosen"
    device: str
    """``CPU`` or ``GPU``."""
    description: str
    reason: str | None = None
    """Why there is no GPU, when it is known."""


@dataclass(frozen=True, kw_only=True)
class Stage(Event):
    """Work before the first step, so that the screen is never silent: loading, building, compiling."""

    name = "stage"
    stage: Literal["data", "download", "build", "compile", "train", "evaluate", "save"]
    message: str


@dataclass(frozen=True, kw_only=True)
class FallbackUsed(Event):
    """The hub was out of reach; the recipe's fallback trains instead."""

    name = "fallback_used"
    wanted: str
    used: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """Something that the person should know."""

    name = "warned"
    message: str


@dataclass(frozen=True, kw_only=True)
class Steps(Event):
    """Consecutive optimizer steps that one compiled call made; all tuples have one length."""

    name = "steps"
    first_step: int
    epoch: int
    """0-based epoch of all these steps."""
    learning_rate: tuple[float, ...]
    """Read back from the optimizer's variable, step by step."""
    momentum: tuple[float, ...] | None
    """Read back likewise; None where the optimizer has none."""
    loss: tuple[float, ...]
    """Loss of each step's own batch, with regularizers."""
    examples: int
    seconds: float
    """Wall time of the call; the first call's includes compiling."""
    compiled: bool = False
    """Whether this call included compiling, and so does not count for speed."""
    skipped: int = 0
    """How many of them left the weights alone because a gradient in float16 was not finite."""
    weight_decay: tuple[float, ...] | None = None
    """Read back likewise; None where no schedule drives it."""

    @property
    def last_step(self) -> int:
        """The last of these steps."""
        return self.first_step + len(self.learning_rate) - 1


@dataclass(frozen=True, kw_only=True)
class EpochEnded(Event):
    """One pass over the training examples, and its evaluation."""

    name = "epoch_ended"
    epoch: int
    """0-based."""
    step: int
    """Steps done so far."""
    metrics: dict[str, float]
    """Training means (``loss``, ``accuracy``) and validation (``val_loss``, ``val_accuracy``)."""
    learning_rate: float
    """Of the epoch's last step, read back."""
    momentum: float | None
    seconds: float
    examples_per_second: float
    phase: str
    best: bool
    """Whether this epoch's model is the best so far."""


@dataclass(frozen=True, kw_only=True)
class PlateauCut(Event):
    """The plateau rule has cut the scale; it acts from ``step`` on."""

    name = "plateau_cut"
    step: int
    epoch: int
    monitor: str
    value: float
    best: float
    wait: int
    scale: float
    """New scale; the learning rate is scale times the base curve."""


@dataclass(frozen=True, kw_only=True)
class EarlyStopped(Event):
    """The run ends before its length because the monitor stopped improving."""

    name = "early_stopped"
    epoch: int
    monitor: str
    best: float
    best_epoch: int
    wait: int


@dataclass(frozen=True, kw_only=True)
class ModelSaved(Event):
    """A model file was written."""

    name = "model_saved"
    path: str
    """Relative to the run directory."""
    step: int


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """Final evaluation of a split."""

    name = "evaluated"
    split: str
    metrics: dict[str, float]
    examples: int


@dataclass(frozen=True, kw_only=True)
class ExpectationChecked(Event):
    """A bound of the recipe against what came out."""

    name = "expectation_checked"
    metric: str
    expectation: str
    value: float | None
    met: bool | None
    """None: not tested (the fallback trained in place of the recipe's data)."""


@dataclass(frozen=True, kw_only=True)
class RunEnded(Event):
    """The last event of a run."""

    name = "run_ended"
    status: Status
    message: str | None
    steps: int
    seconds_total: float
    seconds_training: float
    metrics: dict[str, float]
    best: dict[str, float | int] | None
    """``epoch``, and the monitor with its value."""


Sink = Callable[[Event], None]
"""Anything that takes events."""

EVENTS: Mapping[str, type[Event]] = {
    cls.name: cls
    for cls in (
        RunStarted,
        DeviceChosen,
        Stage,
        FallbackUsed,
        Warned,
        Steps,
        EpochEnded,
        PlateauCut,
        EarlyStopped,
        ModelSaved,
        Evaluated,
        ExpectationChecked,
        RunEnded,
    )
}


def parse(line: str) -> Event | None:
    """Read one line of ``events.jsonl``; None for an event of a later version.

    Raises:
        ValueError: when the line is not a JSON object with the fields of its event.
    """
    values = json.loads(line)
    if not isinstance(values, dict):
        raise ValueError(f"an event is a JSON object, got {type(values).__name__}")  # noqa: TRY004 - it is the file's fault
    cls = EVENTS.get(str(values.get("event")))
    if cls is None:
        return None
    try:
        if cls is RunStarted:
            values["phases"] = [PhaseRow(**row) for row in values["phases"]]
        return cls.from_mapping(values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"event {cls.name!r}: {error}") from error
