"""Runs of ``recipe`` in child processes, some of which are killed."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.errors import SessionFailed
from runner.events import DONE, Steps
from runner.record.directory import RunPaths
from runner.record.events_file import read_events


@dataclass(frozen=True)
class Trial:
    """A recipe that is trained more than once.

    Args:
        file: the recipe.
        folder: the folder for the runs.
        arguments: arguments of ``recipe run``, such as ``--set``.
        data: arguments of both ``run`` and ``resume``, such as ``--data-dir``.
        report: called with progress messages.
    """

    file: Path
    folder: Path
    arguments: Sequence[str]
    data: Sequence[str]
    report: Callable[[str], None]

    def straight(self) -> RunPaths:
        """Train without interruption.

        Raises:
            SessionFailed: the run does not finish.
        """
        paths = RunPaths(self.folder / "straight")
        self.report("training without interruption")
        self._finish(self._run(paths))
        return paths

    def interrupted(self, steps: Iterable[int]) -> tuple[RunPaths, list[int]]:
        """Train with a SIGKILL at each of these steps, followed by ``recipe resume``.

        Returns:
            The run, and the last step recorded by each killed session.

        Raises:
            SessionFailed: a session ends before it is killed, or cannot be resumed.
        """
        paths, killed = RunPaths(self.folder / "interrupted"), list[int]()
        for step in steps:
            kill = ("--kill-at", str(step))
            code, _, stderr = self._resume(paths, *kill) if killed else self._run(paths, *kill)
            if code != -signal.SIGKILL:
                raise SessionFailed(f"the session that was to be killed at step {step} ended by itself", code, stderr)
            killed.append(max(event.last_step for event in read_events(paths.events) if isinstance(event, Steps)))
            self.report(f"killed after step {killed[-1]:,}")
        self._finish(self._resume(paths))
        return paths, killed

    def _run(self, paths: RunPaths, *more: str) -> tuple[int, str, str]:
        place = ("--run-dir", str(paths.root))
        return _recipe("run", str(self.file), *place, *self.arguments, *self.data, *more)

    def _resume(self, paths: RunPaths, *more: str) -> tuple[int, str, str]:
        return _recipe("resume", str(paths.root), *self.data, *more)

    def _finish(self, ended: tuple[int, str, str]) -> None:
        code, stdout, stderr = ended
        status = json.loads(stdout)["status"] if stdout else None
        if status not in DONE:
            raise SessionFailed(f"the run did not finish: {status or f'exit code {code}'}", code, stderr)
        self.report("finished")


def _recipe(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``recipe``."""
    command: list[Any] = [sys.executable, "-m", "runner", *arguments, "--json", "--progress", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr
