"""Runs of ``recipe`` in child processes that receive a Ctrl-C exactly once."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

import typer

from runner.engine.loop.signals import heeded


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


@contextmanager
def forwarding(processes: Sequence["subprocess.Popen[bytes]"]) -> Iterator[None]:
    """While the block runs, forward the signals that end a run to the processes."""

    def forward(number: int, _frame: FrameType | None) -> None:
        for process in processes:
            process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in heeded()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_apart(arguments: Sequence[str]) -> dict[str, Any]:
    """Train one recipe in a child process and return its result; if it has none, exit with the child's exit code.

    TensorFlow fixes threads and determinism once per process: a recipe with settings that differ from the previous one
    would be refused, or would give other bits than in a process of its own.

    Args:
        arguments: the file and the options of ``recipe run``.
    """
    child = start_child([*arguments, "--json"], stdout=subprocess.PIPE)
    try:
        with forwarding([child]):
            output, _ = child.communicate()
    finally:
        child.kill()
        child.wait()
    if not output.strip():
        raise typer.Exit(child.returncode if child.returncode > 0 else 1)
    result: dict[str, Any] = json.loads(output)
    return result


def work_apart(verb: str, arguments: Sequence[str]) -> Mapping[str, Any] | None:
    """Have a child process do a part of this one's work; exits with its code if it fails.

    Returns:
        The status of the run that a signal has ended in it, with its message; None where it did its work.
    """
    child = start_child(arguments, stdout=subprocess.DEVNULL, verb=verb)
    try:
        with forwarding([child]):
            code = child.wait()
    finally:
        child.kill()
        child.wait()
    if code in (130, 143):
        return {"status": "interrupted" if code == 130 else "terminated", "message": None}
    if code != 0:
        raise typer.Exit(code if code > 0 else 1)
    return None
