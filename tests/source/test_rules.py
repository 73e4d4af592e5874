"""What rules across fields find gets the place of the key that it is about."""

from pathlib import Path

import pytest

from runner.source import Loaded, load
from schemas import rules
from schemas.findings import Finding
from tests.source.samples import MNIST


def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> Loaded:
    """The sample, with rules that find these."""
    monkeypatch.setattr(rules, "check", lambda recipe: list(findings))
    path = tmp_path / "r.yaml"
    path.write_text(MNIST)
    return load(path)


@pytest.mark.parametrize(
    ("place", "line", "column", "length"),
    [
        (("training", "epochs"), 35, 11, 2),
        (("model", "layers", 1, "units"), 24, 28, 3),
        (("model", "layers", 1), 24, 7, 88),
        (("model", "layers"), 22, 3, 6),
        (("training", "best"), 34, 1, 8),
        (("model", "layers", 2, "use_bias"), 25, 7, 88),
        (("hardware", "device"), 2, 1, 9),
        ((), 2, 1, 9),
    ],
)
def test_the_place_is_the_value_or_the_nearest_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[str | int, ...], line: int, column: int, length: int
) -> None:
    loaded = found(tmp_path, monkeypatch, Finding("R101", "error", place, "m", help="h"))
    (diagnostic,) = loaded.diagnostics
    span = diagnostic.span
    assert span is not None
    assert (span.line, span.column, span.length) == (line, column, length)
    assert (diagnostic.code, diagnostic.message, diagnostic.help) == ("R101", "m", ("h",))
    assert not loaded.ok


def test_warnings_refuse_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = found(tmp_path, monkeypatch, Finding("R101", "warning", ("seed",), "m"))
    assert loaded.ok
    assert [diagnostic.severity for diagnostic in loaded.diagnostics] == ["warning"]


def test_findings_come_in_the_order_of_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = found(
        tmp_path, monkeypatch, *(Finding("R101", "error", (key,), key) for key in ("training", "seed", "data"))
    )
    assert [diagnostic.message for diagnostic in loaded.diagnostics] == ["seed", "data", "training"]
