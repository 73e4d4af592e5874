"""Why no GPU is used, on machines that are made of files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from runner.doctor.tensorflow import gpu
from runner.hardware.gpu import INSTALL, System, cards, cuda_packages, driver, why_no_gpu

CLOSED = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  {}  Wed Oct 25 20:28:01 UTC 2023\n"
OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {}  Release Build  (root@b)\n"


def machine(
    root: Path,
    *,
    card: bool = True,
    version: str | None = "550.54.14",
    form: str = CLOSED,
    node: bool = True,
    libraries: bool = True,
    environment: Mapping[str, str] | None = None,
) -> System:
    """A machine of which everything is right, but for what is said."""
    if card:
        device = root / "sys/bus/pci/devices/0000:01:00.0"
        device.mkdir(parents=True)
        (device / "vendor").write_text("0x10de\n")
        (device / "class").write_text("0x030000\n")
    if version is not None:
        (root / "proc/driver/nvidia").mkdir(parents=True)
        (root / "proc/driver/nvidia/version").write_text(form.format(version))
    if node:
        (root / "dev").mkdir(parents=True)
        (root / "dev/nvidia0").touch()
    return System(root, environment or {}, lambda name: "12.5" if libraries else None)


@pytest.mark.parametrize("form", [CLOSED, OPEN])
def test_the_drivers_version_is_read_from_what_it_tells(tmp_path: Path, form: str) -> None:
    assert driver(machine(tmp_path, version="550.54.14", form=form)) == "550.54.14"


def test_a_network_card_of_nvidia_is_no_gpu(tmp_path: Path) -> None:
    system = machine(tmp_path)
    (tmp_path / "sys/bus/pci/devices/0000:01:00.0/class").write_text("0x020000\n")
    assert cards(system) == 0


def test_tensorflow_itself_says_which_libraries_it_needs() -> None:
    assert {"nvidia-cudnn-cu12", "nvidia-cublas-cu12"} <= set(cuda_packages(System()))


@pytest.mark.parametrize(
    ("changes", "reason", "way_out"),
    [
        ({"card": False, "version": None}, "no NVIDIA driver is loaded", "no NVIDIA card is on the PCI bus"),
        ({"version": None}, "though there is a card", "install the NVIDIA driver, 525.60.13 or later"),
        ({"version": "470.223.02"}, "the NVIDIA driver 470.223.02 is too old", "driver 525.60.13 or later"),
        ({"version": "525.60.11"}, "525.60.11 is too old", "525.60.13"),
        ({"node": False}, "sees no device", "--gpus all"),
        ({"libraries": False}, "the CUDA libraries are missing: nvidia-cublas-cu12", INSTALL),
        ({"environment": {"CUDA_VISIBLE_DEVICES": ""}}, "hidden by CUDA_VISIBLE_DEVICES=''", "unset CUDA_VISIBLE"),
        ({"environment": {"CUDA_VISIBLE_DEVICES": "-1"}, "version": None}, "hidden by", "unset"),
        ({"environment": {"NVIDIA_VISIBLE_DEVICES": "void"}}, "hidden by NVIDIA_VISIBLE_DEVICES", "unset"),
        ({}, "TensorFlow cannot use them", "TF_CPP_MIN_LOG_LEVEL=0"),
    ],
)
def test_the_first_thing_in_the_way_is_named_with_its_way_out(
    tmp_path: Path, changes: dict[str, Any], reason: str, way_out: str
) -> None:
    found = why_no_gpu(built_with_cuda=True, system=machine(tmp_path, **changes))
    assert reason in found.reason
    assert way_out in " ".join(found.help)


def test_a_tensorflow_without_cuda_is_named(tmp_path: Path) -> None:
    assert "built without CUDA" in why_no_gpu(built_with_cuda=False, system=machine(tmp_path)).reason


SEEN = {"gpus": [], "built_with_cuda": True, "cuda": "12.5.1"}


def test_a_gpu_that_lies_idle_is_a_warning_and_a_machine_without_one_is_not(tmp_path: Path) -> None:
    idle, *_ = gpu(SEEN, machine(tmp_path / "a", libraries=False))
    assert idle.state == "warning"
    without, *_ = gpu(SEEN, machine(tmp_path / "b", card=False, version=None, node=False))
    assert without.state == "ok"
    used, libraries = gpu({**SEEN, "gpus": ["NVIDIA A100"]}, machine(tmp_path / "c"))
    assert (used.state, used.text) == ("ok", "NVIDIA A100")
    assert "driver 550.54.14; 12 of 12 CUDA libraries; TensorFlow is built for CUDA 12.5.1" in libraries.text
