"""``source: builtin``: samples that installed packages ship."""

from collections.abc import Callable

from runner.data.builtin import load_builtin
from runner.data.examples import Dataset, Examples, Split
from runner.data.facts import DataFacts, builtin_facts
from runner.data.placement import Placement
from runner.data.streaming.block_order import StreamedSplit, WindowOrder
from schemas.data import BuiltinData, Fallback


class BuiltinSource:
    """A sample, of the recipe's data or of its fallback."""

    def __init__(self, data: BuiltinData | Fallback) -> None:
        self.data = data

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """From the table of samples; nothing is read.

        Raises:
            DataError: the splits do not fit the sample.
        """
        return builtin_facts(self.data)

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Read the sample and divide it, stratified and by seed.

        Raises:
            DataError: the package or its file is missing or changed.
        """
        dataset = load_builtin(facts, seed, self.data.splits.fold)
        return dataset if placement.window is None else _in_windows(dataset, placement)


def _in_windows(dataset: Dataset, placement: Placement) -> Dataset:
    """A sample behaves as its recipe says, however small: in the order of data that does not fit into memory."""

    def made(split: Split | None) -> Split | None:
        return split if split is None or placement.evaluation else streamed(split, placement)

    return Dataset(streamed(dataset.train, placement), made(dataset.validation), made(dataset.test))


def streamed(split: Split, placement: Placement) -> StreamedSplit:
    """Examples in memory, given out window by window."""
    assert isinstance(split, Examples)
    assert placement.window is not None
    return StreamedSplit(
        WindowOrder(len(split), placement.window.block, placement.window.blocks),
        lambda ranges: (split.at(slice(start, stop)) for start, stop in ranges),
        split.x.shape[1:],
        split.x.dtype,
        split.y.dtype,
        split.digest(),
        split.y.shape[1:],
        split.weight is not None,
        split.each_target,
    )
