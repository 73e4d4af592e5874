"""A signal at any moment before training ends the program at once and without a word."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.interrupts import is_program
from tests.cli.program import GALLERY, LIMIT, environment, wait_for
from tests.faults.program import HOOKS

CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
RECIPE = str(GALLERY / "iris_cyclic.yaml")


def begun(*command: str, folder: Path, **variables: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *command], cwd=folder, env=environment(None, **variables), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def rest(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What it still says, on standard output and on standard error, and its end."""
    assert process.stderr is not None
    assert process.stdout is not None
    with process.stderr, process.stdout:
        said, shown = process.stderr.read(), process.stdout.read()
    process.wait(timeout=LIMIT)
    return shown, said


def once(process: "subprocess.Popen[str]", beginning: str) -> str:
    """What the program has said up to the line that begins so."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(beginning):
            return said
    process.communicate()
    raise AssertionError(said)


@pytest.mark.parametrize(("number", "code"), CODES)
def test_while_the_programs_own_modules_are_imported(number: int, code: int, tmp_path: Path) -> None:
    fault = {"PYTHONPATH": str(HOOKS), "RECIPE_FAULT": "slow-import:runner.plan.plan"}
    process = begun("-m", "runner", "run", RECIPE, folder=tmp_path, **fault)
    assert once(process, "reading") == f"reading   {RECIPE}\n"
    wait_for((tmp_path / "begun").exists)
    process.send_signal(number)
    shown, said = rest(process)
    assert (shown, said, process.returncode) == ("", "", code)


@pytest.mark.parametrize(("number", "code"), CODES[:2])
@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_while_tensorflow_is_imported(number: int, code: int, seconds: float, tmp_path: Path) -> None:
    process = begun("-m", "runner", "run", RECIPE, "--set", "training.epochs=20000", folder=tmp_path)
    once(process, "build")
    time.sleep(seconds)  # somewhere in the import
    process.send_signal(number)
    _, said = rest(process)
    assert "Traceback" not in said
    assert "WARNING" not in said
    assert "absl" not in said
    assert "cuda" not in said.lower()
    assert process.returncode == code


SLOW = """\
import sys, time, signal, os
sys.argv[0] = "recipe"
import runner
class Slow:
    def find_spec(self, name, path, target=None):
        if name == "runner.cli.{module}":
            print("importing", file=sys.stderr, flush=True)
            try:
                time.sleep(600)
            except BaseException:  # an import that swallows what it does not know
                print("swallowed", file=sys.stderr, flush=True)
        return None
sys.meta_path.insert(0, Slow())
sys.argv[1:] = {arguments}
from runner.cli import main
main()
"""


@pytest.mark.parametrize(("number", "code"), CODES)
@pytest.mark.parametrize("module", ["program", "registry", "verbs.history"])
def test_an_import_that_swallows_exceptions_does_not_swallow_a_signal(
    module: str, number: int, code: int, tmp_path: Path
) -> None:
    process = begun("-c", SLOW.format(module=module, arguments=["history"]), folder=tmp_path)
    once(process, "importing")
    process.send_signal(number)
    _, said = rest(process)
    assert (said, process.returncode) == ("", code)


CALLBACK = """\
import sys, time
sys.argv[0] = "recipe"
import runner
from runner import interrupts
interrupts.unwinding()
class Last:
    def __del__(self):
        print("deleting", file=sys.stderr, flush=True)
        time.sleep(600)
thing = Last()
del thing
print("went on", file=sys.stderr)
"""


def test_a_signal_in_a_destructor_is_neither_printed_nor_lost(tmp_path: Path) -> None:
    process = begun("-c", CALLBACK, folder=tmp_path)
    once(process, "deleting")
    process.send_signal(signal.SIGINT)
    _, said = rest(process)
    assert (said, process.returncode) == ("", 130)


CLEANED = """\
import sys, time, tempfile, os
sys.argv[:] = ["recipe", "ls"]
from runner.cli import main
from runner.cli.verbs import gallery
def slow(folder):
    with tempfile.TemporaryDirectory(dir=os.getcwd()):
        print("working", file=sys.stderr, flush=True)
        time.sleep(600)
gallery.entries = slow
main()
"""


@pytest.mark.parametrize(("number", "code"), CODES)
def test_work_that_is_under_way_cleans_up_after_itself(number: int, code: int, tmp_path: Path) -> None:
    process = begun("-c", CLEANED, folder=tmp_path)
    once(process, "working")
    process.send_signal(number)
    _, said = rest(process)
    assert (said, process.returncode) == ("", code)
    assert list(tmp_path.iterdir()) == []


def test_a_hangup_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "ls"], cwd=tmp_path, env=environment(), text=True, stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    for _ in range(20):
        process.send_signal(signal.SIGHUP)
    shown, _ = process.communicate(timeout=LIMIT)
    assert "iris_cyclic" in shown
    assert process.returncode == 0


def test_a_process_that_only_imports_the_program_keeps_its_signals() -> None:
    assert not is_program()
    code = "import signal, runner.cli; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def from_terminal(command: list[str], folder: Path, until: Callable[[bytes], bool]) -> tuple[bytes, int, int]:
    """Start on a terminal, without ever getting TensorFlow; what was shown until it was enough, process, descriptor."""
    variables = environment(None, TERM="xterm", PYTHONPATH=str(HOOKS), RECIPE_FAULT="slow-import:tensorflow")
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "runner", *command], variables)
    shown = b""
    while not until(shown):
        shown += os.read(terminal, 4096)
    return shown, process, terminal


def test_a_terminal_is_told_what_will_train_before_tensorflow_is_there(tmp_path: Path) -> None:
    """The plan, then a clock that runs while TensorFlow is imported; a Ctrl-C then leaves a cursor and no traceback."""
    shown, process, terminal = from_terminal(
        ["run", RECIPE], tmp_path, lambda shown: shown.count(b"starting TensorFlow") >= 3
    )
    text = shown.decode()
    assert text.startswith("reading ")
    assert text.index("recipe    ") < text.index("schedule  ") < text.index("starting TensorFlow")
    assert "parameters" not in text, "TensorFlow already exists"
    os.write(terminal, b"\x03")
    rest = b""
    try:
        while part := os.read(terminal, 4096):
            rest += part
    except OSError:
        pass  # a terminal whose last writer has gone
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert b"Traceback" not in rest
    assert b"\x1b[?25h" in rest, "the cursor"
    assert not (tmp_path / "runs").exists()


def test_a_pipe_is_told_once_what_will_train(tmp_path: Path) -> None:
    process = begun("-m", "runner", "run", RECIPE, folder=tmp_path)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, said
    lines = said.splitlines()
    assert lines[0] == f"reading   {RECIPE}"
    labels = [line.split()[0] for line in lines[1:9] if not line.startswith(" ")]
    assert labels[:5] == ["recipe", "data", "steps", "schedule", "build"]
    assert labels[5:7] == ["model", "run"]
    assert said.count("fingerprint") == 1
