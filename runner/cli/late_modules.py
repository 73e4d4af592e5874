"""Modules that libraries import by name and that most verbs never use: their code runs at their first use."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

_LATE = ("secrets",)
"""Pydantic compares secret texts with it. It loads OpenSSL, which is 2 % of the time of ``recipe validate``."""


def delay_modules() -> None:
    """Let these modules be imported without running them; call this before the libraries that import them."""
    for name in _LATE:
        spec = None if name in sys.modules else find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
            module = sys.modules[name] = module_from_spec(spec)
            spec.loader.exec_module(module)
