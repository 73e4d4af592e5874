"""Callbacks of custom code."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items
from schemas.custom import Custom
from schemas.later import is_none
from schemas.quantities import DurationField


class Callback(Custom):
    """Custom code: a subclass of keras.callbacks.Callback; only with --allow-code.

    These hooks act: on_train_begin, at the start of every session of the run; on_train_end, once; on_epoch_begin and
    on_epoch_end; and on_train_batch_end at the interval ``every``. No other hook is called.
    """

    every: DurationField | None = Field(default=None, exclude_if=is_none)
    """Interval between calls of on_train_batch_end, such as ``100 steps``, counted from the start of the run. By
    default it is never called."""


Callbacks = Annotated[Items[Callback], Field(max_length=20)]
