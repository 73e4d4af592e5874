"""What the workers of a run agree on: between two calls, and before the first one.

Numbers travel as float32 sums over all workers, to which the others contribute zeros: every device's collectives carry
them, and whole numbers below 2²⁴ stay exact.
"""

import hashlib
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.engine.distributed.cluster import Cluster
from runner.engine.distributed.replicas import Replicas
from runner.errors import WorkerLost, WorkersDiffer

_GONE = (
    tf.errors.UnavailableError,
    tf.errors.DeadlineExceededError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
)
"""What a collective raises when a worker died, froze or left: within a second, or ten when it froze."""
_DIGITS = np.dtype("<u2")


class Workers:
    """The processes that train together; alone, nothing is asked of anybody."""

    def __init__(self, replicas: Replicas) -> None:
        self.replicas = replicas
        self.index, self.count = 0, 1
        if replicas.cluster is not None:
            self.index, self.count = replicas.cluster.index, len(replicas.cluster.workers)
        self._sum = _compiled_sum(replicas)

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the run's files."""
        return self.index == 0

    def gather(self, row: Sequence[int]) -> NDArray[np.int64]:
        """The rows of all workers, shape ``(workers, len(row))``; numbers from 0 to 2²⁴."""
        rows = np.zeros((self.count, len(row)), dtype=np.float32)
        rows[self.index] = row
        return (rows if self.count == 1 else self._sum(rows)).astype(np.int64)

    def broadcast_number(self, number: int) -> int:
        """The chief's number."""
        return int(self.gather([number])[0, 0])

    def asked_to_end(self, heard: signal.Signals | None, late: bool) -> tuple[signal.Signals | None, bool]:
        """The signal that any worker has heard, and whether any of them says that time is up."""
        heard_by, late_for = self.gather([0 if heard is None else heard, late]).T
        number = int(heard_by.max())
        return signal.Signals(number) if number else None, bool(late_for.any())

    def require_same(self, what: str, text: str) -> None:
        """Raise on every worker unless all have the chief's ``text``.

        Raises:
            WorkersDiffer: names those that differ.
        """
        rows = self.gather(np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype=_DIGITS).tolist())
        others = np.flatnonzero((rows != rows[0]).any(axis=1)).tolist()
        if others:
            names = ", ".join(map(str, others))
            raise WorkersDiffer(f"{what} of worker {names} is not that of worker 0, the chief: all train the same")

    def broadcast(self, data: bytes) -> bytes:
        """The chief's bytes, on all workers."""
        if self.count == 1:
            return data
        size = len(data) if self.index == 0 else 0
        low, middle, high = self.gather([size & 0xFFFF, size >> 16 & 0xFFFF, size >> 32])[0].tolist()
        size = low | middle << 16 | high << 32
        if size == 0:  # TensorFlow 2.21 crashes on a collective of nothing
            return b""
        digits = np.zeros((size + 1) // 2, dtype=np.float32)
        if self.index == 0:
            digits[:] = np.frombuffer(data + b"\0" * (size % 2), dtype=_DIGITS)
        return self._sum(digits).astype(_DIGITS).tobytes()[:size]


def _compiled_sum(replicas: Replicas) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Sum over workers of an array; the first replica of each one speaks for it."""

    @tf.function  # type: ignore[untyped-decorator]
    def total(values: tf.Tensor) -> tf.Tensor:
        def speak() -> tf.Tensor:
            number = tf.distribute.get_replica_context().replica_id_in_sync_group
            local = len(replicas.strategy.extended.worker_devices)
            return replicas.total([tf.where(number % local == 0, values, tf.zeros_like(values))])[0]

        return replicas.first(replicas.run(speak))

    return lambda values: total(tf.constant(values)).numpy()


@contextmanager
def worker_loss_as_error(cluster: Cluster | None) -> Iterator[None]:
    """Say so when the block ends because another worker is gone.

    Raises:
        WorkerLost: in place of what TensorFlow raises.
    """
    try:
        yield
    except _GONE as error:
        if cluster is None:
            raise
        found = re.search(r"/job:worker/(?:replica:0/)?task:(\d+)", str(error))
        who = "another worker"
        if found and int(found[1]) != cluster.index:
            who = f"worker {found[1]} ({cluster.workers[int(found[1])]})"
        raise WorkerLost(
            f"{who} is gone, and a step needs all {len(cluster.workers)}: start them again with `recipe run --resume`, "
            "which goes on from the last checkpoint"
        ) from error
