"""Callbacks of custom code, held to what a callback is."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from runner.custom_import import call, plain, resolve
from runner.errors import BuildError, CodeError
from runner.plan.callbacks import PlannedCallback
from runner.plan.plan import Plan
from schemas.custom import Custom


def own_callback(custom: Custom, folder: Path | None) -> Any:
    """The callback that a target makes.

    Raises:
        CodeError: it may not or cannot be imported, is no class of callbacks, or fails.
    """
    _require_class(custom, folder)
    return call(custom, folder)


def silent_hooks(planned: PlannedCallback, made: Any) -> list[str]:
    """Hooks that a callback has and nobody calls."""
    base = keras.callbacks.Callback
    hooks = [name for name in vars(base) if name.startswith("on_")]
    return [hook for hook in hooks if getattr(type(made), hook) is not getattr(base, hook) and not planned.acts(hook)]


def require_callbacks(plan: Plan) -> None:
    """Import the classes of all callbacks, and bind their arguments; no callback is made.

    Raises:
        BuildError: one cannot be imported, is no class of callbacks, or does not take the arguments.
    """
    for k, one in enumerate(plan.callbacks):
        try:
            _require_class(one.callback, plan.code_folder)
        except CodeError as error:
            raise BuildError(str(error), ("callbacks", k, "target"), custom=True) from error


def _require_class(custom: Custom, folder: Path | None) -> None:
    target = resolve(custom.target, folder)
    if not (inspect.isclass(target) and issubclass(target, keras.callbacks.Callback)):
        raise CodeError(f"{custom.target} must be a class of keras.callbacks.Callback")
    try:
        inspect.signature(target).bind(**plain(custom))
    except TypeError as error:
        raise CodeError(f"{custom.target}: {error}") from error


def own_callbacks(plan: Plan) -> Iterator[tuple[PlannedCallback, Any]]:
    """The callbacks of a plan, made anew.

    Raises:
        BuildError: one cannot be made.
    """
    for k, one in enumerate(plan.callbacks):
        try:
            yield one, own_callback(one.callback, plan.code_folder)
        except CodeError as error:
            raise BuildError(str(error), ("callbacks", k, "target"), custom=True) from error
