"""SIGINT and SIGTERM: the first saves and leaves, the second leaves at once."""

import os
import signal
import sys
import time
from pathlib import Path

import pexpect

from tests.cli.program import environment
from tests.faults.program import HOOKS, RECIPE, differing, outcome, resume, run


def test_after_sigint_and_after_sigterm_a_run_goes_on_to_the_same_bits(straight: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = run(folder, fault=f"signal:{signal.SIGINT}:10")
    assert done.returncode == 130, done.stderr
    assert "interrupted" in done.stderr
    assert "`recipe resume run` goes on" in done.stderr
    done = resume(folder, fault=f"signal:{signal.SIGTERM}:40")
    assert done.returncode == 143, done.stderr
    assert "terminated" in done.stderr
    done = resume(folder)
    assert done.returncode == 0, done.stderr
    assert differing(outcome(folder), outcome(straight)) == []


def test_a_second_signal_ends_at_once_and_gives_the_cursor_back(tmp_path: Path) -> None:
    """The first is heard, and its checkpoint takes a minute."""
    (tmp_path / "small.yaml").write_text(RECIPE.replace("epochs: 5, checkpoint: 7 steps", "epochs: 100000"))
    path = os.pathsep.join(filter(None, (str(HOOKS), os.environ.get("PYTHONPATH"))))
    variables = environment(PYTHONPATH=path, RECIPE_FAULT="slow-checkpoint", TERM="xterm-256color")
    child = pexpect.spawn(
        sys.executable, ["-m", "runner", "run", "small.yaml", "--run-dir", "run"],
        cwd=str(tmp_path), env=variables, encoding="utf-8", timeout=60, dimensions=(40, 120),
    )  # fmt: skip
    child.expect("/1,200,000")
    child.kill(signal.SIGINT)
    deadline = time.monotonic() + 30
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < deadline, "the first signal was not heard"
        time.sleep(0.05)
    begun = time.monotonic()
    child.kill(signal.SIGINT)
    child.expect(pexpect.EOF)
    child.close()
    assert time.monotonic() - begun < 5
    assert child.exitstatus == 130
    assert child.before is not None
    assert "\x1b[?25h" in child.before
    assert child.before.rindex("\x1b[?25h") > child.before.rfind("\x1b[?25l")
