"""A whole recipe."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, WithJsonSchema

from schemas.base import Node, defaults_of
from schemas.data import Data
from schemas.deferred import deferred
from schemas.hardware import Hardware
from schemas.later import is_empty, is_none
from schemas.model import Model
from schemas.optimizer import Optimizer, Sgd
from schemas.quantities import ExpectationField, MetricName, RunName, Seed
from schemas.schedule import Schedule
from schemas.training import Training

if TYPE_CHECKING:
    from schemas.after import After
    from schemas.callbacks import Callbacks
    from schemas.groups import Groups
    from schemas.repeat import Repeat
    from schemas.sweep import Sweep
    from schemas.tracking import Tracking
else:
    After = deferred("schemas.after:After")
    Callbacks = deferred("schemas.callbacks:Callbacks")
    Groups = deferred("schemas.groups:Groups")
    Repeat = deferred("schemas.repeat:Repeat")
    Sweep = deferred("schemas.sweep:Sweep")
    Tracking = deferred("schemas.tracking:Tracking")

LANGUAGE_VERSION = 1
# As ``Literal[1]`` it would take true and 1.0, which equal 1 in Python.
Version = Annotated[int, Field(ge=1, le=1), WithJsonSchema({"type": "integer", "const": 1})]


class Recipe(Node):
    """One experiment: data, model, optimizer, schedule, and what is expected of it."""

    recipe: Version
    """Version of the recipe language: ``1``."""
    name: RunName
    """Name of the run and of its folder."""
    description: Annotated[str, Field(max_length=2000)] = ""
    """Description of the experiment, for readers."""
    task: Literal["classification", "language_model", "multi_label", "multi_output", "regression"]
    """The learning task; it determines the output layer, the loss and the metrics. ``language_model``: the model
    predicts each token of a text from the tokens before it. ``multi_label``: each example has several labels, each of
    which is 0 or 1. ``multi_output``: each example has several targets, classes or numbers, and each target has its own
    output in ``model.outputs``."""
    seed: Seed = 0
    """Seed of the initial weights, the order of examples and dropout."""
    data: Data
    """The dataset: where the examples come from."""
    model: Model
    """The network to train."""
    optimizer: Optimizer = Field(default_factory=lambda: Sgd.model_construct(kind="sgd"))
    """The rule that updates the weights."""
    schedule: Schedule | None = None
    """Learning rate and momentum over the run; by default the optimizer's constant learning_rate."""
    groups: Groups = Field(default={}, exclude_if=is_empty)
    """Groups of layers whose learning rate is multiplied by a factor, by the name of the group; all other layers have
    factor 1."""
    training: Training
    """Length of the run, loss, metrics and updates."""
    callbacks: Callbacks = Field(default=(), exclude_if=is_empty)
    """Custom code that is called while the recipe trains: ``[{target: "mine:Class", arguments: {…}}]``, classes of
    keras.callbacks.Callback; only with --allow-code."""
    hardware: Hardware = Field(default_factory=defaults_of(Hardware))
    """The devices of the run."""
    repeat: Repeat | None = Field(default=None, exclude_if=is_none)
    """Several runs that differ in their seed or in the validation fold; by default one run."""
    sweep: Sweep | None = Field(default=None, exclude_if=is_none)
    """A search over ranges of fields, run by `recipe sweep`; other verbs use the recipe without it. Not part of the
    fingerprint."""
    tracking: Tracking | None = Field(default=None, exclude_if=is_none)
    """Programs that receive the run's values in addition to its own record. ``tensorboard``: event files in the run's
    folder ``tensorboard``. ``mlflow``, or ``{mlflow: {every: 10 steps, artifacts: [model]}}``: the server named by the
    variable MLFLOW_TRACKING_URI. Not part of the fingerprint."""
    after: After | None = Field(default=None, exclude_if=is_none)
    """Steps after a completed training, in this order: ``evaluate`` (the test examples), ``export``, ``report``. Not
    part of the fingerprint."""
    expect: dict[MetricName, ExpectationField] = Field(default={})
    """Bounds on the final results, such as ``test_accuracy: '>= 0.98'``; a run that misses one exits 1. Bounds on
    ``seconds`` (of training), ``memory_mib`` (peak memory of the process) and the decisions changed by an export
    (``onnx_flips: '<= 0'``, counted by the export's ``check``) are also possible."""
