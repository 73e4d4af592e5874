"""Starts Python processes by the server, which itself starts when the first one is wanted."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).parents[2]
READ_AT_IMPORT = ("PYTHON", "LANG", "LC_", "KERAS", "TF_", "XLA_", "CUDA_", "OMP_", "OPENBLAS_", "MKL_", "LD_", "HOME")
"""Beginnings of variables that Python, TensorFlow, Keras or their libraries may have read when the server started."""
READ_LATER = {"PYTHONPATH", "TF_CONFIG", "TF_CPP_MIN_LOG_LEVEL", "TF_CUDNN_DETERMINISTIC", "TF_NUM_INTEROP_THREADS"}
"""Of these, what only the program reads, or TensorFlow with its first operation, or what it sets itself."""


def _read_at_import(environment: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(READ_AT_IMPORT) and k not in READ_LATER}


@dataclass(frozen=True)
class _Server:
    orders: socket.socket
    environment: dict[str, str]


@cache
def _server() -> _Server:
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-m", "tests.forking.server", str(its.fileno())]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, pass_fds=[its.fileno()],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    its.close()

    def end() -> None:
        mine.close()
        process.wait()

    atexit.register(end)
    return _Server(mine, environment)


def fits(environment: dict[str, str]) -> bool:
    """Whether a fork of the server is what a new process with this environment would be."""
    return _read_at_import(environment) == _read_at_import(_server().environment)


@dataclass
class Forked:
    """A process, with what tests use of :class:`subprocess.Popen`."""

    args: list[str]
    pid: int
    stdout: IO[str]
    stderr: IO[str]
    _answers: IO[str]
    returncode: int | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread(target=self._await, daemon=True).start()

    def _await(self) -> None:
        with self._answers:
            code = self._answers.readline()
        self.returncode = int(code) if code else -signal.SIGKILL  # its keeper was killed with it
        self._ended.set()

    def poll(self) -> int | None:
        """Its exit code, negative for a signal, or None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            TimeoutExpired: it runs for longer.
        """
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it on the spot."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it still writes to standard output and error, until its end.

        Raises:
            TimeoutExpired: it runs for longer.
        """
        said = ["", ""]

        def read(place: int, stream: IO[str]) -> None:
            if not stream.closed:
                with stream:
                    said[place] = stream.read()

        streams = enumerate((self.stdout, self.stderr))
        readers = [threading.Thread(target=read, args=each, daemon=True) for each in streams]
        until = None if timeout is None else time.monotonic() + timeout
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(None if until is None else max(0.0, until - time.monotonic()))
            if reader.is_alive():
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        self.wait(None if until is None else max(0.0, until - time.monotonic()))
        return said[0], said[1]


def start(command: list[str], *, cwd: Path, environment: dict[str, str], given: str = "") -> Forked:
    """Start ``python`` with a command line of ``-m`` or ``-c``, and a text on its standard input."""
    out, its_out = os.pipe()
    err, its_err = os.pipe()
    answers, its_answers = socket.socketpair()
    order = json.dumps({"command": command, "cwd": str(Path(cwd).resolve()), "environment": environment})
    with tempfile.TemporaryFile("w+") as its_in:
        its_in.write(given)
        its_in.seek(0)
        theirs = [its_in.fileno(), its_out, its_err, its_answers.fileno()]
        socket.send_fds(_server().orders, [order.encode("utf-8", "surrogateescape")], theirs)
    os.close(its_out)
    os.close(its_err)
    its_answers.close()
    with answers:
        told = answers.makefile("r")
    pid = told.readline()
    assert pid, "the server is gone: what it said stands above"
    return Forked(["python", *command], int(pid), os.fdopen(out), os.fdopen(err), told)


def run(
    command: list[str], *, cwd: Path, environment: dict[str, str], timeout: float, given: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Start ``python`` and wait for it.

    Raises:
        TimeoutExpired: it took longer, and was killed.
    """
    process = start(command, cwd=cwd, environment=environment, given=given)
    try:
        out, err = process.communicate(timeout)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)
