"""A file is either the old one or the new one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.disk.atomic import replacing, write_atomic
from tests.faults.test_disk import mounted

ROOT = Path(__file__).parents[2]


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_text_and_bytes_replace_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomic(path, "über")
    assert path.read_bytes() == "über".encode()
    write_atomic(path, b"\x00new")
    assert path.read_bytes() == b"\x00new"
    assert names(tmp_path) == ["file"]


def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    code = (
        "import resource, sys; from pathlib import Path; from runner.disk.atomic import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_atomic(Path(sys.argv[1]), b'x' * 100_000)"
    )
    result = subprocess.run([sys.executable, "-c", code, path], cwd=ROOT, capture_output=True, text=True)
    assert "OSError" in result.stderr
    assert "File too large" in result.stderr
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_on_a_disk_that_cannot_be_written_the_error_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with (
        mounted(tmp_path / "disk", "--bind", "-o", "ro", str(tmp_path / "disk")) as disk,
        pytest.raises(OSError, match="Read-only file system") as caught,
    ):
        write_atomic(disk / "file", "x")
    assert caught.value.filename == str(tmp_path / "disk" / "file")


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_text("old")

    def interrupted() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["model.keras"]


def test_the_temporary_file_keeps_the_ending_and_is_hidden(tmp_path: Path) -> None:
    with replacing(tmp_path / "model.keras") as temporary:
        temporary.write_text("new")
        assert temporary.suffix == ".keras"
        assert temporary.name.startswith(".tmp-")
        assert temporary.parent == tmp_path


def test_file_then_directory_reach_the_disk_and_the_rename_is_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fsync(descriptor: int) -> None:
        target = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        done.append("directory" if target == tmp_path else f"file, new name there: {(tmp_path / 'file').exists()}")

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomic(tmp_path / "file", "x")
    assert done == ["file, new name there: False", "directory"]


def test_the_file_gets_ordinary_permissions(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        write_atomic(tmp_path / "file", "x")
    finally:
        os.umask(umask)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomic(tmp_path / "none" / "file", "x")
