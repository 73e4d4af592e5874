"""``show``, ``compare``, ``diff``, ``replay``: of runs that went well, of others, and of those that strangers sent."""

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runner.disk.atomic import write_atomic
from runner.lookback.cells import NONE
from runner.lookback.compare_view import comparison_mapping, results
from runner.lookback.recorded_run import read_past
from runner.lookback.replay import replay
from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, events, write
from tests.plots.tracks import Svg

VERBS = {
    "show": ("show", "latest"),
    "show as JSON": ("show", "latest", "--json"),
    "compare": ("compare", "latest", "latest~1"),
    "diff": ("diff", "latest", "latest~1"),
    "diff with a recipe": ("diff", "digits_constant", "latest"),
    "replay": ("replay", "latest"),
    "watch": ("watch", "latest"),
    "report": ("report", "latest", "--output", "out.html"),
}


def mapping(done: Any) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)
    assert isinstance(values, dict)
    return values


@pytest.mark.parametrize(
    ("handle", "run"),
    [
        ("latest", "33333333"),
        ("latest~1", "22222222"),
        ("digits_phases/latest~1", "abcdef01"),
        ("222", "22222222"),
        ("20260101-00", "abcdef01"),
        ("runs/digits_phases/20260101-000000-abcdef01", "abcdef01"),
        ("digits_warmup_cosine/20", "33333333"),
    ],
)
def test_a_run_is_named_by_any_handle(base: Path, recipe: Recipe, handle: str, run: str) -> None:
    assert mapping(recipe("show", handle, "--json"))["fingerprint"].startswith(run)


def test_a_name_of_the_gallery_is_its_recipe_and_a_name_of_runs_alone_is_the_newest(base: Path, recipe: Recipe) -> None:
    assert recipe("show", "digits_phases").stdout.startswith("# yaml-language-server")
    (base / "digits_phases").rename(base / "mine")
    assert mapping(recipe("show", "mine", "--json"))["run"] == "mine/20260101-010000-22222222"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "nothing"), "no run 'nothing' under runs; existing runs:\n  digits_warmup_cosine/2026"),
        (("show", "nothing"), "`recipe ls` lists the recipes of the gallery"),
        (("show", "digits_phasse"), "did you mean the recipe 'digits_phases'?"),
        (("diff", "latest", "digits_phasse"), "did you mean the recipe 'digits_phases'?"),
        (("show", "latest~9"), "there are 3 runs, and 'latest~2' is the oldest"),
        (
            ("show", "latest", "--resolved"),
            "error[R001]: the recipe cannot be read: no such file or directory\n"
            " --> runs/digits_warmup_cosine/20260101-020000-33333333/resolved.yaml:1:1",
        ),
        (("show", "latest", "--set", "seed=1"), "--set applies to recipes, not to runs"),
        (("show", "digits_phases", "--json"), "--json is for runs"),
        (("show", "nothing.yaml"), "no such file"),
        (("compare", "latest"), "a comparison takes two runs or more, got 1"),
        (("compare", "latest", "latest~1", "--plot", "x.pdf"), "a picture is a .svg or a .png file, got 'x.pdf'"),
        (("diff", "latest", "nothing"), "no run 'nothing'"),
        (("replay", "latest", "--speed", "0"), "above 0, got 0"),
        (("replay", "latest", "--speed", "nan"), "above 0, got nan"),
        (("report", "latest", "latest~1"), "--output comparison.html"),
        (("report", "latest", "--output", "no/such/folder/x.html"), "the report cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused(base: Path, recipe: Recipe, arguments: tuple[str, ...], says: str) -> None:
    done = recipe(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def test_show_says_what_a_run_did(base: Path, recipe: Recipe) -> None:
    values = mapping(recipe("show", "latest~2", "--json"))
    assert (values["status"], values["steps"], values["epochs"]) == ("finished", 40, 4)
    assert values["phases"][0] == {
        "name": "warm up", "start": 0, "stop": 4, "rate": [0.005, 0.07625], "momentum": [0.95, 0.875],
    }  # fmt: skip
    assert values["expectations"][0]["met"] is True
    assert values["seconds"] == {"total": 9.5, "training": 4.25}
    assert values["files"] == ["recipe.yaml", "lock.json", "events.jsonl"]


def test_show_and_report_say_which_weights_a_run_began_with(base: Path, recipe: Recipe) -> None:
    assert not {"weights", "published"} & mapping(recipe("show", "latest", "--json")).keys()
    lock = next(base.glob("*/*-33333333/lock.json"))
    source = {"run": "base/20260101-000000-abcdef01", "which": "best", "sha256": "ab" * 32}
    file = {"layer": "stem", "weights": "imagenet", "file": "mobilenet.h5", "sha256": "cd" * 32}
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "weights": source, "published": [file]}))
    values = mapping(recipe("show", "latest", "--json"))
    assert (values["weights"], values["published"]) == (source, [file])
    assert recipe("report", "latest", "--output", "out.html").exit_code == 0
    for text in (recipe("show", "latest", columns=120).stdout, Path("out.html").read_text()):
        assert re.search(r"weights\b.*?from base/20260101-000000-abcdef01, best model \(SHA-256 (ab){6}…\)", text, re.S)
        assert re.search(r"weights of stem\b.*?imagenet, mobilenet.h5 \(SHA-256 cdcdcdcdcdcd…\)", text, re.S)
    lock.write_text(json.dumps({**json.loads(lock.read_text()), "weights": {"run": "a"}}))
    assert "weights" in recipe("show", "latest").stderr


def test_what_went_wrong_is_said(base: Path, recipe: Recipe) -> None:
    write(base, "20260201-000000-aaaaaaaa", Written(status="expectation_missed", warnings=("mind the gap",)))
    text = recipe("show", "aaaa").stdout
    assert "finished, but missed an expectation" in text
    assert "warning: mind the gap" in text
    assert "expected test_accuracy >= 0.9: missed, 0.9775" in text
    write(base, "20260202-000000-bbbbbbbb", Written(done=1, status=None))
    assert "killed" in recipe("show", "bbbb").stdout
    assert "10 of 40" in recipe("show", "bbbb").stdout


def test_a_run_that_was_resumed_is_shown_without_what_it_forgot(base: Path) -> None:
    folder = write(base, "20260201-000000-aaaaaaaa", Written(done=3, status=None))
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines()
    again = [json.loads(line) for line in lines]
    later = [
        {**again[0], "resumed_at": 20},
        *(e for e in again[1:] if e.get("first_step", e.get("step", 0)) >= 20 and e.get("step") != 20),
    ]
    for event in later:
        if event["event"] == "steps":
            event["first_step"], event["loss"] = 20, [7.0] * 10
    path.write_text("\n".join([*lines, *map(json.dumps, later)]) + "\n")
    past = read_past(folder)
    assert list(past.curves.steps) == list(range(30))
    assert past.curves.loss[20] == 7.0
    assert past.curves.loss[19] != 7.0
    assert [epoch.step for epoch in past.epochs] == [10, 20, 30]
    assert past.sessions == 2


def test_a_comparison_names_what_differs_and_the_best(base: Path, recipe: Recipe) -> None:
    values = mapping(recipe("compare", "latest~2", "latest~1", "--json"))
    fields = {row["field"]: row for row in values["differs"]}
    assert fields["seed"]["values"] == [42, 7]
    assert fields["optimizer.nesterov"]["values"] == [True, False]
    assert fields["test_loss"]["best"] == fields["test_accuracy"]["best"] == 1
    assert "schedule.kind" not in fields
    assert [run["fingerprint"][:8] for run in values["runs"]] == ["abcdef01", "22222222"]


def test_a_difference_names_how_many_parts_a_batch_was_computed_in(base: Path, recipe: Recipe) -> None:
    runs = (base / "digits_phases/20260101-000000-abcdef01", base / "digits_phases/20260101-010000-22222222")
    for parts, run in enumerate(runs, 1):
        lock = json.loads((run / "lock.json").read_text())
        computed = {"parts": parts, "batch_normalization": "fused"}
        (run / "lock.json").write_text(json.dumps({**lock, "computation": computed}))
    found = mapping(recipe("diff", *runs, "--format", "json"))["differences"]
    assert [(row["field"], row["a"], row["b"]) for row in found if row["part"] == "machine"] == [
        ("computation.parts", "1", "2")
    ]


def test_a_figure_that_one_run_lacks_is_no_best(base: Path) -> None:
    whole = read_past(base / "digits_phases/20260101-000000-abcdef01")
    lacking = read_past(whole.path)
    assert whole.ended is not None
    few = {name: value for name, value in whole.ended.metrics.items() if name != "test_loss"}
    lacking.ended = replace(whole.ended, metrics=few)
    row = dict(results([whole, lacking]))["test_loss"]
    assert row[1] == NONE
    assert "*" not in row[0]


def test_equal_runs_have_no_difference(base: Path, recipe: Recipe) -> None:
    run = base / "digits_phases/20260101-000000-abcdef01"
    assert "recipe, data, versions and machine are the same" in recipe("compare", run, run).stdout
    assert "no difference" in recipe("diff", run, run).stdout
    assert mapping(recipe("diff", run, run, "--format", "json"))["differences"] == []


@pytest.mark.parametrize(
    ("runs", "label"), [(("latest~2", "latest~1"), "step"), (("latest", "latest~1"), "share of the run")]
)
def test_a_comparison_is_a_picture(base: Path, recipe: Recipe, runs: tuple[str, ...], label: str) -> None:
    assert recipe("compare", *runs, "--plot", "both.svg").exit_code == 0
    picture = Path("both.svg").read_bytes()
    svg = Svg(picture)
    assert {"learning-rate-1", "learning-rate-2", "momentum-1", "momentum-2"} <= set(svg.curves)
    assert all(f'id="loss-{k}"'.encode() in picture for k in (1, 2))
    assert label in svg.texts
    assert any(text.startswith("B digits_phases/") for text in svg.texts)
    assert recipe("compare", *runs, "--plot", "both.png").exit_code == 0
    assert Path("both.png").read_bytes().startswith(b"\x89PNG")


def test_a_difference_has_recipe_data_versions_device_and_result(base: Path, recipe: Recipe) -> None:
    folder = write(base, "20260201-000000-aaaaaaaa", Written(level=2, packages=(("keras", "3.14.0"),)))
    lock = json.loads((folder / "lock.json").read_text())
    lock["data_sha256"]["train"], lock["host"]["cores"] = "9" * 64, 64
    write_atomic(folder / "lock.json", json.dumps(lock))
    (folder / "events.jsonl").write_text((folder / "events.jsonl").read_text().replace('"CPU"', '"GPU"'))
    done = recipe("diff", "latest~3", "aaaa", "--format", "json")
    rows = {(row["part"], row["field"]): (row["a"], row["b"]) for row in mapping(done)["differences"]}
    assert rows[("versions", "keras")] == ("3.15.1", "3.14.0")
    assert rows[("versions", "tensorflow")] == ("2.21.0", "(absent)")
    assert rows[("data", "sha256.train")] == ("1" * 12, "9" * 12)
    assert rows[("machine", "device")] == ("CPU", "GPU")
    assert rows[("machine", "cores")] == ("2", "64")
    assert rows[("result", "loss")] == (0.05, 0.1)
    assert not any(part == "recipe" for part, _ in rows)


def test_a_recipe_and_a_run_differ_in_fields_alone(base: Path, recipe: Recipe) -> None:
    values = mapping(recipe("diff", "digits_phases", "22222222", "--format", "json"))
    assert values["a"] == {"name": "digits_phases", "kind": "recipe"}
    assert values["b"] == {"name": "digits_phases/20260101-010000-22222222", "kind": "run"}
    assert [(row["part"], row["field"]) for row in values["differences"]] == [
        ("recipe", "seed"),
        ("recipe", "optimizer.nesterov"),
    ]


def test_a_difference_in_markdown_is_a_table_that_no_value_breaks(base: Path, recipe: Recipe) -> None:
    Path("a|b.yaml").write_text("extends: base.yaml\ndescription: 'a | b <script> *x*'\n")
    Path("base.yaml").write_text(recipe("show", "digits_phases").stdout)
    lines = recipe("diff", "a|b.yaml", "digits_phases", "--format", "md").stdout.splitlines()
    assert lines[0] == r"- A: a\|b.yaml"
    assert lines[3:5] == ["| part | field | A | B |", "|---|---|---|---|"]
    assert r"a \| b \<script\> \*x\*" in lines[5]


def test_a_replay_shows_what_the_run_showed(base: Path, recipe: Recipe) -> None:
    from runner.sinks.plain_lines import PlainSink

    shown = io.StringIO()
    sink = PlainSink(shown)
    for event in events(Written(), "runs/digits_phases/20260101-000000-abcdef01"):
        sink(event)
    done = recipe("replay", "latest~2")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", shown.getvalue())


def test_a_replay_waits_only_when_it_is_asked_to(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run took ten seconds."""
    path = base / "digits_phases/20260101-000000-abcdef01/events.jsonl"
    pauses: list[float] = []
    monkeypatch.setattr("runner.lookback.replay.time", SimpleNamespace(sleep=pauses.append))
    replay(path, lambda event: None, None)
    assert pauses == []
    replay(path, lambda event: None, 50.0)
    assert sum(pauses) == pytest.approx(0.2, abs=0.01)


LINES = [
    ("stage", {"message": 7}),
    ("steps", {"learning_rate": ["x"]}),
    ("steps", {"learning_rate": [0.1], "loss": [1.0, 2.0]}),
    ("steps", {"first_step": -1}),
    ("steps", {"first_step": 10**30}),
    ("epoch_ended", {"metrics": {"loss": "low"}}),
    ("epoch_ended", {"metrics": 7}),
    ("epoch_ended", {"epoch": None}),
    ("run_started", {"phases": [{"name": "x"}]}),
    ("run_started", {"phases": 7}),
    ("run_started", {"steps": "many"}),
    ("run_ended", {"status": "splendid"}),
    ("run_ended", {"best": {"epoch": "last"}}),
    ("run_ended", {"best": {"epoch": float("nan"), "loss": 1.0}}),
    ("run_ended", {"best": {"epoch": 1.5}}),
    ("run_ended", {"seconds_total": []}),
    ("warned", {"message": {"a": 1}}),
    ("plateau_cut", {"scale": "half"}),
]


@pytest.mark.parametrize(
    ("verb", "name", "fields"),
    [*(("show", *line) for line in LINES), *((verb, *LINES[k]) for k, verb in enumerate(VERBS))],
)
def test_a_field_of_another_type_is_named_by_file_and_line(
    base: Path, recipe: Recipe, verb: str, name: str, fields: dict[str, Any]
) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/events.jsonl"
    lines = path.read_text().splitlines()
    found = next((json.loads(line) for line in lines if f'"event":"{name}"' in line), {"event": name, "time": 1})
    path.write_text("\n".join([lines[0], json.dumps({**found, **fields}), *lines[1:]]) + "\n")
    done = recipe(*VERBS[verb])
    assert done.exit_code == 2
    assert f"{path.relative_to(base.parent)}:2: not an event: " in done.stderr
    assert not Path("out.html").exists()


LOCKS = [
    "", "{", "[]", "7", "\x00", "[" * 100_000, '{"recipe":7}', '{"recipe":{},"data":[]}',
    '{"recipe":{},"data":"x","packages":{"a":[]}}', '{"recipe":{},"data":"x","examples":{"train":"many"}}',
    '{"recipe":{},"data":"x","host":7}',
]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "text"),
    [*(("show", text) for text in LOCKS), *((verb, "[]") for verb in VERBS if verb not in ("replay", "watch"))],
)
def test_a_damaged_lock_is_named(base: Path, recipe: Recipe, verb: str, text: str) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/lock.json"
    path.write_text(text)
    done = recipe(*VERBS[verb])
    assert done.exit_code == 2
    assert str(path.relative_to(base.parent)) in done.stderr


ODD = [
    {"steps": 0, "epochs": 0},
    {"phases": []},
    {"phases": [{"name": f"p{k}", "start": k, "stop": k + 1} for k in range(3000)]},
    {"recipe": "\x1b[2J\u202e" + "long " * 100},
    {"fingerprint": ""},
]
ENDS = [
    {"metrics": {}, "best": None},
    {"metrics": {"loss": float("nan"), "val_loss": float("inf")}, "best": {"epoch": 1, "val_loss": float("nan")}},
    {"metrics": {"\x1b[31m": 1e308, "a|b": -1e308, "<b>": 0.0}},
    {"message": "\x1b]0;title\x07 <script>alert(1)</script>\n\nerror: none"},
]


@pytest.mark.parametrize("verb", ["show", "compare", "replay", "watch", "report"])
@pytest.mark.parametrize(
    ("line", "fields"),
    [*((0, fields) for fields in ODD), *((-1, fields) for fields in ENDS)],
    ids=range(len(ODD) + len(ENDS)),
)
def test_odd_values_are_shown_and_act_on_nothing(
    base: Path, recipe: Recipe, verb: str, line: int, fields: dict[str, Any]
) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/events.jsonl"
    lines = path.read_text().splitlines()
    lines[line] = json.dumps({**json.loads(lines[line]), **fields})
    path.write_text("\n".join(lines) + "\n")
    done = recipe(*VERBS[verb])
    assert done.exit_code == 0, done.output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout + done.stderr)
    if verb == "report":
        assert "<script" not in Path("out.html").read_text()


IMPOSSIBLE: list[tuple[int, dict[str, Any], str]] = [
    (0, {"steps_per_epoch": 0}, "steps_per_epoch: input should be greater than or equal to 1, got 0"),
    (0, {"steps": 2**53, "steps_per_epoch": 2**53}, "steps: input should be less than or equal to 999999999999"),
    (0, {"steps": -5}, "steps: input should be greater than or equal to 0, got -5"),
    (0, {"phases": [{"name": "x" * 300, "start": 3, "stop": 2}]}, "must have at most 200 characters, got 300"),
    (0, {"time": 1e300}, "time: input should be less than or equal to 1000000000000, got 1e+300"),
    (0, {"time": float("nan")}, "time: input should be a finite number, got nan"),
    (0, {"resumed_at": 2**40}, "resumed_at: input should be less than or equal to 999999999999"),
    (-1, {"seconds_total": 1e18}, "seconds_total: input should be less than or equal to 1000000000000, got 1e+18"),
    (-1, {"steps": 2**50}, "steps: input should be less than or equal to 999999999999"),
]


@pytest.mark.parametrize("verb", ["show", "compare", "replay", "watch", "report"])
@pytest.mark.parametrize(("line", "fields", "says"), IMPOSSIBLE, ids=range(len(IMPOSSIBLE)))
def test_values_that_no_run_has_are_refused(
    base: Path, recipe: Recipe, verb: str, line: int, fields: dict[str, Any], says: str
) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/events.jsonl"
    lines = path.read_text().splitlines()
    lines[line] = json.dumps({**json.loads(lines[line]), **fields})
    path.write_text("\n".join(lines) + "\n")
    done = recipe(*VERBS[verb])
    assert done.exit_code == 2
    assert f"events.jsonl:{len(lines) if line else 1}: not an event: " in done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_losses_that_are_not_numbers_leave_a_gap(base: Path, recipe: Recipe, verb: str) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/events.jsonl"
    path.write_text(
        re.sub(r'"loss":\[[^]]*\]', '"loss":[NaN,Infinity,1.0,-Infinity,NaN,2,0.0,-1e308,1e308,NaN]', path.read_text())
    )
    assert recipe(*VERBS[verb]).exit_code == 0


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link(path: Path) -> None:
    secret = path.parents[3] / "secret"
    secret.write_text('{"secret": "s3cr3t"}\n')
    path.symlink_to(secret)


KINDS = {a_fifo: "a FIFO", a_folder: "a directory", a_link: "a symbolic link"}


@pytest.mark.parametrize("verb", ["show", "compare", "replay", "watch", "report", "runs"])
@pytest.mark.parametrize("name", ["events.jsonl", "lock.json", "recipe.yaml"])
@pytest.mark.parametrize("make", [a_fifo, a_folder, a_link])
def test_a_file_that_is_none_is_neither_waited_for_nor_followed(
    base: Path, recipe: Recipe, verb: str, name: str, make: Callable[[Path], None]
) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333" / name
    path.unlink()
    make(path)
    done = recipe(*({**VERBS, "runs": ("runs",)}[verb]))
    shown = path.relative_to(base.parent)
    if verb == "runs":  # which reads the record alone
        assert done.exit_code == (2 if name == "events.jsonl" else 0)
        assert (f"{shown}: is " in done.stderr) == (name == "events.jsonl")
    else:
        assert done.exit_code == 2
        assert f"{shown} is {KINDS[make]}: a run is a folder of plain files" in done.stderr
        assert "recipe ls" not in done.stderr
    assert "s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("text", ["", "{", '{"event":"run_started"'])
def test_a_record_without_a_beginning_is_refused(base: Path, recipe: Recipe, verb: str, text: str) -> None:
    path = base / "digits_warmup_cosine/20260101-020000-33333333/events.jsonl"
    path.write_text(text)
    done = recipe(*VERBS[verb])
    if verb not in ("replay", "watch"):  # which show as little as there is
        assert done.exit_code == 2
        assert "is empty: the run ended before its record began" in done.stderr
    path.unlink()
    done = recipe(*VERBS[verb])
    assert done.exit_code == 2
    assert "events.jsonl" in done.stderr or "no run" in done.stderr


OTHER = "9" * 64
MEASURED = {"loss", "val_loss", "test_accuracy"}


@pytest.mark.parametrize(
    ("fields", "papers", "marked"),
    [
        ({}, {}, MEASURED),
        ({}, {"data_sha256": dict.fromkeys(("train", "validation", "test"), OTHER)}, MEASURED),
        ({}, {"data": "builtin iris 1", "data_sha256": {"train": OTHER, "test": "3" * 64}}, {"test_accuracy"}),
        ({}, {"data": "builtin iris 1", "data_sha256": {}}, set()),
        ({"training.label_smoothing": 0.1}, {}, {"test_accuracy"}),
        ({"training.class_weight": "balanced"}, {}, {"val_loss", "test_accuracy"}),
        ({"data.target": "other"}, {"data_sha256": {}}, set()),
        ({"task": "regression"}, {}, set()),
    ],
)  # fmt: skip
def test_only_what_means_the_same_in_all_runs_has_a_best(
    base: Path, recipe: Recipe, fields: dict[str, Any], papers: dict[str, Any], marked: set[str]
) -> None:
    one, other = base / "digits_phases/20260101-000000-abcdef01", base / "digits_phases/20260101-010000-22222222"
    lock = json.loads((other / "lock.json").read_text()) | papers
    for path, value in fields.items():
        *parents, name = path.split(".")
        (lock["recipe"][parents[0]] if parents else lock["recipe"])[name] = value
    write_atomic(other / "lock.json", json.dumps(lock))
    pasts = [read_past(one), read_past(other)]
    found = {name for name, values in results(pasts) if any("*" in value for value in values)}
    assert found & MEASURED == marked
    best = {row["field"] for row in comparison_mapping(pasts)["differs"] if row["best"] is not None}
    assert best & MEASURED == marked
    remark, foreign = (
        "values measured on different data have no mark",
        bool({"data", "data.target"} & {*papers, *fields}),
    )
    assert (remark in recipe("compare", one, other).stdout) == foreign
    assert recipe("report", one, other, "--output", "both.html").exit_code == 0
    assert (remark in Path("both.html").read_text()) == foreign
