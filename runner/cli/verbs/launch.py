"""The verb ``recipe launch``."""

import json as json_text
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import read
from runner.engine.distributed.address import free_addresses
from runner.engine.distributed.token import VARIABLE, make_token
from runner.text import printable
from runner.workflows.children import arguments_of, forwarding, start_child
from runner.workflows.cluster_scripts import render

STRATEGY = "hardware.strategy=multi_worker"
PATIENCE = 5.0
"""Seconds for the other workers to exit by themselves after one has: they notice, or fail the same way."""
GRACE = 30.0
"""Seconds for a worker to exit after SIGTERM."""
_STOPPED = (129, 130, 143)
_POLL = 0.05
_SHOWN = 20
"""Number of output lines shown of a worker that failed."""


def command(
    file: options.File,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of worker processes.")] = 2,
    sets: options.Sets = None,
    run_dir: Annotated[Path | None, typer.Option(help="As for `recipe run`.", show_default=False)] = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    resume: Annotated[bool, typer.Option("--resume", help="As for `recipe run`.")] = False,
    allow_code: options.AllowCode = False,
    script: Annotated[
        Literal["slurm", "kubernetes"] | None,
        typer.Option("--render", help="Print a script for a cluster instead of starting workers.", show_default=False),
    ] = None,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Train one recipe with several local workers, to try out what a cluster would do.

    Each worker is a `recipe run` with hardware.strategy=multi_worker and a TF_CONFIG for this machine. The first one,
    the chief, shows and records the run, and its exit code becomes this program's. If one worker fails, all stop.
    """
    sets = [*(sets or ()), STRATEGY]
    # the chief reports the outcome
    loaded = read(file, sets, None, color, quiet=True, allow_code=allow_code or script is not None)
    assert loaded.recipe is not None
    if script is not None:
        print(render(script, loaded.recipe.name, file, workers), end="")
        return
    flags = {"--json": json, "--quiet": quiet, "--resume": resume, "--no-fallback": no_fallback}
    flags["--allow-code"] = allow_code
    values = {"--run-dir": run_dir, "--data-dir": data_dir, "--progress": progress, "--color": color}
    arguments = arguments_of(file, sets, flags, values)
    token = make_token()
    with ExitStack() as stack:
        crew = [_start(arguments, config, token, stack) for config in _configs(workers)]
        # the workers agree on the step after which they stop
        with forwarding([worker.process for worker in crew]):
            code = _wait(crew)
    raise typer.Exit(code)


@dataclass(frozen=True)
class _Worker:
    index: int
    process: "subprocess.Popen[bytes]"
    stderr: IO[bytes] | None
    """File with its stderr; None for the chief, which shares this program's."""


def _configs(workers: int) -> list[str]:
    """A TF_CONFIG for each worker, on free ports of the loopback interface."""
    addresses = free_addresses(workers)
    return [
        json_text.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}})
        for index in range(workers)
    ]


def _start(arguments: Sequence[str], config: str, token: str, stack: ExitStack) -> _Worker:
    index = json_text.loads(config)["task"]["index"]
    stderr = None if index == 0 else stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    process = start_child(
        arguments,
        env={**os.environ, "TF_CONFIG": config, VARIABLE: token},
        stdout=subprocess.DEVNULL if index > 0 else None,
        stderr=stderr,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return _Worker(index, process, stderr)


def _wait(crew: Sequence[_Worker]) -> int:
    """Wait for all workers; after one fails, let the others exit, then send SIGTERM, then SIGKILL.

    After a signal the others take the time that saving takes: they stop by themselves, and one more signal would end
    the chief before its model is written.
    """
    while all(code in (None, 0) for code in _codes(crew)) and None in _codes(crew):
        time.sleep(_POLL)
    failed = [worker for worker in crew if worker.process.poll()]
    stopped = all(worker.process.returncode in _STOPPED for worker in failed)
    for seconds, insist in () if stopped else ((PATIENCE, "terminate"), (GRACE, "kill")):
        if not _ended_within(crew, seconds):
            for worker in crew:
                getattr(worker.process, insist)()
    codes = [worker.process.wait() for worker in crew]
    for worker in failed:
        _report(worker)
    chief = codes[0] if codes[0] >= 0 else 1
    return chief or int(any(codes))


def _codes(crew: Sequence[_Worker]) -> list[int | None]:
    return [worker.process.poll() for worker in crew]


def _ended_within(crew: Sequence[_Worker], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while None in _codes(crew) and time.monotonic() < deadline:
        time.sleep(_POLL)
    return None not in _codes(crew)


def _report(failed: _Worker) -> None:
    """Print how a worker failed, with its last lines of output; the chief's are already on the screen."""
    code = failed.process.returncode
    if code < 0:
        print(f"worker {failed.index} was ended by {signal.Signals(-code).name}", file=sys.stderr)
    elif failed.stderr is not None and code not in _STOPPED:
        print(f"worker {failed.index} ended with exit code {code}:", file=sys.stderr)
        failed.stderr.seek(0)
        lines = failed.stderr.read().decode(errors="replace").splitlines()
        print("\n".join(f"  {printable(line)}" for line in lines[-_SHOWN:]), file=sys.stderr)
