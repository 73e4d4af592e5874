"""Sends from a thread of its own, at its own pace: no step waits for a server, and the end of a run waits in bounds."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from runner.sinks.tracking.mlflow_client import MOST_METRICS, Metric
from runner.sinks.tracking.server_error import ServerError

SOONEST, PACE = 2.0, 4.0
"""Seconds that values wait for others to share their call, so that somebody who looks on sees them: at first, and at
most. Between the two it is a tenth of the time so far, so that few values are left when a run ends. MLflow's server
closes a connection that is idle for 5 seconds, and the next one may go to a worker that has nothing imported yet."""
QUIET = 20.0
"""Seconds without any progress after which the end of a run no longer waits."""
LONGEST = 60.0
"""Seconds that the end of a run waits for a server that makes progress."""
MOST_WAITING = 200_000
"""Values, about 40 MB: what a server that is away or too slow may owe a run that trains."""
_FIRST, _LAST = 0.5, 15.0
"""Seconds before a call is tried again: at first, and at most; doubled each time."""
_SOON, _SAID = 1.0, 5.0
"""Seconds before the first word of how far it is, and between two."""

Job = Callable[[], None]


class Sender:
    """Sends values and does jobs, in the order in which they were given; a call that fails in passing is repeated.

    Args:
        deliver: takes at most 1,000 values at a time.
        patient: whether nothing else waits: then sending takes as long as it makes progress, and what would be too much
            to hold makes the one wait who gives it.
        say: hears how many values are still to be sent while somebody waits.
        release: called by the thread when it ends, whatever ends it.
    """

    def __init__(
        self, deliver: Callable[[Sequence[Metric]], None], *, patient: bool, say: Callable[[int], None], release: Job
    ) -> None:
        self._deliver, self._patient, self._say, self._release = deliver, patient, say, release
        self._waiting: deque[Metric | Job] = deque()
        self._values = 0
        self._closing = self._over = False
        self._changed = threading.Condition()
        self._progress: float | None = None
        self._began = time.monotonic()
        self.trouble: ServerError | None = None
        """Why the last call has to be repeated."""
        self.failure: Exception | None = None
        """Why nothing more is sent."""
        threading.Thread(target=self._work, name="tracking", daemon=True).start()

    def do(self, job: Job) -> None:
        """Do something after all that was given before."""
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()

    def flush(self) -> None:
        """Send what waits, without waiting for more to share its call."""
        self.do(lambda: None)

    def send(self, values: Sequence[Metric]) -> None:
        """Send values.

        Raises:
            ServerError: more than 200,000 would wait; where it is patient: there was no progress.
        """
        if self._values + len(values) > MOST_WAITING:
            if not self._patient:
                raise self._give_up(f"{self._values:,} values wait to be sent, and no more are kept")
            self._wait(lambda: self._values <= MOST_WAITING // 2)
        with self._changed:
            idle = not self._waiting  # the thread waits for anything at all, and is to count the seconds from now on
            self._waiting.extend(values)
            self._values += len(values)
            if idle or self._is_due():
                self._changed.notify_all()

    def beat(self) -> None:
        """A call that takes long makes progress."""
        self._progress = time.monotonic()

    def close(self) -> None:
        """Wait until all is sent, in bounds.

        Raises:
            ServerError: the server is away or too slow, or has refused something.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        try:
            self._wait(lambda: self._over)
        finally:
            self._over = True

    def _wait(self, reached: Callable[[], bool]) -> None:
        """Wait for something as long as there is hope; meanwhile say how far it is."""
        began, before = time.monotonic(), self.trouble
        doubtful = before is not None or self._progress is None
        words = began + _SOON
        while not self._comes(reached):
            now = time.monotonic()
            absent = self.trouble is not None and self.trouble is not before and self.trouble.absent
            if (doubtful and absent) or now - max(began, self._progress or 0) > QUIET:
                raise self._give_up(str(self.trouble or f"the server has not answered for {QUIET:.0f} seconds"))
            if now - began > LONGEST and not self._patient:
                raise self._give_up(f"{self._values:,} values were not taken in {LONGEST:.0f} seconds")
            if now > words:
                words = now + _SAID
                self._say(self._values)
        if self.failure is not None:
            raise self.failure

    def _comes(self, reached: Callable[[], bool]) -> bool:
        """Whether it is reached within a moment, or never will be."""
        with self._changed:
            return self._changed.wait_for(lambda: reached() or self.failure is not None, 0.2)

    def _give_up(self, reason: str) -> ServerError:
        self._over = True
        return ServerError(reason)

    def _work(self) -> None:
        """In the thread: one after another, until all is done or something fails for good."""
        try:
            while not self._over and (job := self._next()) is not None:
                self._repeated(job)
        except Exception as error:  # is raised where the next event comes
            self.failure = error
        self._release()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _repeated(self, job: Job) -> None:
        pause = _FIRST
        while not self._over:
            try:
                job()
            except ServerError as error:
                if error.lasting:
                    raise
                self.trouble = error
                self._pause(max(pause, error.after))
                pause = min(2 * pause, _LAST)
            else:
                self.trouble, self._progress = None, time.monotonic()
                return

    def _pause(self, seconds: float) -> None:
        """Before the next try; the end of the run is not made to wait for a pause that began before it."""
        with self._changed:
            closing = self._closing
            self._changed.wait_for(lambda: self._over or self._closing != closing, seconds)

    def _next(self) -> Job | None:
        """What comes first: a job, or as many values as fit one call; None: all is done."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing or self._over)
            self._changed.wait_for(self._is_due, min(PACE, max(SOONEST, (time.monotonic() - self._began) / 10)))
            if not self._waiting:
                return None
            if not isinstance(self._waiting[0], tuple):
                return self._waiting.popleft()  # type: ignore[return-value] # it is no value
            part: list[Metric] = []
            while self._waiting and isinstance(self._waiting[0], tuple) and len(part) < MOST_METRICS:
                part.append(self._waiting.popleft())  # type: ignore[arg-type] # likewise
        return partial(self._send, part)

    def _is_due(self) -> bool:
        """Whether nothing is gained by waiting for more values: a call is full, or something is to be done behind."""
        waiting = self._waiting
        full = self._closing or self._over or len(waiting) >= MOST_METRICS
        return full or not (waiting and isinstance(waiting[0], tuple) and isinstance(waiting[-1], tuple))

    def _send(self, part: Sequence[Metric]) -> None:
        self._deliver(part)
        with self._changed:
            self._values -= len(part)
            self._changed.notify_all()
