"""Runs of ``recipe`` in child processes that receive a Ctrl-C exactly once."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

import typer

from runner.engine.loop.signals import heeded

_LOOK = 0.5
"""Seconds after which a signal is heard at the latest."""


def arguments_of(
    file: Path, sets: Sequence[str], flags: Mapping[str, bool], values: Mapping[str, object | None]
) -> list[str]:
    """The command-line arguments of a verb.

    Args:
        file: the recipe.
        sets: the values of ``--set``.
        flags: options without a value, and whether they are set.
        values: options with a value; None leaves one out.
    """
    arguments = [str(file), *(part for text in sets for part in ("--set", text))]
    arguments += [flag for flag, wanted in flags.items() if wanted]
    return arguments + [part for option, value in values.items() if value is not None for part in (option, str(value))]


def start_child(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
    stderr: IO[bytes] | None = None,
    verb: str = "run",
) -> "subprocess.Popen[bytes]":
    """Start ``recipe run``, or another verb, in a new session: a Ctrl-C reaches it only through :func:`forwarding`.

    Otherwise it would also come from the terminal, and a second signal ends a run at once.
    """
    command = [sys.executable, "-m", "runner", verb, *arguments]
    return subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
    )


class Forwarding:
    """Processes that signals are forwarded to, also those that arrive while one of them is being started."""

    def __init__(self, processes: Sequence["subprocess.Popen[bytes]"]) -> None:
        self._processes = list(processes)
        self._heard: int | None = None
        self._reached = 0

    def forward(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self._heard, self._reached = number, len(self._processes)
        for process in self._processes:
            process.send_signal(number)

    def start(
        self, arguments: Sequence[str], *, stdout: int | None = None, verb: str = "run"
    ) -> "subprocess.Popen[bytes]":
        """:func:`start_child`, for one more process."""
        process = start_child(arguments, stdout=stdout, verb=verb)
        self._processes.append(process)
        if self._heard is not None and self._reached < len(self._processes):
            process.send_signal(self._heard)
        return process

    def code_of(self, process: "subprocess.Popen[bytes]") -> int:
        """Exit code of a process that has ended.

        A signal that comes before the process handles it ends it by the signal's number, or with 1 where Python itself
        was starting: that is no failure of what the process had to do.
        """
        code: int = process.returncode
        if self._heard is not None and code in (-self._heard, 1):
            return 128 + self._heard
        return code if code >= 0 else 1


@contextmanager
def forwarding(processes: Sequence["subprocess.Popen[bytes]"] = ()) -> Iterator[Forwarding]:
    """While the block runs, forward the signals that end a run to the processes."""
    forwarded = Forwarding(processes)
    before = {number: signal.signal(number, forwarded.forward) for number in heeded()}
    try:
        yield forwarded
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _output_of(child: "subprocess.Popen[bytes]", meanwhile: Callable[[], None] = lambda: None) -> bytes:
    """Wait for the end of a process, and return what it has printed to a pipe.

    Python handles a signal when the main thread next does something. A signal that came while this process was stopped
    may be received by any of its threads, which does not end the main thread's wait: so it wakes by itself.
    """
    while True:
        try:
            output: bytes | None = child.communicate(timeout=_LOOK)[0]
        except subprocess.TimeoutExpired:
            meanwhile()
            continue
        return output or b""


def run_apart(arguments: Sequence[str]) -> dict[str, Any]:
    """Train one recipe in a child process and return its result; if it has none, exit with the child's exit code.

    TensorFlow fixes threads and determinism once per process: a recipe with settings that differ from the previous one
    would be refused, or would give other bits than in a process of its own.

    Args:
        arguments: the file and the options of ``recipe run``.
    """
    with forwarding() as forwarded:
        child = forwarded.start([*arguments, "--json"], stdout=subprocess.PIPE)
        try:
            output = _output_of(child)
        finally:
            child.kill()
            child.wait()
    if not output.strip():
        raise typer.Exit(forwarded.code_of(child) or 1)
    result: dict[str, Any] = json.loads(output)
    return result


def work_apart(
    verb: str, arguments: Sequence[str], meanwhile: Callable[[], None] = lambda: None
) -> Mapping[str, Any] | None:
    """Have a child process do a part of this one's work; exits with its code if it fails.

    Args:
        verb: the child's.
        arguments: of the verb.
        meanwhile: called twice a second while the child works.

    Returns:
        The status of the run that a signal has ended in it, with its message; None where it did its work.
    """
    with forwarding() as forwarded:
        child = forwarded.start(arguments, stdout=subprocess.DEVNULL, verb=verb)
        try:
            _output_of(child, meanwhile)
        finally:
            child.kill()
            child.wait()
    code = forwarded.code_of(child)
    if code in (130, 143):
        return {"status": "interrupted" if code == 130 else "terminated", "message": None}
    if code != 0:
        raise typer.Exit(code)
    return None
