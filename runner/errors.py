"""All errors that a user may see, in one tree.

    RecipeError                 code, path, help, exit status
    ├── RecipeInvalid           a recipe has errors; only the library raises it, the verbs print them
    ├── UnknownField            the language has no such field
    ├── OutsideFolder           a file is a link out of its folder
    ├── NotWritten              a recipe cannot be written; exit status 1
    ├── ScheduleError           R201: the schedule does not fit the run
    │   ├── GroupError          R201: the factor of a group of layers does not
    │   └── CustomScheduleError R530: custom code gives no learning rate
    ├── DataError               R202: the data cannot be used
    │   └── HubError            not prepared here, and the hub is unreachable
    ├── WeightsError            R441, R442: weights of another run cannot be taken
    │   ├── WeightsMissing      the run, or its model, is not on this machine
    │   │   └── PublishedMissing R610: the file of published weights is not
    │   └── PublishedUnusable   R613: it is another file, or does not fit
    ├── BuildError              R203, R207: Keras rejects a layer, or custom code is wrong
    ├── InnerLayerError         R524: an application has no such layer, or it is in two groups
    ├── CodeError               R207: custom code cannot be imported or used
    ├── DeviceError             R204: the device that the recipe asks for is missing
    │   └── ClusterError        the workers of a run do not all connect
    ├── TooLarge                R205: the run needs more memory than is available
    ├── RunError                a run's folder or its files
    │   ├── RunNotFound         no run, or more than one, matches the request
    │   ├── RunLocked           another process writes to it
    │   ├── DirectoryTaken      the folder given for a new run is not empty
    │   ├── RecipeChanged       the recipe is not the one that the run started with
    │   ├── ManifestBroken      lock.json cannot be read
    │   ├── TagsBroken          tags.json cannot be read
    │   ├── EventsCorrupt       a line of events.jsonl is not an event
    │   ├── CheckpointBroken    a checkpoint is truncated or altered
    │   ├── NotPlain            a name in a run is not a plain file
    │   ├── RunLost             the folder was deleted, moved or replaced during the run; exit status 1
    │   ├── NothingLeft         the run has already made all steps of the changed recipe
    │   ├── CannotResume        the run cannot continue from its checkpoint
    │   │   ├── CheckpointUnfit its checksum matches, but its content is invalid
    │   │   └── StateMismatch   it belongs to another model, optimizer or plan
    │   ├── CannotReplay        a step cannot be made again exactly
    │   ├── ModelUnusable       a run's saved model is missing or cannot be opened
    │   └── SessionFailed       a session of a self-test ended otherwise than it should
    ├── InputError              what a trained model is given cannot be used
    ├── ExportError             a model cannot be exported in a format
    └── TrainingFailed          training cannot go on; exit status 1
        ├── Diverged            a loss or a weight is not finite
        ├── ScheduleMismatch    the optimizer did not use the planned values
        ├── OutOfMemory         the machine, or the GPU, has too little memory
        ├── DataLost            examples can no longer be read
        ├── OwnCodeFailed       custom code failed while the run was training
        ├── WorkerLost          another worker is gone
        └── WorkersDiffer       the workers would train different things

The verbs report a ``RecipeError`` as a diagnostic at its place in the recipe if it has one, otherwise as
``error: … help: …``. Any other exception is a bug in the program and keeps its traceback.
"""

from collections.abc import Sequence
from typing import ClassVar

KeyPath = tuple[str | int, ...]
"""Keys from the top of the recipe to a place in it."""


class RecipeError(Exception):
    """An error that the user can fix.

    Args:
        message: the argument, the rule and the value received.
        help: ways to fix it, one per line; by default those of the class.
        path: place in the recipe; by default that of the class.
        code: code of the diagnostic; by default that of the class.
    """

    code: str | None = None
    """Code of the diagnostic, which `recipe explain` describes; None if the error has no place in a recipe."""
    path: KeyPath = ()
    """Place in the recipe."""
    help: tuple[str, ...] = ()
    """Ways to fix it, one per line."""
    details: tuple[str, ...] = ()
    """Details of the message, one per line."""
    exit_status: ClassVar[int] = 2
    """Exit status of the program."""

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


class RecipeInvalid(RecipeError):
    """A recipe has errors.

    Args:
        message: all of them with their places, as ``recipe validate`` prints them.
        diagnostics: the same as ``runner.diagnostics.Diagnostic`` objects.
    """

    def __init__(self, message: str, diagnostics: Sequence[object]) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


class UnknownField(RecipeError):
    """The language has no such field, or this recipe has no such item."""


class OutsideFolder(RecipeError):
    """A file is a link out of its folder, so its target must not be changed."""


class NotWritten(RecipeError):
    """A recipe cannot be written; it is unchanged."""

    exit_status = 1


class ScheduleError(RecipeError, ValueError):
    """A schedule does not fit the number of steps.

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
        """Return the error with a longer path, for an enclosing mapping."""
        return ScheduleError(self.message, prefix + self.path, *self.help)

    @property
    def place(self) -> KeyPath:
        """Place in the recipe, from its top."""
        return ("schedule", *self.path)


class CustomScheduleError(ScheduleError):
    """Custom code cannot be imported, or what it gives is no learning rate."""

    code = "R530"

    def under(self, prefix: KeyPath) -> "CustomScheduleError":
        """Return the error with a longer path, for an enclosing mapping."""
        return CustomScheduleError(self.message, prefix + self.path, *self.help)


class GroupError(ScheduleError):
    """The factor of a group of layers does not fit the number of steps; ``path`` is from the recipe's top."""

    @property
    def place(self) -> KeyPath:
        """Place in the recipe, from its top."""
        return self.path


class DataError(RecipeError):
    """The data that the recipe names cannot be used on this machine."""

    code = "R202"
    path: KeyPath = ("data", "name")

    def at(self, place: KeyPath) -> None:
        """The error is about another key, which whoever called knows."""
        self.path = place


class HubError(DataError):
    """The dataset is not prepared here and cannot be downloaded now."""


class WeightsError(RecipeError):
    """A layer cannot begin with the weights of another run."""

    code = "R441"
    path: KeyPath = ("model", "weights", "run")


class WeightsMissing(WeightsError):
    """The run that weights are to be taken from, or its model, is not on this machine."""


class PublishedMissing(WeightsMissing):
    """The file of published weights is not on this machine, and is not fetched."""

    code = "R610"


class PublishedUnusable(WeightsError):
    """The file of published weights is not the one that Keras publishes, or does not fit the application."""

    code = "R613"


class BuildError(RecipeError):
    """Keras rejects a layer, or custom code is wrong.

    Args:
        message: the message of Keras, in one line.
        path: place in the recipe.
        custom: whether custom code is at fault, which makes the code R207.
    """

    def __init__(self, message: str, path: KeyPath, *, custom: bool = False) -> None:
        super().__init__(message, path=path, code="R207" if custom else "R203")


class InnerLayerError(RecipeError):
    """A layer of an application that a recipe names is not there, or in two groups."""

    code = "R524"

    def __init__(self, message: str, path: KeyPath, *help: str) -> None:
        super().__init__(message, *help, path=path)


class CodeError(RecipeError):
    """Custom code that may not be imported, cannot be imported, or is wrong."""

    code = "R207"


class DeviceError(RecipeError):
    """The device that the recipe asks for is missing."""

    code = "R204"
    path = ("hardware", "device")

    def __init__(self, message: str, *help: str) -> None:
        super().__init__(message, *help, "`recipe doctor` shows more")


class ClusterError(DeviceError):
    """The recipe needs several workers, but they are unknown or do not all connect."""

    path = ("hardware", "strategy")


class TooLarge(RecipeError):
    """The run needs more memory than the machine has.

    Args:
        message: the memory needed and available.
        path: place in the recipe of the part that needs most.
        help: ways to fix it, one per line.
    """

    code = "R205"

    def __init__(self, message: str, path: KeyPath, *help: str) -> None:
        super().__init__(message, *help, path=path)


class RunError(RecipeError):
    """A run's folder or files cannot be used."""


class RunNotFound(RunError):
    """No run, or more than one, matches the request."""


class RunLocked(RunError):
    """Another process writes to the run directory."""

    help = ("wait for it, or stop it: on SIGINT (Ctrl-C) it saves and exits",)


class DirectoryTaken(RunError):
    """The directory given for a new run already exists and is not empty."""

    help = ("name another directory with --run-dir",)


class RecipeChanged(RunError):
    """The recipe or its data differs from the one that the run started with, and there is no policy.

    Args:
        message: what has changed.
        details: all differences, one per line.
    """

    help = ("choose how to continue with --policy continue, rescale or restart; see `recipe resume --help`",)

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = tuple(details)


class ManifestBroken(RunError):
    """``lock.json`` cannot be read, so it is unknown what the run started with."""

    help = ("start a new run; the models of this one remain usable",)


class TagsBroken(RunError):
    """``tags.json`` is not a file that this program writes."""

    help = ("delete the file, and tag the run again: nothing else of the run depends on it",)


class EventsCorrupt(RunError):
    """A line of the events file, other than an incomplete last one, is not an event."""


class JournalBroken(RunError):
    """The journal of a sweep is damaged, or none that a worker of this sweep has written."""

    help = ("nothing was changed; move the folder away to start the sweep anew: its runs remain usable",)


class SweepChanged(RunError):
    """The folder holds another sweep than the recipe has; the details say what differs."""


class CheckpointBroken(RunError):
    """A checkpoint is truncated, altered or has a wrong format; the message says which."""


class NotPlain(RunError):
    """A name in a run is not a plain file, or not a plain folder where one is expected."""

    help = ("nothing in the run was changed; replace it with a plain copy",)


class RunLost(RunError):
    """The folder of a run, or its record, was deleted, moved or replaced during the run."""

    exit_status = 1


class NothingLeft(RunError):
    """With this policy, the run has already made all steps of the changed recipe."""


class CannotResume(RunError):
    """The run cannot continue from its checkpoint."""


class CheckpointUnfit(CannotResume):
    """The file is intact, but contains something that no run writes; the message says where.

    Random damage cannot leave the checksum correct, so the file is refused rather than replaced by an older one.
    """

    help = ("start a new run; the models of this one remain usable",)


class StateMismatch(CannotResume):
    """A checkpoint does not match the model, the optimizer or the plan into which it should be loaded."""

    help = ("only schedule, data and length may change; start a new run",)


class CannotReplay(RunError):
    """A step of a run cannot be made again exactly; the message says what differs or is missing."""


class ModelUnusable(RunError):
    """A run's saved model is missing, or is not a file that may be opened."""


class SessionFailed(RunError):
    """A session of a self-test ended unexpectedly.

    Args:
        message: the message.
        status: exit status of its process.
        stderr: standard error of its process.
    """

    def __init__(self, message: str, status: int, stderr: str) -> None:
        super().__init__(message)
        self.status, self.stderr = status, stderr


class InputError(RecipeError):
    """What a trained model is given to predict on, or to be evaluated on, cannot be used."""


class ExportError(RecipeError):
    """A model cannot be exported in a format, or an exported one cannot be run."""


class TrainingFailed(RecipeError):
    """Training cannot continue."""

    exit_status = 1


class Diverged(TrainingFailed):
    """A loss or a weight is not finite."""


class ScheduleMismatch(TrainingFailed):
    """The values read back from the optimizer are not the planned ones."""


class OutOfMemory(TrainingFailed):
    """The machine, or the GPU, has too little memory for the run."""


class DataLost(TrainingFailed):
    """Examples that existed at the start of the run can no longer be read."""


class WorkerLost(TrainingFailed):
    """Another worker is lost, and a step needs all of them."""


class OwnCodeFailed(TrainingFailed):
    """Custom code raised an error, or gave something else than it should, while the run was training."""


class WorkersDiffer(TrainingFailed):
    """The workers would train different things."""
