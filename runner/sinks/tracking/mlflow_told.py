"""What runs have come to is said on MLflow's server, within the bounds in which the end of a run waits for it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from runner.sinks.tracking.mlflow_client import MlflowClient, named_server
from runner.sinks.tracking.mlflow_group import Group, GroupFacts, tell
from runner.sinks.tracking.mlflow_run import MlflowRun
from runner.sinks.tracking.sender import Sender

Beat = Callable[[], None]


def tell_server(group: Group, facts: GroupFacts, say: Callable[[str], None], *, patient: bool) -> None:
    """Say what the runs of a group have come to on the run above them, which is made where there is none.

    Args:
        group: of the runs.
        facts: what is said.
        say: hears that somebody waits.
        patient: whether to wait as long as there is progress.

    Raises:
        ServerError: no server is named, it is away or too slow, or it has refused something.
        OSError: the group's folder cannot be used.
    """
    _told(lambda client, _: tell(client, group, facts), f"what {group.name} has come to", say, patient=patient)


def tell_followed(run: Path, steps: int, artifacts: Sequence[str], say: Callable[[str], None]) -> None:
    """Send what has followed a training: files that have come or changed since, and evaluations.

    Args:
        run: the run's directory.
        steps: those of the run.
        artifacts: files that the recipe asks for.
        say: hears that somebody waits.

    Raises:
        ServerError: no server is named, it is away or too slow, or it has refused something.
        RunError: an evaluation in the directory is none.
        OSError: a file cannot be read.
    """

    def send(client: MlflowClient, beat: Beat) -> None:
        MlflowRun(client, {}, afterwards=True, artifacts=artifacts).follow(run, steps, beat)

    _told(send, f"what has followed {run.name}", say, patient=False)


def _told(send: Callable[[MlflowClient, Beat], None], what: str, say: Callable[[str], None], *, patient: bool) -> None:
    client = named_server()

    def word(_: int) -> None:
        say(f"sending to MLflow {what}; Ctrl-C leaves it to `recipe track`")

    sender = Sender(lambda values: None, patient=patient, say=word, release=client.close)
    sender.do(lambda: send(client, sender.beat))
    sender.close()
