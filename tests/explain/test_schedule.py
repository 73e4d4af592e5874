"""``recipe explain schedule.KIND`` for every kind."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runner.cli import app
from runner.explain.key_help import keys_of
from runner.explain.schedule_help import example_track
from runner.source.load import load
from schemas.docs import field_docs
from schemas.export import json_schema
from schemas.schedule import kinds
from schemas.schedule.one_cycle import OneCycle
from schemas.schedule.plateau import Plateau
from tests.cli.program import recipe
from tests.cli.test_plan import DIGITS
from tests.schedule_examples import EXAMPLES
from tests.source.samples import small

KINDS = tuple(kinds())


def explain(topic: str, width: int = 80) -> Result:
    return CliRunner().invoke(app, ["explain", topic, "--color", "never"], env={"COLUMNS": str(width)})


def test_there_are_the_fourteen_kinds_of_the_language() -> None:
    union = json_schema()["$defs"]["Recipe"] if "Recipe" in json_schema()["$defs"] else json_schema()
    (schedule,) = (part for part in union["properties"]["schedule"]["anyOf"] if "discriminator" in part)
    assert {*KINDS, "custom"} == set(schedule["discriminator"]["mapping"])
    assert len(KINDS) == 14


def test_the_list_names_every_kind() -> None:
    text = explain("schedule").stdout
    assert re.findall(r"^schedule\.(\w+)", text, re.MULTILINE) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_every_part(kind: str) -> None:
    text = explain(f"schedule.{kind}").stdout
    headings = ("Formula", "Boundaries", "Keys", "Keys of any kind", "Example", "Source")
    for heading in headings if kind != "constant" else ("Formula", *headings[2:]):
        assert f"\n\n{heading}\n  " in text, heading
    formula = text.partition("Formula\n")[2].split("\n\n")[0]
    assert "η(t)" in formula
    assert "η" in text
    said = " ".join(text.split())
    texts = field_docs(kinds()[kind])
    del texts["kind"]  # which the title says
    for key, meaning in texts.items():
        assert re.search(rf"^  {key}\s", text, re.MULTILINE), key
        assert " ".join(meaning.replace("``", "").split()) in said
    assert "┤" in text, "a curve"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_page_fits(kind: str, width: int) -> None:
    lines = explain(f"schedule.{kind}", width).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_on_the_page_is_a_valid_recipe(kind: str, tmp_path: Path) -> None:
    text = explain(f"schedule.{kind}").stdout
    example = text.partition("\nExample\n")[2].partition("\n\n")[0]
    path = tmp_path / "example.yaml"
    written = "\n".join(line[2:] for line in example.splitlines())
    path.write_text(small(**DIGITS, schedule=written, training="training: {epochs: 10}"), encoding="utf-8")
    loaded = load(path)
    assert loaded.recipe is not None, loaded.diagnostics
    assert loaded.diagnostics == ()
    assert loaded.recipe.schedule is not None
    assert loaded.recipe.schedule.kind == kind
    assert example_track(kind).steps == 1000


def test_every_kind_has_an_example() -> None:
    assert tuple(EXAMPLES) == KINDS


def test_defaults_and_bounds_are_the_kinds() -> None:
    plateau = {key.name: key.text for key in keys_of(Plateau)}
    assert plateau["factor"] == "0 < number < 1, default 0.5: Factor of each cut."
    assert plateau["patience"].startswith("whole number ≥ 1, default 5: ")
    assert plateau["mode"].startswith("auto | min | max, default auto: ")
    assert plateau["base"].startswith("schedule of any other kind, optional: ")
    one_cycle = {key.name: key.text for key in keys_of(OneCycle)}
    assert one_cycle["max_lr"] == "number > 0, required: η₁, the peak."
    assert one_cycle["up.duration"].startswith("duration, default 45%: ")
    assert one_cycle["momentum"].startswith("mapping or fixed, optional: ")
    assert one_cycle["warmup.from"].startswith("number ≥ 0, default 0: ")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("schedule.cosin", "schedule.cosine"),
        ("schedule.OneCycle", "schedule.1cycle"),
        ("schedule.SGDR", "schedule.cosine_restarts"),
    ],
)
def test_a_wrong_kind_gets_a_suggestion(written: str, meant: str) -> None:
    done = explain(written)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"did you mean '{meant}'?" in done.stderr


def test_nothing_like_a_kind_points_to_the_list() -> None:
    done = explain("schedule.xyzzy")
    assert done.exit_code == 2
    assert "`recipe explain schedule` lists them" in done.stderr


def test_capitals_do_not_matter_and_codes_still_work() -> None:
    assert explain("Schedule.Cosine").stdout == explain("schedule.cosine").stdout
    assert explain("r012").stdout.startswith("R012: ")


def test_a_terminal_without_unicode_gets_ascii(tmp_path: Path) -> None:
    for kind in KINDS:
        done = CliRunner(charset="ascii").invoke(app, ["explain", f"schedule.{kind}"], env={"COLUMNS": "80"})
        assert done.exit_code == 0
        assert done.stdout.isascii()
        assert "\\u" not in done.stdout
        assert "\\x" not in done.stdout
    done = recipe("explain", "schedule.1cycle", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "lr1 -> lr0" in done.stdout
