"""Files of a run that someone sent: whatever stands in them, an answer with file and place, at once, and inert."""

import csv
import json
import time
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from runner.cli import app
from runner.errors import ManifestBroken
from runner.record.directory import RunPaths
from runner.record.manifest import read_lock
from tests.faults.program import run

FORMS = [[form, *epochs] for form in ("table", "csv", "json") for epochs in ([], ["--epochs"])]
DEEP = "[" * 100_000
HUGE = 10**400


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run of sixty steps."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def lines(trained: Path) -> list[str]:
    return (trained / "events.jsonl").read_text().splitlines()


def with_value(text: str, path: tuple[str | int, ...], value: Any) -> str:
    """A JSON object with another value at a path."""
    whole = json.loads(text)
    held = whole
    for key in path[:-1]:
        held = held[key]
    held[path[-1]] = value
    return json.dumps(whole, separators=(",", ":"))


def first(lines: list[str], event: str) -> int:
    return next(i for i, line in enumerate(lines) if json.loads(line)["event"] == event)


def history(folder: Path, lines: list[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``recipe history`` on these lines; within a second."""
    folder.mkdir(exist_ok=True)
    (folder / "events.jsonl").write_text("".join(f"{line}\n" for line in lines))
    begun = time.process_time()
    done = CliRunner().invoke(app, ["history", str(folder), "--format", *(arguments or ("csv",))])
    assert time.process_time() - begun < 1
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def hidden(text: str) -> list[str]:
    """Characters that a terminal would act on."""
    return [c for c in text.replace("\n", "") if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


STEPS: list[tuple[str, Any, str]] = [
    *[("first_step", value, "first_step") for value in (-7, 10**30, HUGE, 60.5, 7.0, "7", None, True, [], {})],
    *[("epoch", value, "epoch") for value in (-1, 10**30, 0.5, "\x1b[2J", None)],
    *[("learning_rate", value, "learning_rate") for value in ("x", None, 0.1, {}, [], [None], ["=1+1"], [-1])],
    ("learning_rate", [float("inf")], "learning_rate.0"),
    ("learning_rate", ["x"] * 100_000, "learning_rate.0"),
    *[("momentum", value, "momentum") for value in ("\a", [], ["0.9"], [0.9, 0.9], [[0.9]])],
    *[("loss", value, "loss") for value in (None, [], ["=cmd"], [0.5, 0.5], {"0": 1})],
    *[("seconds", value, "seconds") for value in (-1, "1", float("nan"), None)],
    *[(name, value, name) for name in ("examples", "skipped") for value in (-1, 1.5, "1", 10**30)],
    *[("compiled", value, "compiled") for value in (1, "true", None)],
    *[("time", value, "time") for value in ("now", float("inf"), -1)],
    ("weight_decay", [0.1, 0.2], "weight_decay"),
]


@pytest.mark.parametrize(("key", "value", "says"), STEPS, ids=[f"{key}-{i}" for i, (key, _, _) in enumerate(STEPS)])
def test_a_step_that_no_run_writes_is_refused_with_file_line_and_key(
    lines: list[str], tmp_path: Path, key: str, value: Any, says: str
) -> None:
    at = first(lines, "steps")
    changed = [*lines[:at], with_value(lines[at], (key,), value), *lines[at + 1 :]]
    code, _, stderr = history(tmp_path / "run", changed)
    assert (code, hidden(stderr)) == (2, [])
    assert f"events.jsonl:{at + 1}: not an event: {says}" in stderr
    assert len(stderr) < 1000


OTHERS: list[tuple[str, tuple[str | int, ...], Any]] = [
    ("run_started", ("resumed_at",), -3),
    ("run_started", ("resumed_at",), 1e30),
    ("run_started", ("steps",), "60"),
    ("run_started", ("steps_per_epoch",), 0),
    ("run_started", ("phases",), "all"),
    ("run_started", ("phases", 0, "start"), None),
    ("run_started", ("phases", 0, "stop"), 10**30),
    ("run_started", ("phases", 0, "name"), 3),
    ("run_started", ("phases", 0, "name"), "x" * 100_000),
    ("run_started", ("metrics",), [1] * 10_000),
    ("run_started", ("seed",), HUGE),
    ("epoch_ended", ("epoch",), -1),
    ("epoch_ended", ("step",), 60.5),
    ("epoch_ended", ("metrics",), [0.1]),
    ("epoch_ended", ("metrics", "val_loss"), "\x1b]0;x\a"),
    ("epoch_ended", ("metrics",), {f"m{i}": 0.1 for i in range(5000)}),
    ("epoch_ended", ("phase",), None),
    ("epoch_ended", ("best",), "yes"),
    ("run_ended", ("status",), "fine"),
    ("run_ended", ("steps",), [60]),
    ("run_ended", ("best",), {"epoch": "\x1b"}),
]


@pytest.mark.parametrize(
    ("event", "path", "value"), OTHERS, ids=[f"{e}-{p[-1]}-{i}" for i, (e, p, _) in enumerate(OTHERS)]
)
@pytest.mark.parametrize("arguments", [["csv"], ["csv", "--epochs"]], ids=["steps", "epochs"])
def test_any_other_event_too(
    lines: list[str], tmp_path: Path, event: str, path: tuple[str | int, ...], value: Any, arguments: list[str]
) -> None:
    at = first(lines, event)
    code, _, stderr = history(
        tmp_path / "run", [*lines[:at], with_value(lines[at], path, value), *lines[at + 1 :]], *arguments
    )
    assert (code, hidden(stderr)) == (2, [])
    assert f"events.jsonl:{at + 1}: not an event: {path[0]}" in stderr
    assert len(stderr) < 1000


@pytest.mark.parametrize(
    "line",
    ["", "null", "[]", "3", '"x"', "{}", '{"event":3}', DEEP, '{"event":' + DEEP, '{"event":"steps","loss":' + DEEP,
     '{"event":"warned","message":' + DEEP, '{"event":"steps",', "\x1b[2J", "9" * 10_000, "x" * (1 << 24)],
    ids=range(15),
)  # fmt: skip
def test_a_line_that_is_no_event_is_refused_with_file_and_line(lines: list[str], tmp_path: Path, line: str) -> None:
    code, _, stderr = history(tmp_path / "run", [lines[0], line, *lines[1:]])
    assert (code, hidden(stderr)) == (2, [])
    assert "events.jsonl:2: not an event: " in stderr
    assert len(stderr) < 1000


def test_steps_and_epochs_that_go_back_are_refused(lines: list[str], tmp_path: Path) -> None:
    for event, arguments in (("steps", ["csv"]), ("epoch_ended", ["csv", "--epochs"])):
        found = [i for i, line in enumerate(lines) if json.loads(line)["event"] == event]
        again = [*lines, lines[found[0]]]
        code, _, stderr = history(tmp_path / "run", again, *arguments)
        assert code == 2
        assert f"events.jsonl:{len(again)}: not an event: " in stderr


EVIL = ["=1+1", "+1", "-1", "@x", "=\x1b]0;x\a", "\x1b[2J", "[red]x", "\u202ex", "\t=1", "\r\n=1", "a,b\n"]


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_text_of_a_run_reaches_no_terminal_and_no_spreadsheet_as_it_is(
    lines: list[str], tmp_path: Path, form: list[str], text: str
) -> None:
    changed = []
    for line in lines:
        whole = json.loads(line)
        match whole["event"]:
            case "run_started":
                whole["phases"][0]["name"], whole["metrics"] = text, ["loss", text]
            case "epoch_ended":
                whole["phase"], whole["metrics"] = text, {"loss": 0.5, text: 0.25}
        changed.append(json.dumps(whole, separators=(",", ":")))
    code, stdout, _ = history(tmp_path / "run", changed, *form)
    assert (code, hidden(stdout)) == (0, [])
    if form[0] == "csv":
        cells = [cell for row in csv.reader(StringIO(stdout)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@")) and not is_number(cell)]
    if form[0] == "json":
        assert json.loads(stdout)[0]["phase"] == text


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text not in EVIL


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**30) | st.just(-7),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in ((*path, key), *places(item, (*path, key)))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_changed_in_a_line_the_answer_is_rows_or_an_error_with_its_line(
    lines: list[str], tmp_path: Path, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    path = data.draw(st.sampled_from(places(json.loads(lines[at]))))
    changed = [*lines[:at], with_value(lines[at], path, data.draw(ANY)), *lines[at + 1 :]]
    for form in (["csv"], ["table"], ["json", "--epochs"]):
        code, stdout, stderr = history(tmp_path / "run", changed, *form)
        assert hidden(stdout + stderr) == []
        assert code == 0 or (code == 2 and "events.jsonl:" in stderr)


LOCKS: list[tuple[Callable[[str], str], str]] = [
    (lambda text: with_value(text, ("generation",), 10**9), "generation"),
    (lambda text: with_value(text, ("generation",), -1), "generation"),
    (lambda text: with_value(text, ("generation",), 1.5), "generation"),
    (lambda text: with_value(text, ("generation",), "1"), "generation"),
    (lambda text: with_value(text, ("generation",), None), "generation"),
    (lambda text: with_value(text, ("fingerprint",), ["\x1b"]), "fingerprint"),
    (lambda text: with_value(text, ("recipe",), "all"), "recipe"),
    (lambda text: with_value(text, ("code",), {"a.py": 3}), "code.a.py"),
    (lambda text: with_value(text, ("code_folder",), 7), "code_folder"),
    (lambda text: with_value(text, ("data_folder",), "/no\0where"), "data_folder"),
    (lambda text: with_value(text, ("data",), None), "data_folder"),
    (lambda text: with_value(text, ("data_root",), "/" + "a" * 100_000), "data_root"),
    (lambda text: with_value(text, ("origins",), {"seed": {}}), "origins.seed"),
    (lambda text: with_value(text, ("packages",), {f"p{i}": "1" for i in range(5000)}), "packages"),
    (lambda text: with_value(text, ("host", "cores"), "\a"), "host.cores"),
    (lambda text: with_value(text, ("data_sha256", "train"), "0"), "data_sha256.train"),
    (lambda text: with_value(text, ("examples", "train"), -1), "examples.train"),
    (lambda text: with_value(text, ("device",), "\x1b[2J"), "device"),
    (lambda text: text.replace("{", '{"x": ' + DEEP + "]" * 100_000 + ",", 1), "nested"),
    (lambda text: text.replace("{", '{"x": ' + DEEP[:500] + "]" * 500 + ",", 1), "nested"),
    (lambda text: text.replace("{", '{"x": ' + "9" * 10_000 + ",", 1), "digits"),
    (lambda text: text[: len(text) // 2], "line "),
    (lambda text: "[]", "not a JSON object"),
    (lambda text: "\x1b", "line 1"),
    (lambda text: text + " " * (1 << 22), "bytes"),
]


@pytest.mark.parametrize(("forge", "says"), LOCKS, ids=range(len(LOCKS)))
def test_a_lock_that_no_run_writes_is_refused_with_file_and_key(
    trained: Path, tmp_path: Path, forge: Callable[[str], str], says: str
) -> None:
    (tmp_path / "lock.json").write_text(forge((trained / "lock.json").read_text()))
    with pytest.raises(ManifestBroken, match=r"lock\.json cannot be read: ") as refused:
        read_lock(RunPaths(tmp_path))
    assert says in str(refused.value).split("cannot be read: ")[1]
    assert hidden(str(refused.value)) == []
    assert len(str(refused.value)) < 1000


def test_what_a_real_run_writes_is_accepted(trained: Path) -> None:
    assert read_lock(RunPaths(trained))["generation"] == 0
    for form in FORMS:
        assert CliRunner().invoke(app, ["history", str(trained), "--format", *form]).exit_code == 0
