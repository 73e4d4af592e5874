"""Two workers on this machine, each a process of its own with its TF_CONFIG."""

import json
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.cli.program import environment
from tests.forking import client

TIMEOUT = 150.0
RUN = ("-m", "runner", "run")


def configs(workers: int = 2) -> list[str]:
    """A TF_CONFIG for each worker, on free ports."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(workers)]
        addresses = [f"127.0.0.1:{held.getsockname()[1]}" for held in sockets]
    cluster = {"worker": addresses}
    return [json.dumps({"cluster": cluster, "task": {"type": "worker", "index": i}}) for i in range(workers)]


def start(
    config: str, *arguments: str | Path, cwd: Path, program: tuple[str, ...] = RUN, **variables: str
) -> client.Forked:
    """Start one worker."""
    variables = environment(TF_CONFIG=config, **variables)
    assert client.fits(variables)
    return client.start([*program, *map(str, arguments)], cwd=cwd, environment=variables)


class Crew:
    """Workers that are killed when the block ends, however it ends."""

    def __init__(self, *processes: client.Forked) -> None:
        self.processes = processes

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()

    def wait(self, timeout: float = TIMEOUT) -> list[tuple[int, str, str]]:
        """Exit code, stdout and stderr of each."""
        said = [process.communicate(timeout=timeout) for process in self.processes]
        return [(p.returncode, out, err) for p, (out, err) in zip(self.processes, said, strict=True)]
