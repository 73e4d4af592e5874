"""Windows of a part that is read as it trains."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from runner.data.series.windowed import WindowedExamples
from runner.data.streaming.block_order import StreamedSplit


@dataclass(frozen=True)
class StreamedWindows(StreamedSplit):
    """Examples that are windows of a series."""

    read_windows: Callable[[], Iterator[WindowedExamples]] = field(kw_only=True)
    """All windows in the order of time, a part at a time, each with the rows that it lies in."""

    def windows(self) -> Iterator[WindowedExamples]:
        """All windows in the order of time, a part at a time."""
        return self.read_windows()
