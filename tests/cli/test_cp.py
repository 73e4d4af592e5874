"""``recipe cp``: a copy says of itself what is true of it."""

import json
from pathlib import Path

import pytest

from runner.source.editing.copy import adapted
from tests.cli.program import GALLERY, REPOSITORY, recipe

NAMES = [path.stem for path in sorted(GALLERY.glob("*.yaml"))]


def schema_of(copy: Path) -> Path:
    """The schema that an editor finds."""
    (line,) = (line for line in copy.read_text().splitlines() if "$schema=" in line)
    return copy.parent / line.partition("$schema=")[2]


def command_of(copy: Path) -> str:
    (line,) = (line for line in copy.read_text().splitlines() if line.startswith("# Run:"))
    return line


@pytest.mark.parametrize(
    ("target", "copy"),
    [(".", "iris_cyclic.yaml"), ("sub", "sub/iris_cyclic.yaml"), ("sub/mine.yaml", "sub/mine.yaml")],
)
def test_a_copy_names_itself_and_a_schema_that_is_there(tmp_path: Path, target: str, copy: str) -> None:
    (tmp_path / "sub").mkdir()
    done = recipe("cp", "iris_cyclic", target, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{copy}\n")
    assert json.loads(schema_of(tmp_path / copy).read_text())["title"]
    assert command_of(tmp_path / copy) == f"# Run: recipe run {copy}"
    assert recipe("validate", copy, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_two_comments_changes(name: str) -> None:
    before = (GALLERY / f"{name}.yaml").read_text().splitlines()
    after = adapted((GALLERY / f"{name}.yaml").read_text(), Path("mine.yaml")).splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [line.split("=")[0].split(":")[0] for line in changed] == ["# yaml-language-server", "# Run"]


def test_within_the_checkout_the_schema_is_named_from_the_copy() -> None:
    text = (GALLERY / "iris_cyclic.yaml").read_text()
    assert "$schema=../schemas/recipe.schema.json\n" in adapted(text, REPOSITORY / "docs" / "mine.yaml")


def test_a_name_with_blanks_can_be_pasted_and_stays_in_its_comment() -> None:
    text = adapted((GALLERY / "iris_cyclic.yaml").read_text(), Path("my own\nrecipe.yaml"))
    assert "# Run: recipe run 'my own\\nrecipe.yaml'\n" in text


def test_code_that_a_recipe_names_comes_along_and_replaces_no_other_file(tmp_path: Path) -> None:
    done = recipe("cp", "from_custom", "mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "mine.yaml\nrings.py\n")
    assert (tmp_path / "rings.py").read_bytes() == (GALLERY / "sources" / "rings.py").read_bytes()
    assert recipe("cp", "from_custom", "again.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "rings.py").write_text("def load(): ...\n")
    done = recipe("cp", "from_custom", "third.yaml", cwd=tmp_path)
    assert (done.returncode, "rings.py already exists and is another file" in done.stderr) == (2, True)
    assert not (tmp_path / "third.yaml").exists()
    assert (tmp_path / "rings.py").read_text() == "def load(): ...\n"
