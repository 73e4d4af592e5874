"""Keras is imported without the optional packages that nothing here uses, and by nobody else."""

import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from runner import lean_import
from runner.lean_import import lean, without
from tests.cli.program import environment

SPARE = "colorsys"
"""A module that nothing here imports."""


@pytest.fixture(autouse=True)
def unimported() -> None:
    """The module is not there yet."""
    sys.modules.pop(SPARE, None)


def test_what_is_withheld_is_missing_within_the_block_and_there_behind_it() -> None:
    with without(frozenset({SPARE})), pytest.raises(ModuleNotFoundError, match="colorsys"):
        import_module(SPARE)
    assert import_module(SPARE).__name__ == SPARE


def test_another_thread_imports_what_it_wants() -> None:
    found: list[str] = []
    with without(frozenset({SPARE})):
        thread = threading.Thread(target=lambda: found.append(import_module(SPARE).__name__))
        thread.start()
        thread.join()
    assert found == [SPARE]


def test_what_is_imported_already_stays() -> None:
    module = import_module(SPARE)
    with without(frozenset({SPARE})):
        assert import_module(SPARE) is module


@pytest.mark.parametrize(("program", "wanted"), [(False, True), (True, False)])
def test_a_person_s_own_process_and_custom_code_get_all_of_keras(
    program: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lean_import, "is_program", lambda: program)
    monkeypatch.setattr(lean_import, "UNUSED", frozenset({SPARE}))
    with lean(wanted):
        assert import_module(SPARE)


PLANNED = """
import sys
sys.argv = ["recipe"]  # as the program is called
from runner.cli import app
app(["plan", "digits_constant"], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.slow
def test_a_plan_with_shapes_imports_keras_and_none_of_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PLANNED], env=environment(None), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    imported = set(done.stderr.splitlines()[-1].split())
    assert {"keras", "tensorflow"} <= imported
    assert not lean_import.UNUSED & imported
    assert "17,226" in done.stdout
