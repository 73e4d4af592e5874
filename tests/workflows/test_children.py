"""A signal reaches the runs in other processes, whenever it comes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from runner.workflows import children
from runner.workflows.children import Forwarding
from tests.cli.program import LIMIT, wait_for


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def interrupt_another_thread() -> None:
    """While the main thread waits: as it is with a signal that has come while the process was stopped."""
    main = Path(f"/proc/self/task/{os.getpid()}/stat")

    def hear() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        wait_for(lambda: main.read_text().rpartition(")")[2].split()[0] == "S")
        interrupt()

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=hear).start()


@pytest.mark.parametrize("happens", [interrupt, interrupt_another_thread])
@pytest.mark.parametrize("apart", [children.run_apart, lambda arguments: children.work_apart("sweep", arguments)])
def test_a_signal_at_any_time_ends_a_process_that_trains_apart(
    apart: Callable[[list[str]], Any], happens: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in a session of its own, so that no terminal would reach it any more."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*_: object, stdout: int, verb: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", f"import time; time.sleep({LIMIT})"]
        started.append(subprocess.Popen(command, stdout=stdout, start_new_session=True))
        happens()
        return started[0]

    monkeypatch.setattr(children, "start_child", start)
    ended = None
    try:
        ended = apart(["r.yaml"])
    except (KeyboardInterrupt, typer.Exit) as error:
        ended = getattr(error, "exit_code", error)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        left = started[0].poll() is None
        started[0].kill()
        started[0].wait(LIMIT)
    assert not left
    assert ended in (130, {"status": "interrupted", "message": None})


def test_a_python_that_a_signal_ends_in_its_own_start_is_no_failure() -> None:
    """It says ``init_sys_streams`` then, and exits with 1."""
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"]) as process:
        process.wait(LIMIT)
        forwarded = Forwarding([])
        assert forwarded.code_of(process) == 1
        forwarded.forward(signal.SIGINT, None)
        assert forwarded.code_of(process) == 130


def test_what_is_drawn_meanwhile_is_drawn_until_the_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, drawn = tmp_path / "seen", list[int]()
    look = f"import os, time; end = time.time() + {LIMIT}\n"
    waits = look + f"while not os.path.exists({str(seen)!r}) and time.time() < end: time.sleep(0.01)"

    def start(*_: object, stdout: int, verb: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", waits], stdout=stdout)

    def draw() -> None:
        drawn.append(1)
        if len(drawn) == 2:
            seen.touch()

    monkeypatch.setattr(children, "_LOOK", 0.01)
    monkeypatch.setattr(children, "start_child", start)
    assert children.work_apart("sweep", ["r.yaml"], meanwhile=draw) is None
    assert len(drawn) >= 2
