"""Programs that get a run's values besides its own record."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.later import is_none
from schemas.quantities import Duration, DurationField

TrackerName = Literal["tensorboard", "mlflow"]


Artifact = Literal["model", "best", "report"]


class MlflowOptions(Node):
    """How much MLflow's server gets: it stores each value as a row of a database."""

    every: DurationField | None = Field(default=None, exclude_if=is_none)
    """Interval between the steps whose values are sent, such as ``10 steps``; ``1 steps`` sends all. By default a run
    of at most 320 steps sends every step, and a longer one every 2nd, 5th, 10th, 20th and so on, so that a curve has
    at most 320 points, as many as MLflow's page shows. The last step, every epoch and every evaluation are always
    sent."""

    artifacts: Annotated[Items[Artifact], Field(min_length=1, max_length=3)] | None = Field(
        default=None, exclude_if=is_none
    )
    """Files that are sent besides the recipe and the lock: ``model`` (``model.keras``), ``best`` (``best.keras``) and
    ``report`` (``report.html``, which ``after: [report]`` or ``recipe report`` makes)."""


class MlflowTracker(Node):
    """MLflow with its options."""

    mlflow: MlflowOptions
    """What to send to the server."""


Tracker = TrackerName | MlflowTracker
Tracking = Annotated[Items[Tracker], Field(min_length=1, max_length=10)]


def name_of(tracker: Tracker) -> TrackerName:
    """The tracker's name, with or without options."""
    return "mlflow" if isinstance(tracker, MlflowTracker) else tracker


def every_of(tracker: Tracker) -> Duration | None:
    """Interval of the steps whose values are sent; None: by default."""
    return tracker.mlflow.every if isinstance(tracker, MlflowTracker) else None


def artifacts_of(tracker: Tracker) -> tuple[Artifact, ...]:
    """Files that are sent besides the recipe and the lock."""
    return tuple(tracker.mlflow.artifacts or ()) if isinstance(tracker, MlflowTracker) else ()
