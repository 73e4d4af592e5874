"""Three written runs, and the program in this process."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from runner.cli import app
from tests.lookback.written import BEGUN, Written, write

Recipe = Callable[..., Any]

PLAIN = Written()
FASTER = Written(sets=("seed=7", "optimizer.nesterov=false"), level=0.5, begun=BEGUN + 3600, fingerprint="22222222" * 8)
LONGER = Written(recipe="digits_warmup_cosine", epochs=6, begun=BEGUN + 7200, fingerprint="33333333" * 8)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with three runs, from where the program is started; the clock on the wall shows UTC."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    runs = tmp_path / "runs"
    write(runs, "20260101-000000-abcdef01", PLAIN)
    write(runs, "20260101-010000-22222222", FASTER)
    write(runs, "20260101-020000-33333333", LONGER)
    yield runs
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def recipe() -> Recipe:
    """Starts the program in this process."""

    def start(*arguments: str | Path, columns: int = 80) -> Any:
        return CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": str(columns), "NO_COLOR": "1"})

    return start
