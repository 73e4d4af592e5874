"""The plan: everything that a run needs to know, with nothing left to infer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Literal

from runner.data.facts import DataFacts
from runner.data.placement import Placement, placement
from runner.plan.callbacks import PlannedCallback, plan_callbacks
from runner.plan.custom_code import Code
from runner.plan.defaults import fallback_of
from runner.plan.inferred import Inferred
from runner.plan.layers import PlannedLayer
from runner.plan.monitor import Monitor
from runner.plan.outputs import PlannedOutput, figures_of, thresholds_of
from runner.plan.published import PublishedWeights
from runner.plan.schedule import CompiledSchedule
from runner.plan.schedules.dropout import dropout_table
from runner.plan.schedules.groups import PlannedGroup, plan_groups
from runner.plan.schedules.own_tables import Table
from runner.plan.smoothing import Smoothing, smoothing_of
from runner.plan.validation import PART, PlannedValidation
from runner.plan.warnings import PlanWarning, augment_warnings, data_warnings, schedule_warnings
from runner.plan.weights import SourceWeights
from schemas.data import Data, Fallback
from schemas.losses import Loss
from schemas.metrics import is_whole
from schemas.quantities import Expectation
from schemas.recipe import Recipe

if TYPE_CHECKING:
    from schemas.custom_metric import CustomMetric


@dataclass(frozen=True)
class Plan:
    """A recipe made definite for the data at hand."""

    recipe: Recipe
    data: DataFacts
    fallback: str | None
    """Why the fallback trains in place of the recipe's data; None when it does not."""
    scale: float | Literal["standard"] | None
    batch_size: int
    steps: int
    """Number of optimizer steps, N."""
    epochs: int
    """Passes over the training examples; the last one may be a part of one."""
    steps_per_epoch: int
    layers: tuple[PlannedLayer, ...]
    loss: Loss | None
    """None where each of several outputs has its own."""
    metrics: tuple[str, ...]
    """Names of the figures besides the loss; of several outputs they begin with the output's."""
    best: Monitor
    schedule: CompiledSchedule
    fingerprint: str
    expect: dict[str, Expectation]
    """Bounds that this run is held to."""
    untested: dict[str, Expectation]
    """Bounds that this run cannot test, because the fallback trains."""
    inferred: tuple[Inferred, ...]
    validation: PlannedValidation
    """When the validation examples are evaluated, where there are any."""
    center: bool = False
    """Whether the mean of each feature is subtracted."""
    outputs: tuple[PlannedOutput, ...] = ()
    """Those of a model that predicts several targets; empty where there is one."""
    code: Code | None = None
    """Custom code that may be imported; None: there is none, or the person does not allow it."""
    weights: SourceWeights | None = None
    """The trained model that layers take their weights from; None: the recipe takes none, or it is not known yet."""
    published: tuple[PublishedWeights, ...] = ()
    """Of the applications that begin with published weights; empty where none does, or it is not known yet."""
    parts: int | None = None
    """Parts in which a batch is computed side by side, where the run's lock or a trial on this machine says it; None:
    by the rule of ``runner.plan.threads``."""
    parts_tried: bool = False
    """Whether it was a trial that says so."""

    @property
    def code_folder(self) -> FilePath | None:
        """Where custom code may be imported from; None: it may not be."""
        return None if self.code is None else self.code.folder

    @property
    def takes_weights(self) -> bool:
        """Whether it is known that any layer begins with weights that are not fresh."""
        return self.weights is not None or bool(self.published)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of what the trained model gives: of the classes, of several numbers or labels, or of outputs."""
        several = tuple(name for output in self.outputs for name in output.names)
        return several or self.data.output_names

    @property
    def logits(self) -> bool:
        """Whether the model gives logits in place of probabilities."""
        return self.recipe.model.output.logits or self.data.next_token

    @property
    def wanted(self) -> str:
        """The data that the recipe names, whether or not it is what trains."""
        return f"{self.recipe.data.source} {getattr(self.recipe.data, 'name', self.data.name)}"

    @property
    def source(self) -> Data | Fallback:
        """The recipe's data, or its fallback where that trains."""
        fallback = fallback_of(self.recipe) if self.fallback is not None else None
        return fallback if fallback is not None else self.recipe.data

    @property
    def placement(self) -> Placement:
        """What of the data stays in memory."""
        return placement(self.data, self.recipe.data.resident_limit.size)

    @property
    def warnings(self) -> tuple[PlanWarning, ...]:
        """What runs but hardly as meant, where only the run's length or the data tell."""
        return (
            *schedule_warnings(self.schedule.warnings),
            *data_warnings(self.recipe, self.data, self.smoothing, self.steps),
            *augment_warnings(self.recipe, self.steps, self.steps_per_epoch),
        )

    @property
    def smoothing(self) -> Smoothing | None:
        """Label smoothing that ends before the run does; None where one number holds throughout."""
        return smoothing_of(self.recipe.training.label_smoothing, self.steps, self.steps_per_epoch)

    @property
    def groups(self) -> tuple[PlannedGroup, ...]:
        """Groups of layers with a factor on their learning rate."""
        return plan_groups(self.recipe.groups, self.steps, self.steps_per_epoch)

    @property
    def callbacks(self) -> tuple[PlannedCallback, ...]:
        """Callbacks of custom code."""
        return plan_callbacks(self.recipe.callbacks, self.steps, self.steps_per_epoch) if self.recipe.callbacks else ()

    @property
    def dropout_factor(self) -> Table:
        """The factor on all dropout rates, row by row; empty where they are constant."""
        return dropout_table(self.recipe.model.dropout_factor, self.steps, self.steps_per_epoch)

    @property
    def monitors(self) -> tuple[str, ...]:
        """Names of the metrics of an epoch, ``loss`` first."""
        training, evaluated = ("loss", *self.running), ("loss", *self.metrics)
        if not self.data.validation:
            return training
        part = tuple(f"{PART}{name}" for name in evaluated) if self.validation.part is not None else ()
        return training + tuple(f"val_{name}" for name in evaluated) + part

    @property
    def running(self) -> tuple[str, ...]:
        """The metrics that are means over examples, and so are known of the training examples as well."""
        return tuple(name for name in self.metrics if not is_whole(name))

    @property
    def threshold(self) -> float | None:
        """Probability above which a single output means class 1 while the model trains; None: one half."""
        written = self.recipe.training.threshold
        return written if isinstance(written, float) else None

    @property
    def thresholds(self) -> float | Mapping[str, float] | None:
        """The same, and of several outputs that of each which has one, by name; None: one half."""
        return (thresholds_of(self.outputs) or None) if self.outputs else self.threshold

    @property
    def threshold_by(self) -> str | Mapping[str, str] | None:
        """The figure by which the final model's threshold is chosen on validation, of several outputs by name."""
        if self.outputs:
            return figures_of(self.outputs) or None
        written = self.recipe.training.threshold
        return written if isinstance(written, str) else None

    @property
    def custom_metrics(self) -> "tuple[CustomMetric, ...]":
        """The metrics that custom code computes."""
        return tuple(metric for metric in self.recipe.training.metrics or () if not isinstance(metric, str))

    @property
    def whole(self) -> tuple[str, ...]:
        """The metrics that are computed of a whole split, of validation and test examples alone."""
        return tuple(name for name in self.metrics if is_whole(name))
