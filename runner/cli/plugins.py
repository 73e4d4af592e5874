"""Disables pydantic's plugins, so that only modules named by this program are imported."""

import os
import sys
from importlib import import_module
from types import ModuleType

_SWITCH = "PYDANTIC_DISABLE_PLUGINS"
_FINDER = "pydantic.plugin._loader"


class _FindsNone(ModuleType):
    get_plugins = tuple

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # looked up by the import system on every module
            raise AttributeError(name)
        # A later pydantic may ask for more: then the real module answers, and obeys the switch.
        sys.modules.pop(_FINDER, None)
        return getattr(import_module(_FINDER), name)


def disable_plugins() -> None:
    """Keep pydantic from looking for plugins; call this before the first model is used.

    The search reads the metadata of every installed package and runs the code of any that declares itself a plugin.
    The environment variable prevents that, but pydantic still imports the module that searches and, with it,
    ``importlib.metadata``, ``email`` and ``zipfile``: 5 % of the time of `recipe validate`. So that module is replaced
    by one that finds no plugins.
    """
    if os.environ.setdefault(_SWITCH, "__all__") == "__all__":
        sys.modules.setdefault(_FINDER, _FindsNone(_FINDER))
