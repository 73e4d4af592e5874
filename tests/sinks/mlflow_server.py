"""MLflow's own server and client, in an environment of their own: MLflow does not go with the runner's protobuf."""

import json
import os
import resource
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VARIABLE = "MLFLOW_PYTHON"
"""Names a Python that has MLflow."""
_WAIT = 900.0
"""Seconds for the server to start, and for the client to answer."""
_LESS = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
"""Starts sooner, and reaches for nothing outside."""


class MlflowServer:
    """A server with a database and a folder for artifacts; killed and started again it has the same address.

    Args:
        python: has MLflow.
        folder: for what it keeps.
        workers: its processes; None: as many as it likes.
    """

    def __init__(self, python: str, folder: Path, workers: int | None = 1) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._log = folder / "server.log"
        self.database = folder / "mlflow.db"
        store = ("--backend-store-uri", f"sqlite:///{self.database}")
        artifacts = ("--artifacts-destination", str(folder / "artifacts"))
        own = () if workers is None else ("--workers", str(workers))
        place = ("--host", "127.0.0.1", "--port", str(port))
        self._command = [python, "-m", "mlflow", "server", *place, *store, *artifacts, *own]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env={**os.environ, **_LESS}, start_new_session=True
            )
        end = time.monotonic() + _WAIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"MLflow's server does not start:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
        except OSError:
            return False
        return True

    def processor(self) -> float:
        """Processor seconds of it and its children so far; on Linux."""
        ticks = sum(int(found[11]) + int(found[12]) for found in self._processes().values())
        return ticks / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> dict[int, list[str]]:
        """It and its children, with what the kernel says of each behind its name."""
        assert self._process is not None
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                said = path.read_text().rpartition(")")[2].split()  # what is after the name, which may be anything
            except OSError:  # it has ended
                continue
            if int(said[2]) == self._process.pid:
                found[int(path.parent.name)] = said
        return found

    @contextmanager
    def full(self) -> Iterator[None]:
        """Within the block no file of its gets larger than its database is now; on Linux."""
        before = self._limit(self.database.stat().st_size)
        try:
            yield
        finally:
            self._limit(before)

    def _limit(self, size: int) -> int:
        """Of its files; gives the limit before."""
        before = resource.RLIM_INFINITY
        for process in self._processes():
            before, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
        return before

    def settle(self) -> None:
        """Wait until its other workers have started, too."""
        end, before = time.monotonic() + _WAIT, -1.0
        while (now := self.processor()) - before > 0.05 and time.monotonic() < end:
            before = now
            time.sleep(1)

    def kill(self) -> None:
        """SIGKILL, to it and its children; nothing happens where it does not run."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def mlflow_server(python: str, folder: Path, workers: int | None = 1) -> Iterator[MlflowServer]:
    """A server that runs as long as the block."""
    server = MlflowServer(python, folder, workers)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def mlflow_client(python: str, address: str) -> Iterator["MlflowReader"]:
    """MLflow's client, in a process of its own, as long as the block."""
    command = [python, str(Path(__file__).with_name("mlflow_reader.py")), address]
    variables = {**os.environ, **_LESS}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables)
    try:
        yield MlflowReader(process)
    finally:
        process.communicate(timeout=_WAIT)


class MlflowReader:
    """What MLflow's client says of runs.

    Args:
        process: of ``mlflow_reader.py``.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, run: str) -> dict[str, Any]:
        """All that is to be had of a run."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(run, file=self._process.stdin, flush=True)
        found = json.loads(self._process.stdout.readline())
        assert isinstance(found, dict)
        return found
