"""Which device a run gets, on machines whose GPUs are made of words."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from runner.engine import start
from runner.hardware.gpu import NoGpu
from schemas.hardware import Hardware


@dataclass(frozen=True)
class Gpu:
    """As TensorFlow lists it."""

    name: str
    device_type: str = "GPU"


@dataclass
class Config:
    """What was asked of ``tf.config``."""

    gpus: list[Gpu]
    growth: dict[str, bool] = field(default_factory=dict)
    visible: list[Any] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    listed: int = 0

    def list_physical_devices(self, kind: str) -> list[Gpu]:
        assert kind == "GPU"
        self.listed += 1
        return self.gpus


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Config:
    """``tf.config`` of a machine with as many GPUs as the test is marked with."""
    stub = Config([Gpu(f"/physical_device:GPU:{k}") for k in range(request.param)])
    monkeypatch.setattr(tf.config, "list_physical_devices", stub.list_physical_devices)
    monkeypatch.setattr(tf.config, "set_visible_devices", lambda devices, kind: stub.visible.append((devices, kind)))
    grow = lambda gpu, wanted: stub.growth.update({gpu.name: wanted})  # noqa: E731
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", grow)
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: {"device_name": "NVIDIA A100"})
    for name in ("set_intra_op_parallelism_threads", "set_inter_op_parallelism_threads"):
        monkeypatch.setattr(tf.config.threading, name, stub.threads.append)
    monkeypatch.setattr(start, "why_no_gpu", lambda built: NoGpu("the reason", ("the way out",)))
    return stub


@pytest.mark.parametrize("config", [2], indirect=True)
@pytest.mark.parametrize("wanted", ["auto", "gpu"])
def test_memory_grows_on_every_gpu_and_the_first_is_named(config: Config, wanted: str) -> None:
    device = start.start_tensorflow(Hardware.model_validate({"device": wanted}))
    assert (device.kind, device.description, device.reason) == ("GPU", "NVIDIA A100", None)
    assert config.growth == {"/physical_device:GPU:0": True, "/physical_device:GPU:1": True}
    assert config.visible == []


@pytest.mark.parametrize("config", [1], indirect=True)
def test_a_recipe_that_wants_the_cpu_hides_the_gpus_and_gives_no_reason(config: Config) -> None:
    device = start.start_tensorflow(Hardware(device="cpu", threads=1))
    assert (device.kind, device.description, device.reason) == ("CPU", "1 thread", None)
    assert config.visible == [([], "GPU")]
    assert config.growth == {}
    assert config.threads == [1, 1]


@pytest.mark.parametrize("config", [0], indirect=True)
def test_without_a_gpu_the_cpu_computes_and_the_reason_is_told(config: Config) -> None:
    device = start.start_tensorflow(Hardware())
    assert (device.kind, device.reason) == ("CPU", "the reason")


@pytest.mark.parametrize("config", [0], indirect=True)
def test_a_recipe_that_insists_on_a_gpu_is_refused_with_reason_and_way_out(config: Config) -> None:
    with pytest.raises(
        start.DeviceError, match=r"hardware.device is 'gpu', but no GPU was found: the reason"
    ) as caught:
        start.start_tensorflow(Hardware(device="gpu"))
    assert caught.value.help == ("the way out", "`recipe doctor` shows more")
    assert config.visible == []


def test_the_probe_of_the_doctor_finds_what_is_here() -> None:
    from runner.doctor.probe import probe

    found = probe()
    assert found["computes"] is True
    assert found["backend"] == "tensorflow"
    assert found["gpus"] == [] or Path("/proc/driver/nvidia").exists()
