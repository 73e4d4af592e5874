"""What ``recipe run`` knows of a run before it trains."""

import json
from dataclasses import replace
from pathlib import Path

from runner.cli.run_jobs import Group, Wanted, read_recipe
from runner.cli.training import TerminalOptions
from tests.cli.program import GALLERY
from tests.lookback.written import Written, write

WANTED = Wanted(
    sets=(), run_dir=None, data_dir=None, no_fallback=False, force=False, root=None, resume=True, expect_sha256=None,
    allow_code=False,
)  # fmt: skip
TERMINAL = TerminalOptions("none", True, "never", False, None)


def test_a_run_that_goes_on_divides_a_batch_as_its_lock_says(tmp_path: Path) -> None:
    file = GALLERY / "digits_phases.yaml"
    group = Group(file, read_recipe(file, WANTED, TERMINAL, quiet=True), replace(WANTED, run_dir=tmp_path), TERMINAL)
    plan = group.jobs()[0].plan
    assert plan.parts is None
    killed = write(tmp_path, run=Written(fingerprint=plan.fingerprint, status=None))
    lock = json.loads((killed / "lock.json").read_text())
    (killed / "lock.json").write_text(json.dumps({**lock, "computation": {"parts": 3}}))
    assert replace(group, wanted=replace(WANTED, run_dir=killed)).jobs()[0].plan.parts == 3
