"""Which files of a folder are recipes."""

from pathlib import Path

import pytest

from runner.source import find


def tree(tmp_path: Path) -> Path:
    """A folder with recipes and other things."""
    root = tmp_path / "recipes"
    for name in (
        "b.yaml", "a.yml", "sub/c.yaml", "sub/deep/d.yaml", "_base.yaml", "_parts/e.yaml", ".hidden.yaml",
        ".git/f.yaml", "notes.txt", "g.YAML", "sub/readme.md",
    ):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    (root / "folder.yaml").mkdir()
    (tmp_path / "outside.yaml").write_text("")
    (root / "out.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "in.yaml").symlink_to("b.yaml")
    (root / "up").symlink_to(tmp_path)
    return root


def test_a_folder_is_searched(tmp_path: Path) -> None:
    root = tree(tmp_path)
    assert [str(path.relative_to(root)) for path in find([root])] == [
        "a.yml", "b.yaml", "in.yaml", "sub/c.yaml", "sub/deep/d.yaml",
    ]  # fmt: skip


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    root = tree(tmp_path)
    named = [root / "_base.yaml", root / "notes.txt", root / "missing.yaml", root / "_parts"]
    assert find(named) == [*named[:3], root / "_parts" / "e.yaml"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    root = tree(tmp_path)
    assert len(find([root, root / "b.yaml", root])) == 5


def test_relative_paths_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find(["recipes/sub"]) == [Path("recipes/sub/c.yaml"), Path("recipes/sub/deep/d.yaml")]


def test_nothing_is_found_in_an_empty_folder(tmp_path: Path) -> None:
    assert find([tmp_path]) == []


@pytest.mark.parametrize("record", ["events.jsonl", "lock.json"])
def test_folders_of_runs_hold_copies_and_are_passed_over(tmp_path: Path, record: str) -> None:
    run = tmp_path / "runs" / "mine" / "20260101-000000-12345678"
    run.mkdir(parents=True)
    for name in ("recipe.yaml", "resolved.yaml", record):
        (run / name).write_text("")
    (tmp_path / "mine.yaml").write_text("")
    assert find([tmp_path]) == [tmp_path / "mine.yaml"]
    assert find([run]) == [run / "recipe.yaml", run / "resolved.yaml"]


def test_recipes_called_as_a_run_calls_its_own_are_found(tmp_path: Path) -> None:
    for name in ("recipe.yaml", "resolved.yaml"):
        (tmp_path / name).write_text("")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "events.jsonl").write_text("")
    (tmp_path / "other" / "recipe.yaml").write_text("")
    assert [path.relative_to(tmp_path).as_posix() for path in find([tmp_path])] == [
        "recipe.yaml", "resolved.yaml", "other/recipe.yaml",
    ]  # fmt: skip
