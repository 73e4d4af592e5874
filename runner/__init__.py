"""Runs training recipes: from a text file to a trained Keras model.

``from runner import load, plan, run`` gives the functions of :mod:`runner.api`, which is imported then.
"""

import gc
from typing import TYPE_CHECKING, Any

from runner.interrupts import is_program, listen

if TYPE_CHECKING:
    from runner.api import (
        bisect,
        evaluate,
        find_lr,
        generate,
        generator,
        live_table,
        load,
        plan,
        predict,
        repeats,
        resume,
        run,
        stream,
        sweep,
        tag,
    )  # fmt: skip

__all__ = [
    "bisect", "evaluate", "find_lr", "generate", "generator", "live_table", "load", "plan", "predict",
    "repeats", "resume", "run", "stream", "sweep", "tag",
]  # fmt: skip

if is_program():
    listen()  # before anything else: most of what follows is imports, and a Ctrl-C among them is no traceback

# Start-up makes many objects that live to the end; collecting among them is a tenth of a short verb's time.
gc.set_threshold(50_000, 20, 20)


def __getattr__(name: str) -> Any:
    """The functions of the library; none of the program's start-up pays for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("runner.api"), name)
