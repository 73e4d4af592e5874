"""A forked process does what a new one does, and ends as a new one ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import LIMIT, environment, recipe
from tests.faults.program import RECIPE, differing, outcome
from tests.forking import client

SHOWS = """
import os, sys
loaded = sorted({name.partition(".")[0] for name in sys.modules} & {"runner", "schemas", "tests", "tensorflow"})
print(loaded, sys.argv[1:], os.getcwd(), os.environ.get("SEEN"), repr(sys.stdin.read()))
print("told", file=sys.stderr)
sys.exit(7)
"""


def test_a_forked_run_ends_with_the_bits_and_words_of_a_new_process(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(RECIPE)
    options = ("--progress", "plain", "--set", "training.epochs=2")
    new, forked = (
        recipe("run", "small.yaml", "--run-dir", name, *options, cwd=tmp_path, new=name == "new")
        for name in ("new", "forked")
    )
    assert (new.args[0], forked.args[0]) == (sys.executable, "python")
    assert (new.returncode, forked.returncode) == (0, 0), new.stderr + forked.stderr
    assert differing(outcome(tmp_path / "new"), outcome(tmp_path / "forked")) == []
    texts = [done.stderr.replace("forked", "new").splitlines() for done in (new, forked)]
    beginnings = [[line.split()[:1] for line in lines] for lines in texts]
    assert beginnings[0] == beginnings[1]


def test_it_has_its_folder_environment_input_and_exit_code_and_nothing_of_the_program_imported(tmp_path: Path) -> None:
    variables = environment(SEEN="yes")
    done = client.run(["-c", SHOWS, "a", "b"], cwd=tmp_path, environment=variables, timeout=LIMIT, given="text")
    assert done.stdout == f"['tensorflow'] ['a', 'b'] {tmp_path} yes 'text'\n"
    assert (done.returncode, done.stderr) == (7, "told\n")


@pytest.mark.parametrize(
    ("code", "ends", "says"),
    [
        ("import os\nos.kill(os.getpid(), 9)", -signal.SIGKILL, ""),
        ("1 / 0", 1, "ZeroDivisionError"),
        ("raise SystemExit('why')", 1, "why\n"),
        ("print('fine')", 0, ""),
    ],
)
def test_it_ends_as_python_ends(tmp_path: Path, code: str, ends: int, says: str) -> None:
    done = client.run(["-c", code], cwd=tmp_path, environment=environment(), timeout=LIMIT)
    assert done.returncode == ends
    assert says in done.stderr
    assert bool(done.stderr) == bool(says)


def test_two_at_a_time_are_waited_for_killed_and_given_up(tmp_path: Path) -> None:
    sleeping = ["-c", "import time\nprint('here', flush=True)\ntime.sleep(3600)"]
    one, other = (client.start(sleeping, cwd=tmp_path, environment=environment()) for _ in range(2))
    assert [process.stdout.readline() for process in (one, other)] == ["here\n", "here\n"]
    with pytest.raises(subprocess.TimeoutExpired):
        one.wait(timeout=0.05)
    os.kill(one.pid, signal.SIGTERM)
    assert one.communicate(timeout=LIMIT) == ("", "")
    assert (one.returncode, other.poll()) == (-signal.SIGTERM, None)
    other.kill()
    assert other.communicate(timeout=LIMIT) == ("", "")
    assert other.wait() == -signal.SIGKILL
    with pytest.raises(subprocess.TimeoutExpired):
        client.run(sleeping, cwd=tmp_path, environment=environment(), timeout=1)


def test_a_variable_that_tensorflow_has_read_wants_a_new_process() -> None:
    assert client.fits(environment(TF_CONFIG="{}", RECIPE_FAULT="x"))
    assert not client.fits(environment(TF_ENABLE_ONEDNN_OPTS="0"))
    assert not client.fits(environment(PYTHONHASHSEED="3"))
