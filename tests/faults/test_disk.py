"""A full disk, a directory that cannot be written, a second writer."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.record.checkpoint import list_checkpoints
from runner.record.directory import RunPaths
from tests.cli.program import LIMIT, REPOSITORY
from tests.faults.program import copied, differing, files_of, outcome, resume, run

LIMITED = """\
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, "-m", "runner", *sys.argv[2:]])
"""
HOLD = (
    "import sys, time; from pathlib import Path; from runner.record.directory import RunDirectory\n"
    "run = RunDirectory(Path(sys.argv[1])); print('held', flush=True); time.sleep(3600)"
)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount something at ``folder``; the test is left out where that is not permitted."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"mount is not permitted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as folder:
        yield folder


@pytest.fixture
def read_only(killed: Path, tmp_path: Path) -> Iterator[Path]:
    """A run in a folder that root cannot write either."""
    copied(killed, tmp_path / "disk")
    with mounted(tmp_path / "disk", "--bind", "-o", "ro", str(tmp_path / "disk")) as folder:
        yield folder


def whole_checkpoints(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in list_checkpoints(RunPaths(folder).checkpoints())}


def test_a_file_that_may_not_grow_ends_the_run_and_leaves_the_checkpoints(killed: Path, tmp_path: Path) -> None:
    folder = copied(killed, tmp_path)
    before = whole_checkpoints(folder)
    smaller = min(map(len, before.values())) // 2
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(smaller), "resume", folder.name],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert f"{folder.name}/checkpoints/step-000000000035.safetensors: File too large" in done.stderr
    assert "free some space" in done.stderr
    assert "Traceback" not in done.stderr
    assert whole_checkpoints(folder) == before
    assert list(folder.rglob(".tmp*")) == []


def test_a_full_disk_ends_the_run_and_with_room_again_it_goes_on_to_the_same_bits(
    killed: Path, straight: Path, tmpfs: Path
) -> None:
    folder = copied(killed, tmpfs)
    before = whole_checkpoints(folder)
    filler = tmpfs / "filler"
    free = os.statvfs(tmpfs)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_bsize - 24 * 1024))
    done = resume(folder)
    assert done.returncode == 1, done.stderr
    assert "run/" in done.stderr
    assert "run/checkpoints/step-000000000035.safetensors: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert whole_checkpoints(folder) == before
    filler.unlink()
    assert resume(folder).returncode == 0
    assert differing(outcome(folder), outcome(straight)) == []


def test_a_run_in_a_read_only_directory_is_not_gone_on_with(read_only: Path) -> None:
    folder = read_only / "run"
    before = files_of(folder)
    done = resume(folder)
    assert done.returncode == 1
    assert "run/.lock: Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(folder) == before


def test_a_run_cannot_begin_where_no_directory_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    done = run(tmp_path / "small", "--run-dir", "runs/small")
    assert done.returncode == 1, done.stderr
    assert "runs/small: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def hold() -> Iterator[Callable[[Path], "subprocess.Popen[str]"]]:
    """Start processes that hold the lock of a directory."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, folder], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_writer_leaves_at_once_and_names_the_first(
    killed: Path, tmp_path: Path, hold: Callable[[Path], "subprocess.Popen[str]"]
) -> None:
    folder = copied(killed, tmp_path)
    before = files_of(folder)
    first = hold(folder)
    done = resume(folder)
    assert done.returncode == 2
    assert f"run is being written by process {first.pid}" in done.stderr
    assert "starting TensorFlow" not in done.stderr
    assert files_of(folder) == before
