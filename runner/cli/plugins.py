"""No plugins for pydantic: nothing is imported that the program does not name itself."""

import os
import sys
from importlib import import_module
from types import ModuleType

_SWITCH = "PYDANTIC_DISABLE_PLUGINS"
_FINDER = "pydantic.plugin._loader"


class _FindsNone(ModuleType):
    get_plugins = tuple

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # what the import system asks of every module
            raise AttributeError(name)
        # Asked for more by a later pydantic, the true module answers, and heeds the switch.
        sys.modules.pop(_FINDER, None)
        return getattr(import_module(_FINDER), name)


def disable_plugins() -> None:
    """Keep pydantic from looking for plugins; to be called before the first model is used.

    Looking reads the metadata of every installed package, and would run the code of those that say they are plugins.
    The switch alone prevents that. pydantic still imports the module that would look and, with it, all that reads
    metadata (``importlib.metadata``, ``email``, ``zipfile``): a twentieth of `recipe validate`. So one stands in its
    place that finds none.
    """
    if os.environ.setdefault(_SWITCH, "__all__") == "__all__":
        sys.modules.setdefault(_FINDER, _FindsNone(_FINDER))
