"""MLflow: a run on the server that the person names in ``MLFLOW_TRACKING_URI``; a recipe cannot name one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from runner.events import EpochEnded, Evaluated, Event, RunEnded, RunStarted, Sink, Stage, Steps, Warned
from runner.sinks.tracking.mlflow_client import Metric, named_server
from runner.sinks.tracking.mlflow_rows import StepRows, as_texts, rows
from runner.sinks.tracking.mlflow_run import MlflowRun
from runner.sinks.tracking.sender import Sender

Interval = Callable[[int, int], int]
"""From the steps of a run and of an epoch: every how many of them the server gets their values."""


def every_step(steps: int, steps_per_epoch: int) -> int:
    """The interval at which the server gets the values of all steps."""
    return 1


class MlflowSink:
    """Sends values from a thread of its own, so that no step waits for the server.

    A server that does not answer is asked again while the run trains. The end of a run waits within the bounds of
    :mod:`runner.sinks.tracking.sender`; ``recipe track RUN --to mlflow`` sends later what has not been acknowledged. A
    value that the server has nevertheless stays once: name, step, time and value are the same.

    Args:
        parameters: of the recipe, such as ``optimizer.kind``.
        patient: whether the run is over, and somebody waits for its record to be sent.
        tell: hears of a server that does not answer, of steps that are left out, and of what is still to be sent when
            the run has ended.
        interval: of the steps whose values are sent.
        artifacts: files that the recipe asks for: ``model``, ``best``, ``report``.
    """

    def __init__(
        self,
        parameters: Mapping[str, object],
        tell: Sink,
        *,
        patient: bool = False,
        interval: Interval = every_step,
        artifacts: Sequence[str] = (),
    ) -> None:
        self._parameters, self._patient, self._tell, self._interval = parameters, patient, tell, interval
        self._artifacts = artifacts
        self._run: MlflowRun | None = None
        self._sender: Sender | None = None
        self._begun: RunStarted | None = None
        self._told = False
        self._total = 0
        self._every, self._steps = 1, StepRows(1)

    def __call__(self, event: Event) -> None:
        """Send what MLflow shows of the event.

        Raises:
            ServerError: the server has refused an earlier event, does not take all, or is none.
        """
        self._heed()
        match event:
            case RunStarted():
                self._begin(event)
            case Steps():
                self._add(self._steps.of(event))
            case EpochEnded():
                self._add(rows("epoch", event.metrics.items(), event, event.step))
                self._flush_after(event.step)
            case Evaluated() if event.step is not None:
                self._add(rows("step", event.metrics.items(), event, event.step))
            case RunEnded():
                self._end(event)
            case _:
                pass

    def _heed(self) -> None:
        """What the thread has met."""
        if self._sender is None:
            return
        if self._sender.failure is not None:
            raise self._sender.failure
        trouble = self._sender.trouble
        if trouble is not None and not self._told:
            self._told = True
            self._tell(Warned(message=f"tracking: mlflow: {trouble}; it is asked again as long as the run trains"))

    def _begin(self, run: RunStarted) -> None:
        if self._run is None:
            known = {"seed": run.seed, "batch_size": run.batch_size, **self._parameters}
            self._run = MlflowRun(named_server(), as_texts(known), afterwards=self._patient, artifacts=self._artifacts)
        self._begun, self._total = run, run.steps
        self._every = self._interval(run.steps, run.steps_per_epoch)
        self._steps = StepRows(self._every)
        if self._every > 1:
            said = f"MLflow gets 1 step of {self._every:,}, and every epoch; `mlflow: {{every: 1 steps}}` sends all"
            self._tell(Stage(stage="track", message=said))
        if not run.resumed_at:
            self._open(self._run)

    def _open(self, run: MlflowRun) -> Sender:
        """Before the first value at the latest: until it trains, a resumed run may still be refused."""
        if self._sender is None:
            self._sender = Sender(run.metrics, patient=self._patient, say=self._say, release=run.close)
        if self._begun is not None:
            self._sender.do(partial(run.open, self._begun, self._every))
            self._begun = None
        return self._sender

    def _add(self, rows: Sequence[Metric]) -> None:
        if self._run is not None:
            self._open(self._run).send(rows)

    def _flush_after(self, step: int) -> None:
        """What comes after the last step, evaluation and saving, is used for what still waits."""
        if self._sender is not None and step == self._total:
            self._sender.flush()

    def _end(self, event: RunEnded) -> None:
        self._add(self._steps.last())
        self._add(rows("final", event.metrics.items(), event, event.steps))
        if self._run is not None and self._sender is not None:
            self._sender.do(partial(self._run.end, event))
            self._sender.do(partial(self._run.belongings, self._sender.beat))
        self.close()

    def close(self) -> None:
        """Wait until all is sent, in bounds.

        Raises:
            ServerError: the server is away, has refused something, or is too slow.
        """
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()

    def _say(self, waiting: int) -> None:
        rest = f"{waiting:,} values" if waiting else "the end of the run"
        self._tell(Stage(stage="track", message=f"sending {rest} to MLflow; Ctrl-C leaves them to `recipe track`"))
