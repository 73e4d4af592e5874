"""``recipe runs``: what is listed, in which order, and how much of a record is read for it."""

import fcntl
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from runner.lookback.entry import read_entry
from runner.lookback.list_cache import NAME, WORTHWHILE
from runner.lookback.listing_view import table
from runner.lookback.recorded_run import read_past
from runner.lookback.run_list import listing
from tests.cli.program import environment
from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, write


def listed(recipe: Recipe, *arguments: str) -> list[dict[str, Any]]:
    done = recipe("runs", "--json", *arguments)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def test_runs_are_listed_newest_first_with_their_results(base: Path, recipe: Recipe) -> None:
    newest, *_, oldest = listed(recipe)
    assert newest["run"] == "digits_warmup_cosine/20260101-020000-33333333"
    assert oldest["name"] == "digits_phases"
    assert (oldest["status"], oldest["steps"], oldest["planned_steps"]) == ("finished", 40, 40)
    assert (oldest["seconds"], oldest["device"], oldest["seed"]) == (9.5, "CPU", 42)
    assert oldest["metrics"]["test_accuracy"] == pytest.approx(0.9775)
    assert oldest["best"] == {"epoch": 4, "val_loss": 0.0625}
    assert Path(oldest["run_dir"]).is_dir()


@pytest.mark.parametrize(
    ("arguments", "runs"),
    [
        (("--name", "digits_ph*"), ["22222222", "abcdef01"]),
        (("--name", "*/20260101-02*"), ["33333333"]),
        (("--limit", "1"), ["33333333"]),
        (("--sort", "test_loss"), ["22222222", "33333333", "abcdef01"]),
        (("--sort", "test_accuracy"), ["22222222", "33333333", "abcdef01"]),
        (("--sort", "steps"), ["33333333", "22222222", "abcdef01"]),
        (("--sort", "name"), ["22222222", "abcdef01", "33333333"]),
        (("--sort", "started", "--limit", "2"), ["33333333", "22222222"]),
        (("--status", "finished", "--name", "none*"), []),
        (("--status", "killed"), []),
    ],
)
def test_runs_are_filtered_and_sorted(base: Path, recipe: Recipe, arguments: tuple[str, ...], runs: list[str]) -> None:
    assert [run["fingerprint"][:8] for run in listed(recipe, *arguments)] == runs


def test_a_run_without_the_metric_comes_last(base: Path, recipe: Recipe) -> None:
    write(base, "20260102-000000-44444444", Written(done=0, status=None))
    assert listed(recipe, "--sort", "test_loss")[-1]["run"].endswith("-44444444")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sort", "test_acuracy"), "did you mean 'test_accuracy'?"),
        (("--sort", "\x1b[2J"), r"\x1b[2J"),
        (("--status", "finishd"), "did you mean 'finished'?"),
        (("nowhere",), "there is no folder nowhere"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_what_cannot_be_listed_is_refused(base: Path, recipe: Recipe, arguments: tuple[str, ...], says: str) -> None:
    done = recipe("runs", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "\x1b" not in done.stderr


def test_a_run_without_an_end_was_killed_unless_a_process_writes_to_it(base: Path, recipe: Recipe) -> None:
    folder = write(base, "20260102-000000-44444444", Written(done=2, status=None))
    (killed,) = listed(recipe, "--limit", "1")
    assert (killed["status"], killed["steps"], killed["planned_steps"]) == ("killed", 20, 40)
    assert killed["metrics"]["loss"] == pytest.approx(0.1)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert listed(recipe, "--status", "running")[0]["run"] == killed["run"]
    assert listed(recipe, "--status", "running") == []


def test_a_run_that_ends_while_it_is_looked_at_was_not_killed(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record has no end, then its process writes one and is gone before the lock is looked at."""
    ended = write(base, "20260102-000000-44444444", Written(done=2)) / "events.jsonl"
    whole = ended.read_text()

    def gone(run: str) -> bool:
        ended.write_text(whole)
        return False

    for name in ("run_list", "recorded_run"):
        monkeypatch.setattr(f"runner.lookback.{name}.is_written", gone)
    torn = "".join(whole.splitlines(keepends=True)[:-1])
    ended.write_text(torn)
    assert {run.status for run in listing(base)} == {"finished"}
    ended.write_text(torn)
    assert read_past(ended.parent).status == "finished"


def test_a_torn_last_line_and_lines_of_later_versions_are_passed_over(base: Path, recipe: Recipe) -> None:
    folder = write(base, "20260102-000000-44444444", Written(done=2, status=None))
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"event":"of_a_later_version","time":1}\n{"event":"run_ended","ti')
    assert listed(recipe, "--limit", "1")[0]["status"] == "killed"


def test_a_run_that_has_just_begun_is_listed(base: Path, recipe: Recipe) -> None:
    folder = base / "fresh/20260103-000000-55555555"
    folder.mkdir(parents=True)
    assert listed(recipe, "--limit", "1")[0]["name"] == "fresh"
    (folder / "events.jsonl").write_text('{"event":"run_st')
    assert listed(recipe, "--limit", "1")[0]["status"] == "killed"


def test_a_beginning_is_found_after_the_start_of_tensorflow_however_long_and_however_spaced(base: Path) -> None:
    stages = [{"event": "stage", "time": 1.0, "name": name, "state": "begun"} for name in ("TensorFlow", "data")]
    path = write(base, "20260301-000000-aaaaaaaa") / "events.jsonl"
    written = [json.loads(line) for line in path.read_text().splitlines()]
    for phases, separators in itertools.product((3, 400), ((",", ":"), (", ", ": "))):
        written[0]["phases"] = [{"name": f"phase {k}", "start": k, "stop": k + 1} for k in range(phases)]
        path.write_text("".join(json.dumps(each, separators=separators) + "\n" for each in (*stages, *written)))
        entry = read_entry(str(path))[0]
        assert (entry.recipe, entry.device, entry.status) == ("digits_phases", "CPU", "finished")


def test_a_long_record_is_read_at_its_two_ends(base: Path) -> None:
    folder = write(base, "20260104-000000-66666666")
    path = folder / "events.jsonl"
    head, *steps, end = path.read_text().splitlines(keepends=True)
    line = next(text for text in steps if '"steps"' in text)
    path.write_text(head + steps[0] + line * 4000 + "not an event, and nobody looks\n" + line * 4000 + end)
    assert listing(base)[0].status == "finished"
    # of one that was killed, steps are skipped until an epoch's end is found
    path.write_text(head + "".join(steps[:5]) + line * 200)
    assert (listing(base)[0].status, listing(base)[0].entry.steps) == ("killed", 20)


BROKEN = [
    ("not JSON", ":1: not an event"),
    ("[]", ":1: not an event: an event is a JSON object, got a list"),
    ('{"event":"warned","time":1,"message":""}', "a record begins with 'run_started', got 'warned'"),
    ("[" * 100_000, ":1: not an event"),
    ('{"event":"run_started","time":"soon"}', ":1: not an event: recipe: must be text"),
    ("\x00\xff", ":1: not an event"),
]


@pytest.mark.parametrize(("line", "says"), BROKEN, ids=range(len(BROKEN)))
def test_a_damaged_record_is_listed_and_named_and_makes_the_exit_code_2(
    base: Path, recipe: Recipe, line: str, says: str
) -> None:
    path = base / "digits_phases/20260101-010000-22222222/events.jsonl"
    path.write_text(f"{line}\n")
    done = recipe("runs", columns=200)
    assert done.exit_code == 2
    assert len(done.stdout.splitlines()) == 4
    assert "unreadable" in done.stdout
    assert (
        f"{path.relative_to(base.parent)}{says if says.startswith(':') else ':1: not an event: ' + says}" in done.stderr
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", '"splendid"'), ("steps", "-1"), ("steps", "true"), ("metrics", "[1]"), ("metrics", '{"loss":"low"}'),
        ("seconds_total", "null"), ("best", "7"), ("steps", "1e400"), ("steps", "9" * 400),
    ],
)  # fmt: skip
def test_the_line_of_a_bad_end_is_named(base: Path, recipe: Recipe, field: str, value: str) -> None:
    path = base / "digits_phases/20260101-010000-22222222/events.jsonl"
    *lines, end = path.read_text().splitlines()
    values = json.loads(end)
    text = json.dumps({**values, field: "@"}).replace('"@"', value)
    path.write_text("\n".join([*lines, text]) + "\n")
    done = recipe("runs")
    assert done.exit_code == 2
    assert f"events.jsonl:{len(lines) + 1}: not an event: {field}" in done.stderr


def test_what_a_record_says_cannot_act_on_the_terminal(base: Path, recipe: Recipe) -> None:
    folder = base / "evil/20260105-000000-77777777"
    folder.mkdir(parents=True)
    text = (base / "digits_phases/20260101-010000-22222222/events.jsonl").read_text()
    evil = text.replace('"digits_phases"', '"\\u001b[2J\\u202e"').replace('"CPU"', '"\\u009b31m"')
    evil = evil.replace('"test_loss"', '"\\ud800\\n"')
    (folder / "events.jsonl").write_text(evil)
    done = recipe("runs", columns=200)
    assert done.exit_code == 0, done.output
    assert not set(done.stdout) & set("\x1b\x9b\u202e\ud800")
    assert len(done.stdout.splitlines()) == 5
    assert recipe("runs", "--json").stdout.isascii()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """As many runs as are worth an index."""
    base = tmp_path / "runs"
    first = write(base, "20260101-000000-00000000")
    record = (first / "events.jsonl").read_bytes()
    for number in range(1, WORTHWHILE):
        folder = base / f"r{number % 7}/20260101-{number // 60:02}{number % 60:02}00-{number:08x}"
        folder.mkdir(parents=True)
        (folder / "events.jsonl").write_bytes(record)
    return base


def test_an_index_is_only_a_cache(many: Path) -> None:
    expected = listing(many)
    assert len(expected) == WORTHWHILE
    index = many / NAME
    assert index.is_file()
    written = index.stat().st_mtime_ns
    assert listing(many) == expected
    assert index.stat().st_mtime_ns == written
    for damaged in (b"", b"{", b"[]", b'{"version":1}', b'{"version":1,"runs":{"a":1}}', b"\xff", b"[" * 100_000):
        index.write_bytes(damaged)
        assert listing(many) == expected
    index.unlink()
    index.mkdir()  # cannot be replaced by a file
    assert listing(many) == expected


def test_an_index_of_another_person_makes_nothing_of_another_type(many: Path) -> None:
    expected = listing(many)
    values = json.loads((many / NAME).read_bytes())
    names = list(values["runs"])
    values["runs"][names[0]][2][0] = 7
    values["runs"][names[1]][2][-2] = {"loss": "low"}
    values["runs"][names[2]][2].append(1)
    (many / NAME).write_text(json.dumps(values))
    assert listing(many) == expected


def test_a_run_that_has_changed_is_read_again(many: Path) -> None:
    before = listing(many)[0]
    path = Path(before.path) / "events.jsonl"
    path.write_text(path.read_text().replace('"finished"', '"diverged"'))
    os.utime(path, ns=(1, 1))
    assert listing(many)[0].status == "diverged"
    assert listing(many)[0].name == before.name


def test_listing_again_is_fast_enough_for_ten_thousand_runs(tmp_path: Path) -> None:
    base = tmp_path / "runs"
    record = (write(base) / "events.jsonl").read_bytes()
    for number in range(2_000):
        folder = base / f"r{number % 7}/20260101-{number // 60 % 24:02}{number % 60:02}00-{number:08x}"
        folder.mkdir(parents=True)
        (folder / "events.jsonl").write_bytes(record)
    listing(base)
    started = time.process_time()
    runs = listing(base)
    lines = list(table(runs, 120))
    assert len(lines) == 2_002
    # the time of this process alone, and twice what ten thousand in a second allow: the machine may be busy
    assert time.process_time() - started < 2 * len(lines) / 10_000


def test_nothing_heavy_is_imported(base: Path) -> None:
    code = (
        "import sys; from runner.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "runs"], cwd=base.parent, env=environment(), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    loaded = set(done.stderr.split())
    assert "runner.lookback.run_list" in loaded
    heavy = {"tensorflow", "keras", "numpy", "rich.console", "schemas.recipe", "matplotlib", "jinja2", "runner.events"}
    assert not loaded & heavy
