"""``recipe tag``, and tags and notes in what looks back."""

import json
from pathlib import Path

import pytest

from runner.lookback.recorded_run import read_past
from runner.lookback.report import render
from runner.record.tags import FILE, Tags, change_tags, read_tags
from tests.lookback.conftest import Recipe

OLDEST = "digits_phases/20260101-000000-abcdef01"


def test_a_run_is_tagged_and_found_by_its_tag(base: Path, recipe: Recipe) -> None:
    before = {path.name: path.read_bytes() for path in (base / OLDEST).iterdir()}
    done = recipe("tag", "latest~2", "best", "paper-1", "--note", "the one of\nthe paper")
    assert (done.exit_code, done.stdout) == (0, "tags  best, paper-1\nnote  the one of the paper\n"), done.output
    assert {path.name: path.read_bytes() for path in (base / OLDEST).iterdir() if path.name != FILE} == before
    shown = recipe("show", "best")
    assert shown.exit_code == 0, shown.output
    assert "tags     best, paper-1\nnote     the one of the paper\n" in shown.stdout
    assert json.loads(recipe("show", "best", "--json").stdout)["tags"] == ["best", "paper-1"]
    assert json.loads(recipe("tag", "best", "--json").stdout)["note"] == "the one of\nthe paper"
    assert recipe("history", "best", "--format", "csv").exit_code == 0
    assert recipe("tag", "best", "--remove", "paper-1", "--note", "").stdout == "tags  best\nnote  none\n"


def test_what_cannot_be_tagged_is_refused(base: Path, recipe: Recipe) -> None:
    for arguments, says in (
        (("latest", "a b"), "must be 1 to 64 of"),
        (("latest", "--remove", "best"), "has no tag 'best'"),
        (("nowhere", "best"), "no run 'nowhere'"),
    ):
        done = recipe("tag", *arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr


def test_runs_are_listed_with_tags_and_filtered_by_them(base: Path, recipe: Recipe) -> None:
    change_tags(base / OLDEST, add=["best", "paper-1"], note="of the paper " * 20)
    change_tags(base / "digits_phases/20260101-010000-22222222", add=["best"])
    for columns in (40, 80, 120):
        lines = recipe("runs", columns=columns).stdout.splitlines()
        assert max(map(len, lines)) <= columns
        assert ("tags" in lines[0]) == (columns >= 80)
    assert "of the paper" in recipe("runs", columns=200).stdout
    for globs, runs in ((["best"], 2), (["paper-*"], 1), (["best", "paper-1"], 1), (["none"], 0)):
        done = recipe("runs", "--json", *(part for glob in globs for part in ("--tag", glob)))
        assert len(json.loads(done.stdout)) == runs
    assert json.loads(done.stdout) == []
    listed = json.loads(recipe("runs", "--json", "--tag", "paper-1").stdout)[0]
    assert (listed["tags"], listed["note"]) == (["best", "paper-1"], "of the paper " * 20)


def test_a_strangers_tags_stop_no_list_and_are_named(base: Path, recipe: Recipe) -> None:
    (base / OLDEST / FILE).write_text('{"tags": ["\\u001b[2J"]}')
    done = recipe("runs", columns=200)
    assert done.exit_code == 2
    assert len(done.stdout.splitlines()) == 4
    assert f"{FILE} 'tags' holds something that is not a tag: \\x1b[2J" in done.stderr
    assert recipe("show", "latest~2").exit_code == 2


def test_a_note_is_no_markup(base: Path, recipe: Recipe) -> None:
    change_tags(base / OLDEST, note="<script>alert(1)</script> [bold]\x1b[2J\u202e")
    page = render([read_past(base / OLDEST)])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [bold]\\x1b[2J\\u202e" in page
    assert "<script" not in page
    shown = recipe("show", "latest~2").stdout
    assert "[bold]\\x1b[2J" in shown
    assert "\x1b" not in shown


def test_a_run_is_tagged_when_it_begins(
    tmp_path: Path, base: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_NUM_INTEROP_THREADS", "2")  # another test may have started TensorFlow in this process
    short = ("--set", "training={epochs: 1}", "--set", "expect={}", "--progress", "none")
    done = recipe("run", "digits_constant", *short, "--run-dir", tmp_path / "here", "--tag", "best", "--note", "a note")
    assert done.exit_code == 0, done.output
    assert read_tags(tmp_path / "here") == Tags(("best",), "a note")
    refused = recipe("run", "digits_constant", "--tag", "a/b", "--run-dir", tmp_path / "there")
    assert refused.exit_code == 2
    assert "--tag: must be 1 to 64 of" in refused.stderr
    assert not (tmp_path / "there").exists()
