"""What an expectation can bound besides metrics: what a run costs, and what an export of its model changes."""

from schemas.metrics import MetricFacts

SECONDS = "seconds"
"""Seconds of training, over all sessions of the run."""
MEMORY = "memory_mib"
"""Largest resident memory of the process so far, in MiB; without that of a GPU."""
_FLIPS = "_flips"
_FORMATS = ("keras", "savedmodel", "onnx", "litert", "openvino")


def is_cost(name: str) -> bool:
    """Whether a name is of what the training itself costs."""
    return name in (SECONDS, MEMORY)


def flips_of(name: str) -> str | None:
    """The format of ``onnx_flips``, the decisions on test examples that an export changes; None for another name."""
    form = name.removesuffix(_FLIPS)
    return form if name == form + _FLIPS and form in _FORMATS else None


def flips_name(form: str) -> str:
    """The name that a format's flips are expected by."""
    return form + _FLIPS


def cost_facts(name: str) -> MetricFacts | None:
    """What is known of such a figure before it is there; None for any other name."""
    return MetricFacts(None, "min", 0, float("inf"), False) if is_cost(name) or flips_of(name) else None
