"""Runs of ``recipe`` in processes of their own, which hear a Ctrl-C once."""

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
    """The arguments of a verb, as they would be written.

    Args:
        file: the recipe.
        sets: of ``--set``.
        flags: options without a value, and whether they are wanted.
        values: the others; None: not given.
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
) -> "subprocess.Popen[bytes]":
    """Start ``recipe run`` in a session of its own: a Ctrl-C reaches it only through :func:`forwarding`.

    From the terminal as well it would come twice, and the second one ends a run at once.
    """
    command = [sys.executable, "-m", "runner", "run", *arguments]
    return subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
    )


@contextmanager
def forwarding(processes: Sequence["subprocess.Popen[bytes]"]) -> Iterator[None]:
    """While the block runs, the signals that end a run go to the processes."""

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
    """Train one recipe in a process of its own and give its result; one that has none ends the program likewise.

    TensorFlow takes threads and determinism once a process: a recipe that wants them otherwise than the one before
    would be refused, or would give other bits than when it is run alone.

    Args:
        arguments: of ``recipe run``: the file and the options.
    """
    child = start_child([*arguments, "--json"], stdout=subprocess.PIPE)
    try:
        with forwarding([child]):
            said, _ = child.communicate()
    finally:
        child.kill()
        child.wait()
    if not said.strip():
        raise typer.Exit(child.returncode if child.returncode > 0 else 1)
    result: dict[str, Any] = json.loads(said)
    return result
