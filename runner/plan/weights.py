"""The weights that a run begins with, where they are not fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from runner.plan.published import PublishedWeights
from schemas.weights import Weights

OUTPUT = "output"
"""Name of the output layer, which begins fresh unless a pattern names it."""


@dataclass(frozen=True)
class SourceWeights:
    """The trained model that layers take their weights from."""

    run: str
    """Name of the run: recipe, time and fingerprint."""
    which: str
    """``last`` or ``best``."""
    sha256: str
    """Of the model's architecture and weights; the same for the same model, wherever and whenever it was saved."""
    file: Path | None
    """The saved model; None for a run that goes on, which has the weights in its checkpoint."""


def is_wanted(written: Weights, name: str) -> bool:
    """Whether the layer of this name is to take weights."""
    return pattern_of(written, name) is not None if written.layers is not None else name != OUTPUT


def pattern_of(written: Weights, name: str) -> int | None:
    """Number of the first pattern that matches a layer's name; None: none does."""
    return next((k for k, pattern in enumerate(written.layers or ()) if fnmatchcase(name, pattern)), None)


def digest_of(source: SourceWeights | None, published: Sequence[PublishedWeights]) -> str | None:
    """What stands in the fingerprint for the weights that a run begins with; None: all are fresh."""
    parts = [f"{weights.layer} {weights.sha256}" for weights in published]
    own = [] if source is None else [source.sha256]
    return "\n".join([*own, *parts]) or None
