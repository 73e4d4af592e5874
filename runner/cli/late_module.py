"""A module that pydantic imports and that no verb needs at its start: its code runs at its first use."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

_LATE = "secrets"
"""Pydantic compares secret texts with it. It loads OpenSSL, which is 2 % of the time of ``recipe validate``."""


class _Late:
    """Finds the module once, and has Python load it when it is first asked for something."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != _LATE:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def delay_module() -> None:
    """Let the module be imported without running it; call this before pydantic is imported."""
    if _LATE not in sys.modules:
        sys.meta_path.insert(0, _Late())
