"""Data that is read as it trains, and can no longer be read."""

from collections.abc import Iterator
from contextlib import contextmanager

from runner.errors import DataError, DataLost


@contextmanager
def data_loss_as_error() -> Iterator[None]:
    """What is wrong with data that is read as it trains ends the training; the run can go on when it is back."""
    try:
        yield
    except DataError as error:
        raise DataLost("; ".join([str(error), *error.help])) from error
