"""The devices that a run computes on."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Node

Strategy = Literal["none", "mirrored", "multi_worker"]


class Hardware(Node):
    """Device, threads, precision and compiler."""

    device: Literal["auto", "cpu", "gpu"] = "auto"
    """``auto``: a GPU if there is one, otherwise the CPU, with a message; ``gpu``: a missing GPU is an error."""
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Number of CPU threads; by default one per core. They work within an operation or, if that is faster, on parts of
    a batch in parallel; `recipe run` tries both before a long run. The last digits of results depend on their number,
    and dropout masks on the parts, which the run's lock records and which resumed runs and checks reuse."""
    deterministic: bool = True
    """Whether to use only deterministic kernels."""
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32"
    """Number format of the layers (Keras: dtype policy). Weights, output layer, loss and metrics stay in float32;
    mixed_float16 scales the loss and skips updates whose gradients overflow; it is for GPUs, and several times slower
    on most CPUs. mixed_bfloat16 is faster on GPUs and on CPUs that compute in it (avx512_bf16 or amx_bf16 in
    /proc/cpuinfo), slower on others."""
    xla: Literal["auto", "on", "off"] = "auto"
    """Whether XLA compiles the update; ``auto``: on a GPU if ``deterministic`` is false."""
    strategy: Strategy = "none"
    """Devices that share each step, each with a part of the batch: ``mirrored`` uses all GPUs of this machine,
    ``multi_worker`` those of several machines (listed by TF_CONFIG, Slurm or Kubernetes). ``data.batch_size`` is the
    size of the whole batch. Results equal those of one device up to rounding; dropout masks differ."""
