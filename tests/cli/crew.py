"""Two workers on this machine, each a process of its own with its TF_CONFIG."""

import json
from pathlib import Path

from runner.engine.distributed.address import free_addresses
from tests.cli.program import LIMIT, environment
from tests.forking import client

RUN = ("-m", "runner", "run")


def configs(workers: int = 2) -> list[str]:
    """A TF_CONFIG for each worker, on free ports."""
    cluster = {"worker": free_addresses(workers)}
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

    def wait(self, timeout: float = LIMIT) -> list[tuple[int, str, str]]:
        """Exit code, stdout and stderr of each."""
        said = [process.communicate(timeout=timeout) for process in self.processes]
        return [(p.returncode, out, err) for p, (out, err) in zip(self.processes, said, strict=True)]
