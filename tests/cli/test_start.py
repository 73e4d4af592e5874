"""The program starts with what a verb needs, and with nobody else's code."""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from runner.cli import VERBS
from runner.cli.docstrings import docstring
from tests.cli.program import GALLERY, environment, recipe

PLUGIN = """\
print("the plugin's code ran")
class Plugin:
    def new_schema_validator(self, *args): return None, None, None
plugin = Plugin()
"""


def modules_after(*arguments: str, **variables: str) -> set[str]:
    """Modules that are imported once the program has done what it was asked for."""
    code = f"import sys; from runner.cli import app; app({list(arguments)!r}, standalone_mode=False)"
    watched = (
        f"try:\n    exec({code!r})\nexcept BaseException:\n    pass\nimport sys; print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched], env=environment(None, **variables), capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_of_itself_what_its_function_says(verb: str) -> None:
    module, _, function = VERBS[verb].partition(":")
    said = docstring(module, function)
    assert said
    assert said == inspect.getdoc(getattr(import_module(f"runner.cli.verbs.{module}"), function))


def test_the_list_of_verbs_imports_none_of_them(tmp_path: Path) -> None:
    imported = modules_after("--help")
    assert "runner.cli.docstrings" in imported
    assert not {f"runner.cli.verbs.{place.partition(':')[0]}" for place in VERBS.values()} & imported
    shown = recipe("--help", cwd=tmp_path).stdout
    assert all(f"\n  {verb} " in shown for verb in VERBS)
    assert "validate  Check recipes and report every error in every file\n" in shown


UNUSED_LIBRARIES = {
    "importlib.metadata",
    "importlib.resources",
    "email",
    "zipfile",
    "rich",
    "ruamel.yaml",
    "json",
    "hmac",
}
UNUSED_PARTS = {
    "schemas.auto_dropout", "schemas.blocks", "schemas.custom", "schemas.schedule.momentum", "schemas.schedule.warmup",
    "schemas.schedule.weight_decay", "schemas.rules.repeat", "schemas.rules.patience", "runner.diagnostics.spelling",
}  # fmt: skip


def test_validating_a_good_recipe_imports_what_it_needs() -> None:
    imported = modules_after("validate", str(GALLERY / "mnist_1cycle.yaml"))
    assert "runner.cli.verbs.validate" in imported
    assert not (UNUSED_LIBRARIES | UNUSED_PARTS) & imported


def test_a_plan_imports_no_reader_of_what_the_recipe_has_not(tmp_path: Path) -> None:
    """In a cache without trials of a step's form: what one of them found is kept by the versions of packages."""
    recipe = str(GALLERY / "digits_constant.yaml")
    imported = modules_after("plan", "--no-shapes", recipe, RECIPE_CACHE_DIR=str(tmp_path))
    assert {"runner.plan.plan", "runner.workflows.weights", "runner.data.paths"} <= imported
    assert not {"pyarrow", "urllib.request", "zipfile", "numpy.ma", "concurrent.futures", "tensorflow"} & imported


def with_plugin(folder: Path) -> None:
    """Install a plugin for pydantic into a folder."""
    (folder / "evil_plugin.py").write_text(PLUGIN)
    information = folder / "evil-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[pydantic]\nevil = evil_plugin:plugin\n")


def test_no_plugin_of_pydantic_is_run(tmp_path: Path) -> None:
    with_plugin(tmp_path)
    done = recipe("validate", GALLERY / "mnist_1cycle.yaml", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")


def test_plugins_run_for_who_asks_for_them(tmp_path: Path) -> None:
    with_plugin(tmp_path)
    variables = {"PYTHONPATH": str(tmp_path), "PYDANTIC_DISABLE_PLUGINS": "others"}
    done = recipe("validate", GALLERY / "mnist_1cycle.yaml", cwd=tmp_path, **variables)
    assert "the plugin's code ran" in done.stdout


def test_whatever_else_is_asked_of_what_looks_for_plugins_is_answered_by_the_true_one() -> None:
    code = "import runner.cli; from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP as group; print(group)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "pydantic\n"
