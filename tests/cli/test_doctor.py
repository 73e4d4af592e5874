"""``recipe doctor`` on this machine."""

import json
from pathlib import Path

from tests.cli.program import recipe

TOPICS = ["python", "packages", "cpu", "memory", "onednn", "tensorflow", "gpu", "data", "hub", "disk", "terminal"]


def test_every_topic_is_told_and_a_missing_hub_breaks_nothing(tmp_path: Path) -> None:
    done = recipe("doctor", cwd=tmp_path, CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines() if line[:1].strip()][: len(TOPICS)] == TOPICS
    assert "it computes correctly" in done.stdout
    assert "GPUs are hidden by CUDA_VISIBLE_DEVICES=''" in done.stdout
    assert "hub         warning: unreachable" in done.stdout
    assert "no-such-directory: no prepared datasets" in done.stdout
    assert "TFDS_DATA_DIR or --data-dir" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_broken_installation_exits_1_and_json_has_every_fact(tmp_path: Path) -> None:
    done = recipe("doctor", "--offline", "--json", cwd=tmp_path, KERAS_BACKEND="theano")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["status"] == "error"
    checks = {check["topic"]: check for check in reversed(report["checks"])}
    assert list(reversed(checks)) == [topic for topic in TOPICS if topic != "gpu"]
    assert checks["tensorflow"]["state"] == "error"
    assert "does not start (exit code 1): ValueError: Unable to import backend : theano" in checks["tensorflow"]["text"]
    assert checks["cpu"]["facts"]["threads"] >= 1
