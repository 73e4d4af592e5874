"""Paths of a recipe: relative to its folder or --root, and never out of them."""

from pathlib import Path

import pytest

from runner.data.access import DataAccess
from runner.data.paths import named_files, named_folder
from runner.errors import DataError

PLACE = ("data", "files")


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    folder = tmp_path / "recipes"
    (folder / "parts" / "deep").mkdir(parents=True)
    for name in ("a.csv", "b[1].csv", "parts/2.csv", "parts/1.csv", "parts/deep/3.csv"):
        (folder / name).write_text("x\n1\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "c.csv").write_text("x\n1\n")
    return folder / "r.yaml"


def names(recipe: Path, *patterns: str, root: Path | None = None) -> list[str]:
    found = named_files(patterns, DataAccess().beside(recipe, root), PLACE)
    return [str(path.relative_to(recipe.parent.parent)) for path in found]


def test_names_patterns_and_lists_of_them(recipe: Path) -> None:
    assert names(recipe, "a.csv") == ["recipes/a.csv"]
    assert names(recipe, "b[1].csv") == ["recipes/b[1].csv"]  # a file of that very name is no pattern
    assert names(recipe, "parts/*.csv", "a.csv", "parts/2.csv") == [
        "recipes/parts/1.csv", "recipes/parts/2.csv", "recipes/a.csv",
    ]  # fmt: skip
    assert names(recipe, "parts/**/*.csv")[-1] == "recipes/parts/deep/3.csv"
    assert names(recipe, "./parts/../a.csv") == ["recipes/a.csv"]


def test_a_root_is_looked_up_too_and_allows_what_lies_in_it(recipe: Path) -> None:
    root = recipe.parent.parent / "other"
    assert names(recipe, "c.csv", "a.csv", root=root) == ["other/c.csv", "recipes/a.csv"]
    assert names(recipe, str(root / "c.csv"), "../other/c.csv", root=root) == ["other/c.csv"]
    assert names(recipe, str(recipe.parent / "a.csv")) == ["recipes/a.csv"]


@pytest.mark.parametrize(
    "pattern",
    ["../other/c.csv", "/etc/passwd", "/**/*.csv", "*/../../other/c.csv", "../nothing.csv", "ftp://x.org/a.csv",
     "file:a.csv", "a\0.csv", "link/c.csv", "l*k/c.csv", "link.csv"],
)  # fmt: skip
def test_a_path_out_of_the_folder_is_refused_before_it_is_read(recipe: Path, pattern: str) -> None:
    (recipe.parent / "link").symlink_to(recipe.parent.parent / "other")
    (recipe.parent / "link.csv").symlink_to(recipe.parent.parent / "other" / "c.csv")
    with pytest.raises(DataError) as caught:
        names(recipe, pattern)
    assert (caught.value.code, caught.value.place) == ("R290", PLACE)


def test_a_missing_file_is_named_with_its_place_in_the_list_and_where_it_was_looked_for(recipe: Path) -> None:
    with pytest.raises(DataError, match=r"'nothing\.csv': no such file") as caught:
        names(recipe, "a.csv", "nothing.csv")
    assert (caught.value.code, caught.value.place) == ("R202", (*PLACE, 1))
    assert str(recipe.parent) in caught.value.help[0]


def test_folders_follow_the_same_rules(recipe: Path) -> None:
    access = DataAccess().beside(recipe)
    assert named_folder("parts", access, PLACE) == recipe.parent / "parts"
    for name, says in (("../other", "outside"), ("a.csv", "no such folder"), ("nothing", "no such folder")):
        with pytest.raises(DataError, match=says):
            named_folder(name, access, PLACE)
