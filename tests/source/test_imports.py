"""Validating a good recipe stays cheap."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.source.samples import MNIST

HEAVY = ("tensorflow", "keras", "numpy", "rich", "typer", "ruamel.yaml", "json", "runner.diagnostics.rendering",
         "runner.source.checking.inspection", "runner.source.checking.allowed")  # fmt: skip


@pytest.mark.parametrize(("text", "also"), [(MNIST, ()), (MNIST.replace("seed: 42", "sead: 42"), HEAVY[-2:])])
def test_only_what_is_needed_is_imported(tmp_path: Path, text: str, also: tuple[str, ...]) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text)
    imports = f"import sys; from runner.source import load; load({str(path)!r})"
    code = f"{imports}; print(sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{sorted(also)}\n"
