"""Every source has a recipe in the gallery, which meets what it expects on data that is made for it."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from runner.source.gallery import entries
from runner.source.load import load
from tests.cli.program import GALLERY, LIMIT, REPOSITORY, recipe

EXAMPLES = REPOSITORY / "docs" / "examples"
SOURCES = {entry.name: entry for entry in entries(GALLERY / "sources")}
WITH_CODE = {"from_custom"}
"""Their code stands beside them and makes the data."""


@pytest.fixture(scope="module")
def own_data() -> Any:
    """The script that writes the data."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        spec = importlib.util.spec_from_file_location("own_data", EXAMPLES / "own_data.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        importlib.import_module("tables")
        yield module
    finally:
        sys.path.remove(str(EXAMPLES))


def test_every_source_has_a_recipe() -> None:
    recipes = [load(entry.path).recipe for entry in SOURCES.values()]
    assert all(found is not None and found.expect for found in recipes)
    sources = {found.data.source for found in recipes if found is not None}
    assert sources == {"csv", "parquet", "npz", "images", "text", "tfrecord", "windows", "tfds", "custom"}
    assert "from_hugging_face" in SOURCES


@pytest.mark.parametrize("name", SOURCES)
def test_a_recipe_says_which_files_it_needs_and_what_writes_them(name: str) -> None:
    assert SOURCES[name].needs
    wanted = "" if name in WITH_CODE else f"python docs/examples/own_data.py own {name}"
    assert SOURCES[name].data == wanted


def test_the_script_knows_the_recipes(own_data: Any) -> None:
    assert {*own_data.MAKERS} == {*SOURCES} - WITH_CODE


@pytest.mark.slow
def test_each_meets_what_it_expects(own_data: Any, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for make in own_data.MAKERS.values():
        make(own)
    files = [entry.path for entry in SOURCES.values()]
    options = ("--root", own, "--data-dir", own / "tfds", "--allow-code", "--json", "--progress", "none")
    done = recipe("run", *files, *options, cwd=tmp_path, timeout=4 * LIMIT, RECIPE_CACHE_DIR=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)["runs"]
    assert [(run["status"], bool(run["metrics"])) for run in runs] == [("finished", True)] * len(files)
