"""A run is a folder of plain files, or it is refused by name and nothing is touched."""

import os
import stat
from pathlib import Path

import pytest

from runner.errors import CheckpointBroken, DirectoryTaken, NotPlain, RunLost, RunNotFound
from runner.events import Warned
from runner.record.checkpoint import newest_checkpoint, read_checkpoint, write_checkpoint
from runner.record.contents import FILES
from runner.record.directory import RunDirectory, open_explicit
from runner.record.events_file import EventsWriter, read_events
from runner.record.handles import find_run
from tests.cli.program import LIMIT, recipe
from tests.record.strangers import CHANGED, KINDS, NEWEST, checkpoint, everything, put, sent_run

FOLDERS = ("checkpoints", CHANGED)
OWN = (".tmp-deadbeef-lock.json", ".tmp-deadbeef-model.keras")
"""Names that a writer makes which was killed."""
OTHERS = (*OWN, "notes", NEWEST, f"{CHANGED}/step-000000000028.safetensors", f"{CHANGED}/notes")


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A person's file outside the run."""
    path = tmp_path / "home" / "thesis.txt"
    path.parent.mkdir()
    path.write_text("precious")
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return sent_run(tmp_path / "run")


CASES = [
    (name, kind)
    for name in (*sorted(FILES), *FOLDERS, *OTHERS)
    for kind in KINDS
    if not (kind == "a directory" and name in (*FOLDERS, *OTHERS))
]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_what_is_no_plain_file_is_refused_by_name_and_nothing_is_touched(
    run: Path, precious: Path, name: str, kind: str
) -> None:
    put(kind, run / name, precious)
    before = everything(run), everything(precious.parent)
    said = f"{run / name} is {kind.split(',')[0]}: a run is a folder of plain files"
    with pytest.raises(NotPlain) as refused:
        RunDirectory(run)
    assert str(refused.value) == said
    with pytest.raises(RunNotFound) as not_found:
        find_run(str(run))
    assert str(not_found.value) == said
    with pytest.raises(DirectoryTaken):
        open_explicit(run)
    assert (everything(run), everything(precious.parent)) == before


def test_a_device_is_refused_without_opening_it(run: Path) -> None:
    (run / "events.jsonl").unlink()
    try:
        os.mknod(run / "events.jsonl", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # zeros without end
    except PermissionError:
        pytest.skip("devices cannot be made here")
    for read in (lambda: find_run(str(run)), lambda: next(read_events(run / "events.jsonl"))):
        with pytest.raises((RunNotFound, NotPlain), match=r"events.jsonl is a device"):
            read()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    run = tmp_path / "run"
    (run / name).parent.mkdir(parents=True)
    (run / name).write_text("mine")
    (run / "recipe.yaml").write_text("recipe: 1")
    with pytest.raises(NotPlain, match=f"{name} is a file: "):
        RunDirectory(run)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "folder" not in kind])
def test_readers_and_writers_refuse_it_also_when_it_comes_after_the_look(run: Path, precious: Path, kind: str) -> None:
    put(kind, run / "events.jsonl", precious)
    with pytest.raises(NotPlain):
        list(read_events(run / "events.jsonl"))
    with pytest.raises(NotPlain):
        EventsWriter(run / "events.jsonl")
    put(kind, run / NEWEST, precious)
    with pytest.raises((NotPlain, CheckpointBroken)):
        read_checkpoint(run / NEWEST)
    put(kind, run / CHANGED, precious)
    if kind != "a directory":
        with pytest.raises(NotPlain):
            write_checkpoint(run / CHANGED, checkpoint(3))
    before = everything(precious.parent)
    put("a symbolic link, to a folder", run / "checkpoints", precious)
    with pytest.raises(NotPlain):
        write_checkpoint(run / CHANGED, checkpoint(3))
    after = everything(precious.parent)
    assert {name: after[name] for name in before} == before
    assert not any("step-" in name for name in after.keys() - before.keys() if "was-" not in name)


def test_a_record_with_a_second_name_elsewhere_is_read_but_not_written(run: Path, precious: Path) -> None:
    os.link(run / "events.jsonl", precious.with_name("a"))
    with (run / "events.jsonl").open("a") as file:
        file.write('{"torn')
    before = precious.with_name("a").read_bytes()
    assert len(list(read_events(run / "events.jsonl"))) > 1
    with RunDirectory(run) as directory, pytest.raises(NotPlain, match=r"events.jsonl is one file with 1 more name"):
        EventsWriter(directory.events, directory.folder)
    assert precious.with_name("a").read_bytes() == before


def test_a_folder_of_a_persons_in_a_run_is_left_alone(run: Path, precious: Path) -> None:
    (run / "plots").mkdir()
    (run / "plots" / "link").symlink_to(precious)
    with RunDirectory(run):
        pass
    assert (run / "plots" / "link").is_symlink()


def test_a_folder_named_like_the_newest_checkpoint_is_passed_over_like_a_torn_one(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    for step in (7, 14):
        write_checkpoint(folder, checkpoint(step))
    newest = folder / "step-000000000021.safetensors"
    newest.mkdir()
    found, broken = newest_checkpoint(folder)
    assert found is not None
    assert found.step == 14
    assert broken == [f"{newest.name}: it is a directory"]
    for step in (28, 35):
        write_checkpoint(folder, checkpoint(step))
    assert sorted(path.name for path in folder.iterdir()) == [
        f"step-{step:012}.safetensors" for step in (21, 28, 35)
    ]  # the folder is nobody's checkpoint, and not ours to delete


PERSONS = (
    ".tmp_notes",
    ".tmp",
    ".tmp-notes",
    ".tmp-deadbeef-thesis.tex",
    ".tmp-DEADBEEF-lock.json",
    ".tmpnotes",
    ".tmpABCDEF",
)


@pytest.mark.parametrize("lock", ["mine", "", "4711\n", None])
def test_nothing_of_a_persons_is_touched_in_a_folder_that_is_refused(tmp_path: Path, lock: str | None) -> None:
    for name in (*PERSONS, *OWN, "thesis.txt"):
        (tmp_path / name).write_text("precious")
    if lock is not None:
        (tmp_path / ".lock").write_text(lock)
    before = everything(tmp_path)
    for refused in (open_explicit, RunDirectory):
        with pytest.raises(DirectoryTaken, match="is not empty"):
            refused(tmp_path)
        assert everything(tmp_path) == before


def test_run_refuses_a_persons_folder_before_it_starts_anything(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for name, text in {".lock": "mine", ".tmp_notes": "precious", "thesis.txt": "x"}.items():
        (folder / name).write_text(text)
    before = everything(folder)
    done = recipe("run", "iris_cyclic", "--run-dir", "d", cwd=tmp_path, timeout=LIMIT)
    assert done.returncode == 2
    assert "error: d is not empty; a new run needs a new or an empty directory" in done.stderr
    assert "TensorFlow" not in done.stderr
    assert everything(folder) == before


@pytest.mark.parametrize("lock", ["mine", "", "4711\n"])
def test_a_lock_of_somebody_elses_alone_makes_a_folder_not_empty(tmp_path: Path, lock: str) -> None:
    (tmp_path / ".lock").write_text(lock)
    with pytest.raises(DirectoryTaken):
        open_explicit(tmp_path)
    assert everything(tmp_path) == {".lock": lock.encode()}


def test_in_a_run_only_names_of_its_own_writers_are_removed(run: Path) -> None:
    unfinished = "checkpoints/.tmp-deadbeef-step-000000000035.safetensors"
    for name in (*PERSONS, *OWN, unfinished):
        (run / name).write_text("precious")
    (run / ".lock").write_text("mine")
    (run / "checkpoints" / ".tmpNOTES1").write_text("a person's notes")
    (run / "checkpoints" / ".tmpAb3xYz").write_bytes(b"\x40\0\0\0\0\0\0\0" + b'{"__metadata__":{"state"')
    with RunDirectory(run) as directory:
        write_checkpoint(directory.checkpoints(), checkpoint(35))
    left = everything(run)
    assert {name: left.get(name) for name in PERSONS} == dict.fromkeys(PERSONS, b"precious")
    assert left[".lock"] == b"mine"
    assert left["checkpoints/.tmpNOTES1"] == b"a person's notes"
    assert {*OWN, unfinished, "checkpoints/.tmpAb3xYz"} & left.keys() == set()


def test_what_a_run_left_that_was_killed_before_it_wrote_anything_is_an_empty_folder(tmp_path: Path) -> None:
    open_explicit(tmp_path).close()
    (tmp_path / OWN[0]).write_text("{")
    open_explicit(tmp_path).close()
    assert everything(tmp_path).keys() == {".lock"}


def test_a_folder_that_is_no_longer_in_its_place_is_told_with_what_is_lost(tmp_path: Path) -> None:
    root = tmp_path / "run"
    with open_explicit(root) as run, EventsWriter(run.events, run.folder) as writer:
        run.write(run.recipe, "recipe: 1")
        writer(Warned(message="a"))
        root.rename(tmp_path / "moved")
        moved = f"{root} was moved to {tmp_path / 'moved'} during the run"
        with pytest.raises(RunLost, match=moved) as lost:
            writer(Warned(message="b"))
        assert lost.value.help == (f"`recipe resume {tmp_path / 'moved'}` continues from its last checkpoint",)
        root.mkdir()  # by somebody else
        for write in (lambda: run.write(run.lock_json, "{}"), lambda: writer(Warned(message="b"))):
            with pytest.raises(RunLost, match="whatever is there now was not touched"):
                write()
        with pytest.raises(RunLost), run.replacing(run.model):
            raise AssertionError("nothing is written")
        assert everything(root) == {}
        assert [
            event.message for event in read_events(tmp_path / "moved/events.jsonl") if isinstance(event, Warned)
        ] == ["a"]


def test_a_folder_or_a_record_that_was_deleted_is_told(tmp_path: Path) -> None:
    root = tmp_path / "run"
    with open_explicit(root) as run, EventsWriter(run.events, run.folder) as writer:
        run.events.unlink()
        for write in (lambda: run.write(run.lock_json, "{}"), lambda: writer(Warned(message="b"))):
            with pytest.raises(RunLost, match=r"events.jsonl was deleted or replaced during the run"):
                write()
        (root / ".lock").unlink()
        root.rmdir()
        with pytest.raises(RunLost, match="run was deleted during the run: its record, its checkpoints"):
            writer(Warned(message="b"))
    assert not root.exists()


VERBS = {
    "resume": ("resume", "run"),
    "history": ("history", "run"),
    "why": ("why", "run", "training.epochs"),
    "run --resume": ("run", "small.yaml", "--resume", "--run-dir", "run"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("name", "kind"), [("events.jsonl", "a FIFO"), (CHANGED, "a symbolic link, to a folder")])
def test_every_verb_that_takes_a_run_refuses_it_with_2(
    run: Path, precious: Path, verb: str, name: str, kind: str
) -> None:
    put(kind, run / name, precious)
    (run.parent / "small.yaml").write_text((run / "recipe.yaml").read_text())
    before = everything(run.parent)
    done = recipe(*VERBS[verb], cwd=run.parent, timeout=LIMIT)
    assert done.returncode == 2, done.stderr
    assert f"error: run/{name} is {kind.split(',')[0]}: a run is a folder of plain files" in done.stderr
    assert "TensorFlow" not in done.stderr
    assert done.stdout == ""
    assert everything(run.parent) == before
