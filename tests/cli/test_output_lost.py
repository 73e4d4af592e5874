"""What is printed and does not arrive: a reader that leaves is no error, a full disk is one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import GALLERY, LIMIT, environment

LONG = (["schema"], ["plan", "iris_cyclic", "--format", "csv"], ["explain", "schedule"])
"""Verbs that print more than one line."""
SHORT = (
    ["--help"],
    ["--version"],
    ["ls"],
    ["show", "iris_cyclic"],
    ["explain", "R012"],
    ["why", "iris_cyclic", "seed"],
)
READ_TO_STDERR = (["validate", "bad.yaml"], ["run", "bad.yaml"], ["run", "--bogus"], ["history", "nothing"], [])
"""What ends with something on standard error."""

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")


def started(command: list[str], folder: Path, **streams: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "runner", *command], cwd=folder, env=environment(), text=True, **streams
    )  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.yaml").write_text("recipe: 1\nepochs: 3\n")
    return tmp_path


@pytest.mark.parametrize("command", LONG, ids=" ".join)
def test_a_reader_that_leaves_after_a_line_ends_a_verb_quietly(command: list[str], folder: Path) -> None:
    read, written = os.pipe()
    process = started(command, folder, stdout=written, stderr=subprocess.PIPE)
    os.close(written)
    with open(read, "rb", buffering=0) as pipe:
        assert pipe.read(10)
    _, said = process.communicate(timeout=LIMIT)
    assert said == ""
    assert process.returncode in (0, 141)


def test_a_reader_that_has_left_before_ends_it_quietly_at_the_last_flush(folder: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    process = started(["show", "iris_cyclic"], folder, stdout=written, stderr=subprocess.PIPE)
    os.close(written)
    _, said = process.communicate(timeout=LIMIT)
    assert (said, process.returncode) == ("", 141)


@pytest.mark.parametrize("command", [*LONG, *SHORT], ids=" ".join)
def test_a_full_disk_is_told_and_exits_1(command: list[str], folder: Path) -> None:
    with open("/dev/full", "w") as full:
        process = started(command, folder, stdout=full, stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=LIMIT)
    assert said == "error: cannot write to standard output: No space left on device\n"
    assert process.returncode == 1


@pytest.mark.parametrize("command", READ_TO_STDERR, ids=" ".join)
def test_a_full_disk_under_standard_error_exits_1_although_nothing_can_be_said(
    command: list[str], folder: Path
) -> None:
    with open("/dev/full", "w") as full:
        process = started(command, folder, stdout=subprocess.PIPE, stderr=full)
    shown, _ = process.communicate(timeout=LIMIT)
    assert "Traceback" not in shown
    assert process.returncode == 1


def test_a_closed_standard_output_is_an_error_and_no_file_takes_its_number(folder: Path) -> None:
    shell = shutil.which("sh") or "sh"
    done = subprocess.run(
        [shell, "-c", f"{sys.executable} -m runner ls >&-"], cwd=folder, env=environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.stderr == "error: cannot write to standard output: Bad file descriptor\n"
    assert done.returncode == 1


def test_a_run_is_recorded_although_nobody_hears_of_it(folder: Path) -> None:
    """Both streams are full: the work is done and recorded, and the exit code says that the result was lost."""
    arguments = ["run", str(GALLERY / "iris_cyclic.yaml"), "--set", "training.epochs=4", "--set", "expect=null"]
    with open("/dev/full", "w") as full:
        process = started([*arguments, "--json", "--run-dir", "out"], folder, stdout=full, stderr=full)
    assert process.wait(timeout=LIMIT) == 1
    assert '"status":"finished"' in (folder / "out" / "events.jsonl").read_text().splitlines()[-1]
