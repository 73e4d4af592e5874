"""A recipe of version 0 trains what its upgraded form trains."""

import json
from pathlib import Path

from tests.cli.program import recipe
from tests.source.test_migrate import NEW, OLD


def test_both_forms_train_to_the_same_fingerprint_and_figures(tmp_path: Path) -> None:
    for name, text in (("old", OLD), ("new", NEW)):
        gentle = text.replace("1: 0.1", "1: 0.001").replace("max_lr: 0.1", "max_lr: 0.001").replace("1/50", "1/5000")
        (tmp_path / f"{name}.yaml").write_text(gentle.replace("epochs: 10", "epochs: 2"))
    done = recipe("run", "old.yaml", "new.yaml", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    old, new = json.loads(done.stdout)["runs"]
    assert old["fingerprint"] == new["fingerprint"]
    assert old["metrics"] == new["metrics"]
    assert "R023" in done.stderr


def test_fmt_upgrades_the_file(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(OLD)
    assert recipe("fmt", "--upgrade", "--check", "old.yaml", cwd=tmp_path).returncode == 1
    assert path.read_text() == OLD
    done = recipe("fmt", "--upgrade", "old.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "formatted old.yaml\n")
    assert "old.yaml:12:43: 'eta1' in version 0 of the language is 'max_lr' in version 1" in done.stderr
    assert path.read_text() == NEW
