"""Every error that a person may see, in one tree.

    RecipeError                 code, path, help, exit status
    ├── UnknownField            the language has no such field
    ├── OutsideFolder           a file is a link out of its folder
    ├── NotWritten              a recipe cannot be written; exit status 1
    ├── ScheduleError           R201: the schedule does not fit the run
    ├── DataError               R202: the data cannot be used
    │   └── HubError            not prepared here, and out of reach
    ├── BuildError              R203, R207: Keras does not accept a layer, custom code is not what it should be
    ├── CodeError               R207: custom code cannot be imported or used
    ├── DeviceError             R204: the device that the recipe asks for is missing
    │   └── ClusterError        the workers of a run do not come together
    ├── TooLarge                R205: the run needs more memory than there is
    ├── RunError                a run's folder or its files
    │   ├── RunNotFound         no run, or more than one, fits what was asked for
    │   ├── RunLocked           another process writes to it
    │   ├── DirectoryTaken      the folder given for a new run is not empty
    │   ├── RecipeChanged       the recipe is not the one that the run began with
    │   ├── ManifestBroken      lock.json cannot be read
    │   ├── EventsCorrupt       a line of events.jsonl is not an event
    │   ├── CheckpointBroken    a checkpoint is torn or altered
    │   ├── NotPlain            a name in a run is not a plain file
    │   ├── RunLost             the folder was deleted, moved or replaced while the run went on; exit status 1
    │   ├── NothingLeft         the run has made all steps of the changed recipe already
    │   ├── CannotResume        the run cannot continue from its checkpoint
    │   │   ├── CheckpointUnfit its checksum fits, its content does not
    │   │   └── StateMismatch   it belongs to another model, optimizer or plan
    │   ├── ModelUnusable       a run's saved model is missing or cannot be opened
    │   └── SessionFailed       a session of a self-test ended otherwise than it should
    ├── InputError              what a trained model is given cannot be used
    ├── ExportError             a model cannot be exported in a format
    └── TrainingFailed          training cannot go on; exit status 1
        ├── Diverged            a loss or a weight is not finite
        ├── ScheduleMismatch    the optimizer did not use the planned values
        ├── OutOfMemory         the machine, or the GPU, has too little memory
        ├── DataLost            examples can no longer be read
        ├── WorkerLost          another worker is gone
        └── WorkersDiffer       the workers would train different things

The verbs turn a ``RecipeError`` into a diagnostic at its place in the recipe where it has one, else into
``error: … help: …``; any other exception is a defect of the program and keeps its traceback.
"""

from collections.abc import Sequence
from typing import ClassVar

KeyPath = tuple[str | int, ...]
"""Keys from the top of the recipe down to the place in question."""


class RecipeError(Exception):
    """Something that the person can put right.

    Args:
        message: the argument, the rule and the value received.
        help: the ways out, one a line; left out, those of the class.
        path: place in the recipe; left out, that of the class.
        code: of the diagnostic; left out, that of the class.
    """

    code: str | None = None
    """Code of the diagnostic, which `recipe explain` describes; None: the error has no place in a recipe."""
    path: KeyPath = ()
    """Place in the recipe."""
    help: tuple[str, ...] = ()
    """The ways out, one a line."""
    details: tuple[str, ...] = ()
    """What belongs to the message, one a line."""
    exit_status: ClassVar[int] = 2
    """Of the program."""

    def __init__(self, message: str, *help: str, path: KeyPath | None = None, code: str | None = None) -> None:
        super().__init__(message)
        if help:
            self.help = help
        if path is not None:
            self.path = path
        if code is not None:
            self.code = code

    @property
    def place(self) -> KeyPath:
        """Place in the recipe, from its top."""
        return self.path


class UnknownField(RecipeError):
    """The language has no such field, or this recipe has no such item."""


class OutsideFolder(RecipeError):
    """A file is a link out of its folder; what it leads to is not ours to change."""


class NotWritten(RecipeError):
    """A recipe cannot be written; it is as it was."""

    exit_status = 1


class ScheduleError(RecipeError, ValueError):
    """A schedule that cannot run over the steps there are.

    Args:
        message: the rule and the value received.
        path: keys inside the schedule, such as ``("phases", 2, "duration")``.
        help: what to write instead; may be empty.
    """

    code = "R201"

    def __init__(self, message: str, path: KeyPath = (), help: str = "") -> None:
        super().__init__(message, *([help] if help else []), path=path)
        self.message = message

    def under(self, prefix: KeyPath) -> "ScheduleError":
        """Return the same error, seen from further out."""
        return ScheduleError(self.message, prefix + self.path, *self.help)

    @property
    def place(self) -> KeyPath:
        """Place in the recipe, from its top."""
        return ("schedule", *self.path)


class DataError(RecipeError):
    """The data that the recipe names cannot be used on this machine."""

    code = "R202"
    path: KeyPath = ("data", "name")

    def at(self, place: KeyPath) -> None:
        """The error is about another key, which whoever called knows."""
        self.path = place


class HubError(DataError):
    """The dataset is not prepared here and cannot be downloaded now."""


class BuildError(RecipeError):
    """Keras does not accept a layer, or custom code is not what it should be.

    Args:
        message: what Keras said, in a line.
        path: place in the recipe.
        custom: whether custom code is at fault, which makes the code R207.
    """

    def __init__(self, message: str, path: KeyPath, *, custom: bool = False) -> None:
        super().__init__(message, path=path, code="R207" if custom else "R203")


class CodeError(RecipeError):
    """Custom code that may not be imported, cannot be imported, or is not what it should be."""

    code = "R207"


class DeviceError(RecipeError):
    """The device that the recipe asks for is missing."""

    code = "R204"
    path = ("hardware", "device")

    def __init__(self, message: str, *help: str) -> None:
        super().__init__(message, *help, "`recipe doctor` shows more")


class ClusterError(DeviceError):
    """The recipe wants several workers, and it is not known which, or they do not come together."""

    path = ("hardware", "strategy")


class TooLarge(RecipeError):
    """The run needs more memory than the machine has.

    Args:
        message: what the run needs, and what there is.
        path: place in the recipe of what takes most.
        help: the ways out, one a line.
    """

    code = "R205"

    def __init__(self, message: str, path: KeyPath, *help: str) -> None:
        super().__init__(message, *help, path=path)


class RunError(RecipeError):
    """A run's folder or files cannot be used."""


class RunNotFound(RunError):
    """No run, or more than one, fits what was asked for."""


class RunLocked(RunError):
    """Another process writes to the run directory."""

    help = ("wait for it, or end it: after a SIGINT (Ctrl-C) it saves and leaves",)


class DirectoryTaken(RunError):
    """The directory given for a new run is there already and not empty."""

    help = ("name another directory with --run-dir",)


class RecipeChanged(RunError):
    """The recipe or its data is not the one that the run began with, and no policy says what to do.

    Args:
        message: what has changed.
        details: every difference, one a line.
    """

    help = ("--policy continue, rescale or restart says how to go on; see `recipe resume --help`",)

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class ManifestBroken(RunError):
    """``lock.json`` cannot be read, so it is not known what the run began with."""

    help = ("start a new run; the models of this one stay usable",)


class EventsCorrupt(RunError):
    """A line of the events file, other than a torn last one, is not an event."""


class CheckpointBroken(RunError):
    """A checkpoint is torn, altered or of another form; the message says how."""


class NotPlain(RunError):
    """A name in a run is not a plain file, or not a plain folder where that belongs."""

    help = ("nothing in the run was changed; put a plain copy in its place",)


class RunLost(RunError):
    """The folder of a run, or its record, was deleted, moved or replaced while the run went on."""

    exit_status = 1


class NothingLeft(RunError):
    """Under the policy the run has made all steps of the changed recipe already."""


class CannotResume(RunError):
    """The run cannot continue from its checkpoint."""


class CheckpointUnfit(CannotResume):
    """The file is whole, but holds what no run writes; the message says where.

    No chance breaks a file so that its checksum still fits: it is refused, and no older one is taken in its place.
    """

    help = ("start a new run; the models of this one stay usable",)


class StateMismatch(CannotResume):
    """A checkpoint does not fit the model, the optimizer or the plan that it is to be loaded into."""

    help = ("only schedule, data and length may change; start a new run",)


class ModelUnusable(RunError):
    """A run's saved model is missing, or is not a file that may be opened."""


class SessionFailed(RunError):
    """A session of a self-test ended otherwise than it should.

    Args:
        message: what was expected of it.
        status: exit status of its process.
        stderr: what it printed there.
    """

    def __init__(self, message: str, status: int, stderr: str) -> None:
        super().__init__(message)
        self.status, self.stderr = status, stderr


class InputError(RecipeError):
    """What a trained model is given to predict on, or to be evaluated on, cannot be used."""


class ExportError(RecipeError):
    """A model cannot be exported in a format, or an exported one cannot be run."""


class TrainingFailed(RecipeError):
    """Training cannot go on."""

    exit_status = 1


class Diverged(TrainingFailed):
    """A loss or a weight is not finite."""


class ScheduleMismatch(TrainingFailed):
    """The values read back from the optimizer are not the planned ones."""


class OutOfMemory(TrainingFailed):
    """The machine, or the GPU, has too little memory for the run."""


class DataLost(TrainingFailed):
    """Examples that were there when the run began can no longer be read."""


class WorkerLost(TrainingFailed):
    """Another worker is gone, and a step needs all of them."""


class WorkersDiffer(TrainingFailed):
    """The workers are not about to train the same thing."""
