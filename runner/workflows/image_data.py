"""Whether examples are images, and can be drawn."""

from runner.data.facts import DataFacts
from runner.data.series.prepared import PreparedSeries


def holds_images(facts: DataFacts) -> bool:
    """Whether an example is a picture of two or three axes, and no sequence of words and no window of a series."""
    written = facts.vocabulary is not None or isinstance(facts.details, PreparedSeries)
    return len(facts.shape) in (2, 3) and not written
