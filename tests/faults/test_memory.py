"""A run that is estimated to need more memory than there is."""

from pathlib import Path

from tests.faults.program import run


def test_it_is_refused_at_its_line_before_anything_is_written_and_force_tries_it(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = run(folder, fault="little-memory")
    assert done.returncode == 2, done.stderr
    assert "error[R205]" in done.stderr
    assert "small.yaml:" in done.stderr
    assert "of memory, this machine has 40.0 KiB" in done.stderr
    assert "`recipe run --force` tries it all the same" in done.stderr
    assert not folder.exists()
    done = run(folder, "--force", "--set", "training.epochs=1", fault="little-memory")
    assert done.returncode == 0, done.stderr
