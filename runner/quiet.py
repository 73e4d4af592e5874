"""TensorFlow without the output of TensorFlow and its libraries."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

from runner.interrupts import importing


@contextmanager
def quiet_import() -> Iterator[None]:
    """:func:`quiet` for a block that only imports: a signal ends the process on the spot."""
    with importing(), quiet():
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what is written to standard error off the screen; shown after all when the block fails.

    C++ libraries write to descriptor 2. What Python writes meanwhile goes there as well: loggers keep the stream that
    they find, which must not be one that is soon closed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryFile() as noise:
        sys.stderr.flush()
        before = os.dup(2)
        os.dup2(noise.fileno(), 2)
        failed = True
        try:
            with redirect_stderr(sys.__stderr__ or sys.stderr):
                yield
            failed = False
        except KeyboardInterrupt:
            failed = False
            raise
        finally:
            (sys.__stderr__ or sys.stderr).flush()
            os.dup2(before, 2)
            os.close(before)
            if failed:
                noise.seek(0)
                os.write(2, noise.read())
