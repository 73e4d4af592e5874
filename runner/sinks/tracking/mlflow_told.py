"""What runs have come to is said on MLflow's server, within the bounds in which the end of a run waits for it."""

from collections.abc import Callable
from functools import partial

from runner.sinks.tracking.mlflow_client import named_server
from runner.sinks.tracking.mlflow_group import Group, GroupFacts, tell
from runner.sinks.tracking.sender import Sender


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
    client = named_server()

    def word(_: int) -> None:
        say(f"sending to MLflow what {group.name} has come to; Ctrl-C leaves it to `recipe track`")

    sender = Sender(lambda values: None, patient=patient, say=word, release=client.close)
    sender.do(partial(tell, client, group, facts))
    sender.close()
