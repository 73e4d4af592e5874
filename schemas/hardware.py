"""What the run computes on."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Node


class Hardware(Node):
    """Device and threads."""

    device: Literal["auto", "cpu", "gpu"] = "auto"
    """``auto``: a GPU when there is one, else the CPU, which is said; ``gpu`` makes a missing GPU an error."""
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Threads within an operation; left out, one for each core. Results change with it."""
    deterministic: bool = True
    """Whether only deterministic kernels are used."""
