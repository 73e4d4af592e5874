"""The program as a person starts it: a process of its own.

To start TensorFlow takes half of the processor's time in a small run, so the verbs that start it are forked from a
process that has imported it (``tests.forking``). That is a process as any other, which imports the program anew, and
signals end it as any other. Really started are the verbs that do without TensorFlow, recipes with code of their own,
and what a test wants ``new``; what is said about start-up is tested on those.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.forking import client

REPOSITORY = Path(__file__).parents[2]
GALLERY = REPOSITORY / "recipes"
NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
"""A proxy that refuses every connection: the hub is out of reach on any machine."""


STARTING = {"bisect", "evaluate", "export", "inspect", "lr-find", "predict", "resume", "run", "sweep", "verify"}
"""Verbs that start TensorFlow in their own process."""

LIMIT = 900.0
"""Seconds after which a test that waits in vain fails; nothing that works takes so long, on whatever machine."""

Process = "subprocess.Popen[str] | client.Forked"


def environment(data_dir: Path | None = None, **variables: str) -> dict[str, str]:
    """This process' environment without a dataset directory (or with the one given) and without a network."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "COLUMNS")}
    return {**kept, **NO_NETWORK, "TFDS_DATA_DIR": str(data_dir or "no-such-directory"), **variables}


def recipe(
    *arguments: str | Path,
    cwd: Path,
    data_dir: Path | None = None,
    timeout: float = LIMIT,
    new: bool = False,
    **variables: str,
) -> "subprocess.CompletedProcess[str]":
    """Run ``recipe`` and wait for it; ``new``: in a process that has nothing imported."""
    command, variables = ["-m", "runner", *map(str, arguments)], environment(data_dir, **variables)
    if not new and _may_be_forked(command, variables):
        return client.run(command, cwd=cwd, environment=variables, timeout=timeout)
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=variables, capture_output=True, text=True, timeout=timeout, check=False
    )


def started(*arguments: str | Path, cwd: Path, **variables: str) -> Process:
    """Start ``recipe``, which the test is to wait for or to end."""
    command, variables = ["-m", "runner", *map(str, arguments)], environment(**variables)
    if _may_be_forked(command, variables):
        return client.start(command, cwd=cwd, environment=variables)
    return subprocess.Popen(
        [sys.executable, *command], cwd=cwd, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until something is so, for much longer than a busy machine needs; fail if it does not come."""
    until = time.monotonic() + LIMIT
    while not happened():
        assert time.monotonic() < until, f"not within {LIMIT:.0f} seconds"
        time.sleep(0.02)


@contextmanager
def halted(process: Process) -> Iterator[None]:
    """Nothing happens in a process while the block runs: what the block does is one event to it."""
    state = Path(f"/proc/{process.pid}/task")
    os.kill(process.pid, signal.SIGSTOP)
    wait_for(lambda: all((task / "stat").read_text().rpartition(")")[2].split()[0] == "T" for task in state.iterdir()))
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def _may_be_forked(command: list[str], variables: dict[str, str]) -> bool:
    """Whether it starts TensorFlow, and as the server of forks did: a recipe's own code gets another Keras."""
    return command[2] in STARTING and "--allow-code" not in command and client.fits(variables)


def result_of(process: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The object that ``--json`` printed."""
    values = json.loads(process.stdout)
    assert isinstance(values, dict)
    return values
