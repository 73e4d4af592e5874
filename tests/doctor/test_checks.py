"""Packages, processor, disk and data on machines that are made of files and words."""

import platform
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from runner.doctor import machine, tensorflow
from runner.doctor.datasets import data, prepared
from runner.doctor.finding import Finding, worst
from runner.doctor.packages import packages, python
from runner.hardware.gpu import System, installed_version


def test_this_installation_is_as_supported() -> None:
    assert python().state == "ok"
    (found,) = packages()
    assert found.state == "ok"
    assert "tensorflow 2." in found.text


def test_a_package_of_another_version_and_a_missing_one_are_errors_with_the_command() -> None:
    changed = {"keras": "3.1.0", "mlxtend": None}
    good, *bad = packages(lambda name: changed.get(name, installed_version(name)))
    assert "keras" not in good.text
    assert [finding.state for finding in bad] == ["error", "error"]
    assert "keras 3.1.0: recipe supports <3.16,>=3.15" in bad[0].text
    assert bad[0].help[0] == "pip install 'keras<3.16,>=3.15'"
    assert "mlxtend not installed" in bad[1].text


def cpuinfo(root: Path, flags: str) -> System:
    (root / "proc").mkdir()
    (root / "proc/cpuinfo").write_text(f"model name\t: Some CPU\nflags\t\t: {flags}\n\nprocessor : 1\n")
    return System(root, {"TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "3"})


def test_the_processors_features_and_what_changes_results_are_told(tmp_path: Path) -> None:
    cpu, _, onednn = machine.cpu(cpuinfo(tmp_path, "fpu avx avx2 fma"))
    assert cpu.text.startswith("Some CPU, ")
    assert cpu.text.endswith(" avx avx2 fma")
    assert "TF_ENABLE_ONEDNN_OPTS=0" in onednn.text
    assert "OMP_NUM_THREADS=3" in onednn.text


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX is Intel's and AMD's")
def test_a_processor_without_avx_is_an_error(tmp_path: Path) -> None:
    cpu, *_ = machine.cpu(cpuinfo(tmp_path, "fpu sse4_2"))
    assert (cpu.state, cpu.text) == ("error", "Some CPU has no AVX")


def test_little_room_is_a_warning_and_runs_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = tmp_path / "runs/small/20260102-030405-0a1b2c3d"
    run.mkdir(parents=True)
    (run / "model.keras").write_bytes(b"0" * 2048)
    found = machine.disk(tmp_path / "runs")
    assert "1 existing run uses 2.0 KiB" in found.text
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage(10, 9, 1000))
    assert machine.disk(tmp_path / "none").state == "warning"


def test_prepared_datasets_are_listed_with_their_newest_version(tmp_path: Path) -> None:
    for version in ("3.0.1", "3.0.10", "1.0.0"):
        (tmp_path / "mnist" / version).mkdir(parents=True)
        (tmp_path / "mnist" / version / "dataset_info.json").touch()
    assert prepared(tmp_path) == {"mnist": "3.0.10"}
    there, hub = data(tmp_path, offline=True)
    assert "mnist 3.0.10" in there.text
    assert "not contacted" in hub.text


@pytest.mark.parametrize(
    ("code", "seconds", "said"),
    [
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
            240,
            "instructions that this processor does not support",
        ),
        ("raise ImportError('libfoo.so: cannot open')", 240, "does not start (exit code 1): ImportError: libfoo.so"),
        ("import time; time.sleep(3600)", 1, "did not start within 1 seconds"),
    ],
)
def test_a_tensorflow_that_does_not_start_is_an_error_with_its_own_words(
    monkeypatch: pytest.MonkeyPatch, code: str, seconds: int, said: str
) -> None:
    real = subprocess.run

    def child(command: list[str], **options: object) -> object:
        return real([sys.executable, "-c", code], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(tensorflow.subprocess, "run", child)
    monkeypatch.setattr(tensorflow, "SECONDS", seconds)
    (found,) = tensorflow.tensorflow()
    assert found.state == "error"
    assert said in found.text


def test_one_error_outweighs_all() -> None:
    states = [Finding("a", ""), Finding("b", "", "warning"), Finding("c", "", "error")]
    assert [worst(states[:k]) for k in (1, 2, 3)] == ["ok", "warning", "error"]
