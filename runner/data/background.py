"""Data that is read while the model is built."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from runner.data.examples import Dataset, Split


class Loading:
    """A dataset that is being read in another thread; whoever asks for a split waits for it.

    What goes wrong in reading is raised where a split is asked for.

    Args:
        load: reads the dataset.
    """

    def __init__(self, load: Callable[[], Dataset]) -> None:
        pool = ThreadPoolExecutor(1, thread_name_prefix="load")
        self._dataset = pool.submit(load)
        pool.shutdown(wait=False)

    @property
    def train(self) -> Split:
        """Examples that train."""
        return self._dataset.result().train

    @property
    def validation(self) -> Split | None:
        """Examples evaluated after every epoch."""
        return self._dataset.result().validation

    @property
    def test(self) -> Split | None:
        """Examples evaluated once, at the end."""
        return self._dataset.result().test
