"""A run that warns of every step is told in a few lines."""

from pathlib import Path

from runner.lookback.warned import warning_texts
from tests.lookback.conftest import Recipe
from tests.lookback.written import BEGUN, Written, write

MANY = 20_000


def test_warnings_that_differ_in_numbers_are_told_once_with_their_count() -> None:
    found = warning_texts(["other", *(f"step {k:,}: the loss is {k}e+05" for k in range(1, 1001))])
    assert found == [
        "warning: other",
        "warning: step 1: the loss is 1e+05 (and 999 more like it)",
        "`recipe show RUN --json` has each of them",
    ]


def test_at_most_ten_kinds_are_told_and_the_rest_counted() -> None:
    found = warning_texts([f"the warning {chr(97 + k)} of step {n}" for n in range(3) for k in range(12)])
    assert [text[:21] for text in found[:10]] == [f"warning: the warning {chr(97 + k)}"[:21] for k in range(10)]
    assert found[10:] == ["and 6 more warnings", "`recipe show RUN --json` has each of them"]


def test_a_warning_is_printable_and_no_page_long() -> None:
    (text,) = warning_texts(["\x1b[2J" + "x" * 100_000])
    assert text.startswith("warning: \\x1b[2Jxxx")
    assert len(text) < 600


def test_a_listing_and_a_report_of_many_warnings_are_short_and_json_has_all(base: Path, recipe: Recipe) -> None:
    name = "20260101-030000-44444444"
    noisy = Written(warnings=tuple(f"step {k}: a gradient is not finite" for k in range(MANY)), begun=BEGUN + 9999)
    write(base, name, noisy)
    shown, data = recipe("show", f"digits_phases/{name}"), recipe("show", f"digits_phases/{name}", "--json")
    assert shown.exit_code == 0, shown.output
    assert "warning: step 0: a gradient is not finite (and 19,999 more like it)" in " ".join(shown.stdout.split())
    assert len(shown.stdout) < 10_000
    assert data.stdout.count("a gradient is not finite") == MANY
    report = Path(recipe("report", f"digits_phases/{name}").stdout.strip())
    assert report.read_text().count("a gradient is not finite") == 1
