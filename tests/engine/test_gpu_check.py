"""The check of a GPU tells right from wrong; its parts are tried on the CPU."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.gpu_check import __main__ as check

ROOT = Path(__file__).parents[2]


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gpu-check", *arguments])
    return check.main()


def test_a_part_that_is_wrong_is_named_and_ends_the_check_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = {"xla": ("WRONG", "not done within 150 seconds"), "steps": ("ok", "5 µs a step")}
    monkeypatch.setattr(check, "part", lambda name, device, small: verdicts[name])
    assert asked(monkeypatch, "xla", "steps") == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[:2] == ["xla", "WRONG"]
    assert second.split()[:2] == ["steps", "ok"]
    assert asked(monkeypatch, "steps") == 0


def test_an_unknown_part_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(monkeypatch, "warp")
    assert ended.value.code == 2
    assert "unknown part warp; there are device, types" in capsys.readouterr().err


@pytest.mark.slow
def test_without_a_gpu_the_check_of_one_is_wrong_and_says_why() -> None:
    verdict, said = check.part("device", "gpu", small=True)
    if verdict == "ok":
        pytest.skip("there is a GPU")
    assert "hardware.device is 'gpu', but no GPU was found" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in check.NAMES if name != "speed"])
def test_every_part_is_right_on_a_cpu(name: str) -> None:
    """But for the speed, which is no matter of right and wrong."""
    command = [sys.executable, "-m", "tests.benchmarks.gpu_check.part", name, "cpu", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["ok"] or name == "streaming", found["said"]  # a busy machine computes at another speed the second time
