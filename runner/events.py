"""Typed events: everything that a run reports while it happens, and the only thing that sinks receive.

``events.jsonl`` has one JSON object per line, ``{"event": NAME, "time": UNIX_SECONDS, ...fields}``. Learning
rate, momentum and loss in :class:`Steps` are float32 values read back from the compiled step, written in
their shortest form that reads back to the same float32.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, SupportsFloat

from pydantic import Field, TypeAdapter, ValidationError

from runner.fields import (
    ByForecast,
    Count,
    CountOrNone,
    Finite,
    FiniteReals,
    Flag,
    Metrics,
    Name,
    Names,
    NotNegative,
    NotNegatives,
    Numbers,
    Positive,
    Real,
    Reals,
    Seconds,
    Series,
    Text,
    Thresholds,
    Whole,
    misfit,
    shown,
)
from runner.status import DONE as DONE
from runner.status import Status as Status


def shortest(values: Iterable[SupportsFloat]) -> tuple[float, ...]:
    """NumPy float32 values as the floats with the fewest digits that read back to the same float32.

    ``0.1`` in float32 is 0.10000000149011612 as a double; in a file, ``0.1`` is easier to read.
    """
    return tuple(float(str(value)) for value in values)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events."""

    name: ClassVar[str]
    time: Seconds = field(default_factory=time.time)
    """Unix time, in seconds."""

    def to_json(self) -> str:
        """The event as one line of JSON, without the line feed."""
        return json.dumps({"event": self.name, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class PhaseRow:
    """A phase of the schedule as sinks show it; steps are half-open ``[start, stop)``."""

    name: Name
    start: Count
    stop: Count


@dataclass(frozen=True, kw_only=True)
class Planned(Event):
    """The plan is made, and slow work starts; only for the display, so that it is not empty in the meantime.

    :class:`RunStarted`, which is recorded, repeats all of it.
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
    recipe: Text
    run_dir: Text
    fingerprint: Name
    seed: Whole
    steps: Count
    epochs: Count
    steps_per_epoch: Positive
    batch_size: Positive
    parameters: Count
    data: Text
    """Source and version of the data, such as ``tfds mnist 3.0.1``."""
    phases: Annotated[tuple[PhaseRow, ...], Field(fail_fast=True)]
    metrics: Annotated[tuple[Name, ...], Field(fail_fast=True)]
    """Names of the metrics of an epoch, ``loss`` first."""
    resumed_at: Count = 0
    """Step from which a resumed run continues."""
    momentum: bool | None = None
    """Whether the optimizer has momentum; None: not stated."""
    monitor: str = ""
    """Name of the metric that determines the best epoch; empty: not stated."""


@dataclass(frozen=True, kw_only=True)
class DeviceChosen(Event):
    """The device that the run computes on, and why it is not a GPU."""

    name = "device_chosen"
    device: Text
    """``CPU`` or ``GPU``."""
    description: Text
    reason: Text | None = None
    """Why there is no GPU, if known."""


@dataclass(frozen=True, kw_only=True)
class Stage(Event):
    """Work besides the steps, so that the display is never silent: loading, compiling, sending to a tracker."""

    name = "stage"
    stage: Literal["data", "download", "build", "compile", "train", "evaluate", "save", "track"]
    message: Text


@dataclass(frozen=True, kw_only=True)
class FallbackUsed(Event):
    """The hub was unreachable; the recipe's fallback is used instead."""

    name = "fallback_used"
    wanted: Text
    used: Text
    reason: Text


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """A warning for the user."""

    name = "warned"
    message: Text


@dataclass(frozen=True, kw_only=True)
class Steps(Event):
    """Consecutive optimizer steps of one compiled call; all tuples have the same length."""

    name = "steps"
    HYPERPARAMETERS: ClassVar[tuple[str, ...]] = ("learning_rate", "momentum", "weight_decay")
    """Those of the step's that are recorded: each is a field, filled by its name. None: the step does not drive it."""
    first_step: Count
    epoch: Count
    """0-based epoch of all these steps."""
    learning_rate: NotNegatives
    """Read back from the optimizer's variable, step by step."""
    momentum: FiniteReals | None
    """Read back likewise; None where the optimizer has none."""
    loss: Reals
    """Loss of each step's batch, with regularizers."""
    examples: Count
    seconds: Seconds
    """Wall time of the call; the first call's includes compiling."""
    compiled: Flag = False
    """Whether this call included compiling, so that it does not count for throughput."""
    skipped: Count = 0
    """Number of these steps that did not change the weights because a float16 gradient was not finite."""
    weight_decay: FiniteReals | None = None
    """Read back likewise; None where no schedule drives it."""
    metrics: Metrics | None = None
    """Training means of the epoch so far, these steps counted in; None: not said."""
    driven: Series | None = None
    """Read back likewise: the others that curves drive, by name, such as ``factor_base``; None where there are none."""

    def __post_init__(self) -> None:
        """Check that every step has all values."""
        count = len(self.learning_rate)
        if not count:
            raise ValueError("learning_rate, momentum and loss must have a value for each step, got none")
        for name, values in {"loss": self.loss, **self.hyperparameters}.items():
            if len(values) != count:
                raise ValueError(f"{name} must have as many values as learning_rate, {count:,}, got {len(values):,}")

    @property
    def hyperparameters(self) -> dict[str, tuple[float, ...]]:
        """What acted, by name, step by step; only what the steps drive."""
        found = {name: getattr(self, name) for name in self.HYPERPARAMETERS}
        return {name: values for name, values in found.items() if values is not None} | (self.driven or {})

    @property
    def last_step(self) -> int:
        """The last of these steps."""
        return self.first_step + len(self.learning_rate) - 1


@dataclass(frozen=True, kw_only=True)
class EpochEnded(Event):
    """One pass over the training examples, and its evaluation."""

    name = "epoch_ended"
    epoch: Count
    """0-based."""
    step: Count
    """Number of steps so far."""
    metrics: Metrics
    """Training means (``loss``, ``accuracy``) and validation (``val_loss``, ``val_accuracy``)."""
    learning_rate: NotNegative
    """Value at the epoch's last step, read back."""
    momentum: Finite | None
    seconds: Seconds
    examples_per_second: NotNegative
    phase: Name
    best: Flag
    """Whether this epoch's model is the best so far."""


@dataclass(frozen=True, kw_only=True)
class PlateauCut(Event):
    """The plateau rule has cut the scale; the cut takes effect from ``step`` on."""

    name = "plateau_cut"
    step: Count
    epoch: Count
    monitor: Name
    value: Real
    best: Finite
    wait: Count
    scale: NotNegative
    """New scale; the learning rate is scale times the base curve."""


@dataclass(frozen=True, kw_only=True)
class EarlyStopped(Event):
    """The run ends before its length because the monitor stopped improving."""

    name = "early_stopped"
    epoch: Count
    monitor: Name
    best: Real
    best_epoch: CountOrNone
    wait: Count


@dataclass(frozen=True, kw_only=True)
class ModelSaved(Event):
    """A model file was written."""

    name = "model_saved"
    path: Text
    """Relative to the run directory."""
    step: Count


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """Evaluation of a split other than at the end of an epoch: within one, or of the final model."""

    name = "evaluated"
    split: Name
    metrics: Metrics
    examples: Count
    step: Count | None = None
    """Number of steps so far, for an evaluation within an epoch; None for the final model."""
    best: bool = False
    """Whether the model is the best so far."""


@dataclass(frozen=True, kw_only=True)
class ExpectationChecked(Event):
    """An expectation of the recipe with the measured value."""

    name = "expectation_checked"
    metric: Name
    expectation: Text
    value: Real | None
    met: Flag | None
    """None: not tested (the fallback was used instead of the recipe's data)."""


@dataclass(frozen=True, kw_only=True)
class RunEnded(Event):
    """How the training ended: the last event of a run, but for the steps that follow it."""

    name = "run_ended"
    status: Status
    message: Text | None
    steps: Count
    seconds_total: Seconds
    seconds_training: Seconds
    metrics: Metrics
    """Final metrics, all of the model that was saved at the end."""
    best: Numbers | None
    """``epoch``, and the monitor with its value."""
    threshold: Real | Reals | Thresholds | None = None
    """Probability above which the final model's one output means class 1, or above which each of several labels is
    there; of several outputs by name; None: the recipe asks for none."""
    threshold_by: Name | Names | None = None
    """Figure by which the threshold was chosen on the validation examples, such as ``f1``, of several outputs by name;
    None: the recipe says it."""
    checkpoint: Count | None = None
    """Step of the newest checkpoint, from which the run can continue; None if there is none."""
    baseline: Metrics | None = None
    """Figures of always the most frequent answer, the median or the mean of the training part, by the names of the
    metrics that they stand beside; None where there are none."""
    naive_forecasts: ByForecast | None = None
    """Figures of forecasts that need no model, of a series' windows: of ``last``, ``seasonal`` and ``mean``, by the
    names of the metrics; None where the data are no series."""


@dataclass(frozen=True, kw_only=True)
class AfterStepEnded(Event):
    """A step of ``after`` that followed the training has ended; it comes behind :class:`RunEnded`."""

    name = "after_step_ended"
    step: Name
    """Such as ``evaluate`` or ``export onnx``."""
    done: Flag
    message: Text
    """What came of it, or why it failed."""
    seconds: Seconds


Sink = Callable[[Event], None]
"""Anything that receives events."""

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
        AfterStepEnded,
    )
}


_STEPS = b'{"event":"steps",'
"""Start of the lines of steps as written by :meth:`Event.to_json`; a run may have millions of them."""


@cache
def _reader(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(EVENTS[name])


def has_steps(line: bytes) -> bool:
    """Whether the line is an event of :class:`Steps`, determined without parsing it."""
    return line.startswith(_STEPS)


def parse(line: bytes) -> Event | None:
    """Parse one line of ``events.jsonl``; None for an event of a later version.

    Raises:
        ValueError: the line is not a JSON object with the fields of its event, of their types and in their ranges.
        RecursionError: it is nested too deeply.
    """
    try:
        if has_steps(line):
            return _reader(Steps.name).validate_json(line)
        values = json.loads(line.decode("utf-8"))  # takes the lone surrogates of undecodable file names
        name = _name_of(values)
        return _reader(name).validate_python(values) if name in EVENTS else None
    except ValidationError as error:
        raise ValueError(misfit(error)) from error


def _name_of(values: Any) -> str:
    if not isinstance(values, dict):
        raise ValueError(f"an event is a JSON object, got {shown(values)}")  # noqa: TRY004 - it is the file's fault
    name = values.get("event")
    if not isinstance(name, str):
        raise ValueError(f"event: must be the name of an event, got {shown(name)}")  # noqa: TRY004 - likewise
    return name
