"""Files are rewritten as a whole; what a killed process leaves is removed, and nothing else."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from runner.source.editing.rewriting import remove_leftovers, write_atomic
from tests.cli.program import REPOSITORY, recipe
from tests.source.samples import small

PERSONS = (".r.yaml.swp", ".r.yaml.backup", ".tmp-deadbeef-r.yaml", ".r.yaml.ab12cd34", ".r.yaml.recipe-deadbeef.tmp~",
           ".r.yaml.recipe-DEADBEEF.tmp", ".other.yaml.recipe-deadbeef.tmp", "r.yaml.recipe-deadbeef.tmp")  # fmt: skip
KILLED = (
    "import os, signal, sys; from pathlib import Path\n"
    "number = getattr(signal, sys.argv.pop(1))\n"
    "os.replace = lambda *_: os.kill(os.getpid(), number)\n"
    "from runner.cli import main; main()"
)
"""A verb that gets a signal when all is written but the file not yet in its place."""


def test_writing_keeps_line_ends_permissions_and_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("real.yaml")
    write_atomic(link, "\ufeffa: é\r\n")
    assert real.read_bytes() == "\ufeffa: é\r\n".encode()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomic(path, "\ud800")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["r.yaml"]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_that_is_being_written_is_no_leftover(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    code = (
        "import os, sys, time; from pathlib import Path; from runner.source.editing.rewriting import write_atomic\n"
        "os.replace = lambda *_: (print('written', flush=True), time.sleep(3600))\n"
        "write_atomic(Path(sys.argv[1]), 'x')"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, path], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        (temporary,) = names(tmp_path)
        remove_leftovers(path)
        assert names(tmp_path) == {temporary}
    finally:
        writer.kill()
        writer.communicate()
    remove_leftovers(path)
    assert names(tmp_path) == set()


def test_a_link_or_a_folder_of_such_a_name_is_left(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / ".r.yaml.recipe-deadbeef.tmp").symlink_to("precious")
    (tmp_path / ".r.yaml.recipe-deadbee0.tmp").mkdir()
    os.mkfifo(tmp_path / ".r.yaml.recipe-deadbee1.tmp")
    before = names(tmp_path)
    write_atomic(tmp_path / "r.yaml", "x")
    assert names(tmp_path) == before | {"r.yaml"}
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("verb", [("fmt",), ("validate", "--fix")], ids=" ".join)
@pytest.mark.parametrize(("number", "code", "left"), [("SIGKILL", -9, 1), ("SIGHUP", 129, 0)])
def test_what_a_killed_verb_leaves_is_removed_by_the_next_call_and_nothing_of_a_persons(
    tmp_path: Path, verb: tuple[str, ...], number: str, code: int, left: int
) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(small(training="training:   {epoch: 1}"))
    for name in PERSONS:
        (tmp_path / name).write_text("mine")
    kept = {*PERSONS, "r.yaml"}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, number, *verb, path], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert killed.returncode == code, killed.stderr
    assert len(names(tmp_path) - kept) == left
    path.write_text(small())  # by hand, so that there is nothing to rewrite
    assert "Traceback" not in recipe(*verb, path, cwd=tmp_path).stderr
    assert names(tmp_path) == kept
    assert {(tmp_path / name).read_text() for name in PERSONS} == {"mine"}
