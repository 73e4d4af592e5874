"""SIGINT, SIGTERM and SIGHUP: the first saves and leaves, the second leaves at once."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pexpect
import pytest

from runner.engine.loop.signals import stop_on_signals
from runner.record.checkpoint import list_checkpoints
from tests.cli.program import LIMIT, environment, wait_for
from tests.faults.program import HOOKS, RECIPE, differing, outcome, resume, run


def test_after_each_signal_a_run_goes_on_to_the_same_bits(straight: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = run(folder, fault=f"signal:{signal.SIGINT}:10")
    assert done.returncode == 130, done.stderr
    assert "interrupted" in done.stderr
    assert "`recipe resume run` continues" in done.stderr
    done = resume(folder, fault=f"signal:{signal.SIGTERM}:40")
    assert done.returncode == 143, done.stderr
    assert "terminated" in done.stderr
    done = resume(folder, "--json", fault=f"signal:{signal.SIGHUP}:50")
    assert done.returncode == 129, done.stderr
    assert json.loads(done.stdout)["status"] == "terminated"
    assert "SIGHUP after step" in done.stderr
    done = resume(folder)
    assert done.returncode == 0, done.stderr
    assert differing(outcome(folder), outcome(straight)) == []


def test_a_second_signal_ends_at_once_and_gives_the_cursor_back(tmp_path: Path) -> None:
    """The first is heard, and its checkpoint takes an hour."""
    (tmp_path / "small.yaml").write_text(RECIPE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 100000"))
    path = os.pathsep.join(filter(None, (str(HOOKS), os.environ.get("PYTHONPATH"))))
    variables = environment(PYTHONPATH=path, RECIPE_FAULT="slow-checkpoint", TERM="xterm-256color")
    child = pexpect.spawn(
        sys.executable, ["-m", "runner", "run", "small.yaml", "--run-dir", "run"],
        cwd=str(tmp_path), env=variables, encoding="utf-8", timeout=LIMIT, dimensions=(40, 120),
    )  # fmt: skip
    child.expect("/1,200,000")
    child.kill(signal.SIGINT)
    wait_for((tmp_path / "begun").exists)
    child.kill(signal.SIGINT)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert child.before is not None
    assert "\x1b[?25h" in child.before
    assert child.before.rindex("\x1b[?25h") > child.before.rfind("\x1b[?25l")


def test_a_closed_terminal_ends_the_run_after_saving(tmp_path: Path) -> None:
    """The terminal is gone for what the run says last, too."""
    (tmp_path / "small.yaml").write_text(RECIPE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 100000"))
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "run", "small.yaml", "--run-dir", "run"],
        cwd=tmp_path, env=environment(TERM="xterm-256color"), stdin=slave, stdout=slave, stderr=slave,
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(slave)
    try:
        shown = b""
        while b"/1,200,000" not in shown:
            shown += os.read(master, 65536)
        os.close(master)
        assert process.wait(timeout=LIMIT) == 129
    finally:
        process.kill()
        process.wait()
    last = json.loads((tmp_path / "run" / "events.jsonl").read_text().splitlines()[-1])
    assert (last["status"], last["message"].split(" after")[0]) == ("terminated", "SIGHUP")
    assert list_checkpoints(tmp_path / "run" / "checkpoints")
    assert (tmp_path / "run" / "model.keras").is_file()


CLOSED_LATER = """
import sys
from runner.cli.streams import Streams
streams = Streams()
print("ready", flush=True)
sys.stdin.readline()
print("saved", file=sys.stderr)
sys.exit(streams.settle(int(sys.argv[1])))
"""


@pytest.mark.parametrize("code", [0, 129])
def test_a_message_to_a_terminal_that_is_gone_changes_no_exit_code(code: int) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CLOSED_LATER, str(code)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    assert process.stdout is not None
    process.stdout.readline()
    os.close(master)
    process.communicate(b"\n", timeout=LIMIT)
    assert process.returncode == code


def test_a_sighup_that_is_ignored_as_under_nohup_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert stop.signal is None
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_sighup_does_not_keep_the_run_from_saving() -> None:
    """Of one closed terminal the kernel tells, and the shell."""
    with stop_on_signals() as stop:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGHUP):
            os.kill(os.getpid(), number)
            time.sleep(0.05)  # else the two are one
    assert stop.signal == signal.SIGTERM
