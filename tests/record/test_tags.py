"""Tags and notes of runs: written whole, by any number of processes, and read from anybody's folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import RunError, RunNotFound, TagsBroken
from runner.record.handles import find_run, has_tag
from runner.record.tags import FILE, NOTE_AT_MOST, TAGS_AT_MOST, Tags, change_tags, read_tags


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return _run(tmp_path, "mnist", "20260101-000000-abcdef01")


def _run(base: Path, name: str, stamp: str) -> Path:
    folder = base / name / stamp
    folder.mkdir(parents=True)
    (folder / "events.jsonl").touch()
    return folder


def test_tags_are_added_and_removed_and_the_note_is_replaced(run: Path) -> None:
    assert read_tags(run) == Tags()
    change_tags(run, add=["best", "a"], note="first\nsecond")
    assert change_tags(run, add=["best"], remove=["a"]) == Tags(("best",), "first\nsecond") == read_tags(run)
    assert change_tags(run, note="") == Tags(("best",)) == read_tags(run)
    assert sorted(path.name for path in run.iterdir()) == ["events.jsonl", FILE]


@pytest.mark.parametrize("tag", ["", "latest", "a b", "-a", ".a", "a/b", "a~1", "a" * 65, "\x1b[2J", "ä", "a\n"])
def test_what_is_no_tag_is_refused_and_leaves_no_file(run: Path, tag: str) -> None:
    with pytest.raises(RunError, match="must be 1 to 64") as caught:
        change_tags(run, add=[tag])
    assert "\x1b" not in str(caught.value)
    assert not (run / FILE).exists()


def test_a_tag_that_is_not_there_cannot_go_and_leaves_no_file(run: Path) -> None:
    with pytest.raises(RunError, match="has no tag 'best'"):
        change_tags(run, remove=["best"])
    assert not (run / FILE).exists()


def test_there_are_limits(run: Path) -> None:
    with pytest.raises(RunError, match=f"at most {TAGS_AT_MOST} tags"):
        change_tags(run, add=[f"t{k}" for k in range(TAGS_AT_MOST + 1)])
    with pytest.raises(RunError, match="note: must have at most"):
        change_tags(run, note="x" * (NOTE_AT_MOST + 1))
    assert read_tags(run) == Tags()


def test_writers_at_once_lose_no_tag(run: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from runner.record.tags import change_tags\n"
        "for k in range(8): change_tags(Path(sys.argv[1]), add=[f'{sys.argv[2]}{k}'])"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(run), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert read_tags(run).tags == tuple(f"{name}{k}" for name in "abc" for k in range(8))


def test_what_a_killed_writer_left_is_no_harm(run: Path) -> None:
    (run / FILE).touch()
    (run / f".tmp-0123abcd-{FILE}").write_text('{"ta')
    assert read_tags(run) == Tags()
    change_tags(run, add=["best"])
    assert sorted(path.name for path in run.iterdir()) == ["events.jsonl", FILE]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "must be a JSON object"),
        ('{"tags": "best"}', "'tags' must be a list"),
        ('{"tags": ["\\u001b[2J"]}', r"\\x1b"),
        ('{"tags": ["latest"]}', "something that is not a tag: latest"),
        (json.dumps({"tags": [f"t{k}" for k in range(99)]}), "'tags' must be a list of at most"),
        (json.dumps({"note": 7}), "'note' must be text"),
        (json.dumps({"note": "x" * 5000}), "'note' must be text"),
        ("[" * 60_000, "is not JSON"),
        (" " * 70_000, "has more than 65,536 bytes"),
    ],
)
def test_a_strangers_file_is_refused_and_left_as_it_is(run: Path, text: str, says: str) -> None:
    (run / FILE).write_text(text)
    for use in (lambda: read_tags(run), lambda: change_tags(run, add=["best"])):
        with pytest.raises(TagsBroken, match=says) as caught:
            use()
        assert "\x1b" not in str(caught.value)
    assert (run / FILE).read_text() == text


def test_a_link_and_a_fifo_are_not_followed(run: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text('{"tags": ["secret"]}')
    (run / FILE).symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match="symbolic link"):
        read_tags(run)
    with pytest.raises(RunError, match="symbolic link"):
        change_tags(run, add=["best"])
    (run / FILE).unlink()
    os.mkfifo(run / FILE)
    assert read_tags(run) == Tags()  # nobody writes: it is empty, and not waited for


def test_a_tag_names_its_run(run: Path, tmp_path: Path) -> None:
    newer = _run(tmp_path, "mnist", "20260102-000000-22222222")
    change_tags(run, add=["best", "fa"])
    assert find_run("best", tmp_path) == find_run("mnist/best", tmp_path) == run
    assert has_tag("mnist/best", tmp_path)
    assert not has_tag("other/best", tmp_path)
    # a tag is before the beginning of a fingerprint
    fingerprint = _run(tmp_path, "other", "20260103-000000-fa111111")
    assert find_run("fa", tmp_path) == run
    assert find_run("fa1", tmp_path) == fingerprint
    change_tags(newer, add=["best"])
    with pytest.raises(RunNotFound, match=r"'best' matches 2 runs:\n  mnist/20260102.*\n  mnist/20260101"):
        find_run("best", tmp_path)


def test_a_tag_that_is_a_recipes_name_is_ambiguous(run: Path, tmp_path: Path) -> None:
    other = _run(tmp_path, "other", "20260103-000000-fa111111")
    change_tags(other, add=["mnist"])
    with pytest.raises(RunNotFound, match="'mnist' is a recipe's name and a tag, and matches 2 runs"):
        find_run("mnist", tmp_path)
    assert find_run("mnist/latest", tmp_path) == run
    assert find_run("other/mnist", tmp_path) == other


def test_tags_that_cannot_be_read_are_named_where_a_run_is_not_found(run: Path, tmp_path: Path) -> None:
    (run / FILE).write_text("{")
    with pytest.raises(RunNotFound, match=f"its tags cannot be read: .*{FILE} is not JSON"):
        find_run("best", tmp_path)
    assert find_run("mnist", tmp_path) == run
