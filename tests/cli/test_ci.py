"""What systems for continuous integration are told: JUnit XML and annotations of GitHub Actions."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from runner.cli import app
from runner.sinks.junit import junit
from tests.cli.program import recipe
from tests.cli.test_run import SMALL

EXPECT = 'expect: {test_accuracy: ">= 0.5", val_loss: "<= 0.0001"}'


def test_a_missed_expectation_is_a_failure_and_an_annotation_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL.replace('expect: {test_accuracy: ">= 0.5"}', EXPECT))
    options = ["--junit", "out.xml", "--json", "--progress", "none", "--set", "tracking=[tensorboard]"]
    done = recipe("run", "small.yaml", *options, cwd=tmp_path, GITHUB_ACTIONS="true")
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("::")]
    value = result["metrics"]["val_loss"]
    assert line.startswith("::error file=small.yaml,line=13,col=45,endColumn=")
    assert line.endswith(f",title=expectation missed::expected val_loss <= 0.0001, got {value}")
    (suite,) = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "small", "tests": "3", "failures": "1", "errors": "0", "skipped": "0"
    }  # fmt: skip
    cases = {case.get("name"): [part.attrib for part in case] for case in suite.iter("testcase")}
    assert cases == {
        "training": [],
        "test_accuracy >= 0.5": [],
        "val_loss <= 0.0001": [{"message": f"got {value}", "type": "expectation_missed"}],
    }
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties["run_dir"] == result["run_dir"]
    assert float(properties["val_loss"] or "nan") == value
    (events,) = (tmp_path / result["run_dir"] / "tensorboard").iterdir()
    assert events.read_bytes().count(b"step/learning_rate") == result["steps"]
    assert b"final/val_loss" in events.read_bytes()


def test_runs_that_failed_and_bounds_that_were_not_tested_are_told_apart() -> None:
    bound = {"metric": "loss", "bound": "< 1", "value": None, "met": None}
    failed = {"status": "diverged", "message": "loss is \x1b[1m <nan>", "expectations": [bound]}
    root = ElementTree.fromstring(junit([("a", failed), ("b", {"status": "finished", "expectations": []})]))
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3", "failures": "0", "errors": "1", "skipped": "1"
    }  # fmt: skip
    (error,) = root.iter("error")
    assert error.get("message") == r"diverged: loss is \x1b[1m <nan>"


def test_a_file_that_cannot_be_is_refused_before_anything_trains(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["run", "digits_linear", "--junit", str(tmp_path / "none" / "out.xml")])
    assert done.exit_code == 2
    assert "--junit: must name a file in an existing folder" in done.stderr


def test_findings_are_annotated_in_github_actions_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.replace("units: 16", "units: no"))
    plain = CliRunner().invoke(app, ["validate", str(path)])
    assert "::error" not in plain.output
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = CliRunner().invoke(app, ["validate", str(path)])
    assert found.stdout == plain.stdout
    assert found.exit_code == plain.exit_code == 2
    assert f"::error file={path},line=9,col=28," in found.stderr
    annotated = CliRunner().invoke(app, ["validate", str(path), "--output-format", "github"])
    assert annotated.stdout.strip() in found.stderr
    assert "::" not in annotated.stderr
