"""What the run computes on."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Node

Strategy = Literal["none", "mirrored", "multi_worker"]


class Hardware(Node):
    """Device, threads, precision and compiler."""

    device: Literal["auto", "cpu", "gpu"] = "auto"
    """``auto``: a GPU when there is one, else the CPU, which is said; ``gpu`` makes a missing GPU an error."""
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Threads of a CPU; left out, one for each core. They work within an operation or, where that is faster, on parts
    of a batch side by side. Results change with their number in the last digits, and dropout masks with the parts."""
    deterministic: bool = True
    """Whether only deterministic kernels are used."""
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32"
    """Numbers that the layers compute with (Keras: dtype policy). Weights, output layer, loss and metrics stay in
    float32; mixed_float16 scales the loss and skips an update whose gradients overflow. For GPUs: a CPU is slower."""
    xla: Literal["auto", "on", "off"] = "auto"
    """Whether XLA compiles the update; ``auto``: on a GPU, if ``deterministic`` is false."""
    strategy: Strategy = "none"
    """How many devices train one step together, each with its part of the batch: ``mirrored`` all GPUs of this machine,
    ``multi_worker`` those of several (TF_CONFIG, Slurm or Kubernetes say which). ``data.batch_size`` is the whole
    batch's, and results are those of one device up to rounding; dropout masks differ."""
