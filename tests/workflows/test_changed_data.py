"""How a resume names data that has changed."""

from pathlib import Path
from typing import Any, cast

import pytest

from runner.errors import RecipeChanged
from runner.record.directory import RunPaths
from runner.workflows import resume_point

BEFORE, NOW = "ab" * 32, "cd" * 32


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            f"csv a.csv {BEFORE[:12]} {BEFORE}",
            f"csv a.csv {NOW[:12]} {NOW}",
            "csv a.csv abababababab → csv a.csv cdcdcdcdcdcd",
        ),
        ("tfds mnist 3.0.1", f"csv a.csv {NOW[:12]} {NOW}", "tfds mnist 3.0.1 → csv a.csv cdcdcdcdcdcd"),
        (f"npz {BEFORE}", f"npz {NOW}", f"npz {BEFORE} → npz {NOW}"),
    ],
    ids=["both", "one", "no short one"],
)
def test_a_hash_is_said_once(before: str, now: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume_point, "subject", lambda _: {"recipe": {}, "data": now, "code": {}})
    lock = {"recipe": {}, "data": before, "code": {}}
    with pytest.raises(RecipeChanged) as raised:
        resume_point.changes(RunPaths(tmp_path), lock, cast(Any, None), None)
    assert list(raised.value.details) == [f"data: {said}"]
