"""The program ``recipe``: one file per verb, with no logic beyond arguments and printing.

Little is imported here, so that signal handlers are installed before anything else happens.
"""

import gc
import os
import sys

from runner import interrupts
from runner.cli.late_module import delay_module
from runner.cli.plugins import disable_plugins
from runner.cli.verb_table import VERBS

disable_plugins()
delay_module()

__all__ = ["VERBS", "app", "main"]


def __getattr__(name: str) -> object:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from runner.cli.registry import app

    return app


def main() -> None:
    """Entry point of the command."""
    interrupts.listen()
    from runner.cli.program import perform

    gc.freeze()  # everything imported so far lives until exit
    code = perform(sys.argv[1:])
    if interrupts.is_program():
        _remove_generated_files()
        os._exit(code)  # all is printed and on the disk; taking modules apart takes a while, of TensorFlow's 1.5 s
    sys.exit(code)


def _remove_generated_files() -> None:
    """Remove the temporary sources of AutoGraph and their bytecode, as TensorFlow does with the sources at its end."""
    from contextlib import suppress

    for name, module in sys.modules.items():
        if name.startswith("__autograph_generated_file"):
            cached = getattr(module, "__cached__", None)
            for path in filter(None, (module.__file__, cached)):
                with suppress(FileNotFoundError):  # somebody has tidied up, or no bytecode was written
                    os.remove(path)
            if cached:
                with suppress(OSError):  # others have bytecode there
                    os.rmdir(os.path.dirname(cached))
