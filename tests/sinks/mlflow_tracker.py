"""Events given to MLflow's tracker as a run gives them."""

from collections.abc import Mapping, Sequence

from runner.events import Event, Warned
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.mlflow import Interval, MlflowSink, every_step

PARAMETERS = {"optimizer.kind": "sgd", "schedule.max_lr": 0.1}


def send(
    given: list[Event],
    *,
    patient: bool = False,
    interval: Interval = every_step,
    parameters: Mapping[str, object] = PARAMETERS,
    artifacts: Sequence[str] = (),
) -> list[str]:
    """What was warned of."""
    said: list[Event] = []
    sink = MlflowSink(parameters, said.append, patient=patient, interval=interval, artifacts=artifacts)
    tracker = Lenient(sink, "mlflow", said.append)
    for event in given:
        tracker(event)
    return [event.message for event in said if isinstance(event, Warned)]
