"""Data that is read while TensorFlow is imported."""

from functools import partial

from runner.data.access import DataAccess
from runner.data.background import Loading
from runner.data.load import PlannedData
from runner.data.sources import source_of
from schemas.array_data import NpzData
from schemas.data import BuiltinData, Fallback

MOST = 256 << 20
"""Bytes in memory up to which data is read before the model is known to fit beside it."""


def read_early(plan: PlannedData, access: DataAccess) -> Loading | None:
    """Begin to read the plan's data in another thread, where that disturbs nothing; None: it is not begun.

    Two conditions: reading imports nothing, since modules that two threads import at once may see one another half
    made; and it writes no file, since a signal ends the program on the spot while TensorFlow is imported. Samples and
    arrays meet both. Tables write the cache that they are mapped from, pictures and tensorflow-datasets import their
    readers.

    Args:
        plan: says what is read.
        access: where it is.
    """
    if not isinstance(plan.source, BuiltinData | Fallback | NpzData) or plan.placement.size > MOST:
        return None
    if getattr(plan.source, "name", None) == "photos":  # two photographs, opened by Pillow
        return None
    source = source_of(plan.source, access, plan.recipe)
    return Loading(partial(source.load, plan.data, plan.placement, plan.recipe.seed))
