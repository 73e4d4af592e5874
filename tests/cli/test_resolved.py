"""``recipe show --resolved``: one file that needs no other, means the same, and has the same fingerprint anywhere."""

import shutil
from pathlib import Path

import pytest

from runner.data.facts import builtin_facts
from runner.plan.fingerprint import fingerprint
from runner.source import Loaded, load
from schemas.data import BuiltinData
from tests.cli.program import GALLERY, recipe
from tests.cli.test_why import BASE, MINE

FILES = sorted(GALLERY.glob("*.yaml"))


def fingerprint_of(loaded: Loaded) -> str:
    """The fingerprint of a valid recipe on its own data."""
    assert loaded.recipe is not None
    data = loaded.recipe.data
    return fingerprint(loaded.recipe, builtin_facts(data).label if isinstance(data, BuiltinData) else data.name)


def resolved(path: Path, folder: Path, *arguments: str) -> Path:
    """What the program prints, in a file of another folder."""
    done = recipe("show", "--resolved", path, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    target = folder / "elsewhere" / "resolved.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_text(done.stdout)
    return target


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_resolved_recipe_of_the_gallery_is_the_same_recipe(path: Path, tmp_path: Path) -> None:
    alone = load(resolved(path, tmp_path))
    assert alone.diagnostics == ()
    assert alone.recipe == load(path).recipe
    assert fingerprint_of(alone) == fingerprint_of(load(path))
    assert recipe("fmt", "--check", "elsewhere", cwd=tmp_path).returncode == 0


def test_a_folder_that_moves_keeps_its_fingerprints(tmp_path: Path) -> None:
    copy = tmp_path / "another" / "machine"
    shutil.copytree(GALLERY, copy)
    for path in FILES:
        assert fingerprint_of(load(copy / path.relative_to(GALLERY))) == fingerprint_of(load(path))


def test_bases_and_arguments_are_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "shared").mkdir(parents=True)
    (folder / "shared" / "base.yaml").write_text(BASE)
    (folder / "mine.yaml").write_text(MINE.replace("base.yaml", "shared/base.yaml"))
    here = load(folder / "mine.yaml", sets=["seed=7", "schedule.max_lr=1/8"])
    arguments = ("--set", "seed=7", "--set", "schedule.max_lr=1/8")
    alone = resolved(folder / "mine.yaml", tmp_path, *arguments)
    assert "extends" not in alone.read_text()
    assert fingerprint_of(load(alone)) == fingerprint_of(here)
    moved = tmp_path / "moved"
    folder.rename(moved)
    assert fingerprint_of(load(moved / "mine.yaml", sets=["seed=7", "schedule.max_lr=1/8"])) == fingerprint_of(here)
    assert fingerprint_of(load(moved / "mine.yaml")) != fingerprint_of(here)
