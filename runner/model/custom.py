"""Custom code: imported where the person who runs a recipe allows it, and held to what it is meant to be.

Invariants:

* Nothing is imported without a folder to import from, which a plan has by ``--allow-code`` alone.
* The folder is on Python's path only while one of its modules is imported, and nothing is written beside the recipe.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

import keras

from runner.errors import CodeError
from runner.model.keras_errors import said_with_kind
from runner.plan.custom_code import locate
from runner.plan.layers import PlannedLayer
from schemas.custom import Custom
from schemas.layers import CustomLayer

_FOLDERS: dict[str, Path] = {}
"""Modules that were imported from recipes' folders, and from which."""


def custom_layer(layer: CustomLayer, folder: Path | None) -> Any:
    """The layer that a target makes.

    Raises:
        CodeError: it may not or cannot be imported, fails, makes no layer, or makes one that cannot be saved.
    """
    made = call(layer, folder, layer.name)
    if not isinstance(made, keras.layers.Layer):
        raise CodeError(f"{layer.target} must give a keras.layers.Layer; received {_kind(made)}")
    try:
        type(made).from_config(made.get_config())
    except Exception as error:  # whatever it is, the trained model could not be opened again
        way_out = "its __init__ takes **kwargs and gives them to keras.layers.Layer, and get_config has its arguments"
        raise CodeError(f"{layer.target}: the layer cannot be saved: {said_with_kind(error)} ({way_out})") from error
    return made


def custom_objects(planned: Iterable[PlannedLayer]) -> dict[str, Any]:
    """Classes by which ``keras.models.load_model`` opens a trained model that has layers of custom code.

    Those of the layers themselves, and all others of their modules, which may be nested in them.

    Raises:
        CodeError: as when the model was built.
    """
    found: dict[str, Any] = {}
    for item in planned:
        if isinstance(item.layer, CustomLayer):
            made = type(custom_layer(item.layer, item.folder))
            others = vars(sys.modules.get(made.__module__, object)).values()
            found |= {other.__name__: other for other in others if _is_layer_class(other)} | {made.__name__: made}
    return found


def _is_layer_class(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, keras.layers.Layer)


def call(custom: Custom, folder: Path | None, name: str | None = None) -> Any:
    """What the target gives when it is called with the recipe's arguments.

    Args:
        custom: of a recipe.
        folder: where it may be imported from; None: it may not.
        name: given to what takes one, and to a layer that does not.
    """
    target = resolve(custom.target, folder)
    if not callable(target):
        raise CodeError(f"{custom.target} must be a class or a function; received {_kind(target)}")
    named = {"name": name} if name is not None and _takes_name(target) else {}
    try:
        made = target(**plain(custom), **named)
    except Exception as error:  # it is somebody's own, and may raise anything
        raise CodeError(f"{custom.target}: {said_with_kind(error)}") from error
    if name is not None and isinstance(made, keras.layers.Layer):
        made.name = name
    return made


def resolve(target: str, folder: Path | None) -> Any:
    """What a target names.

    Raises:
        CodeError: it may not or cannot be imported, or there is none of that name.
    """
    if folder is None:
        raise CodeError(f"{target} is custom code, which is imported with --allow-code alone")
    return _resolved(target, folder)


@cache
def _resolved(target: str, folder: Path) -> Any:
    name, _, attribute = target.partition(":")
    found = locate(folder, name)
    try:
        with _importing(folder):
            module = import_module(name)
    except BaseException as error:  # SystemExit is one of what a module may do
        if isinstance(error, KeyboardInterrupt):
            raise
        raise CodeError(f"{name} cannot be imported: {said_with_kind(error)}") from error
    file = getattr(module, "__file__", None)
    if found is not None and (file is None or Path(file).resolve() != found.resolve()):
        raise CodeError(f"{name} is another module of this program ({file}); give {found.name} another name")
    if not hasattr(module, attribute):
        raise CodeError(f"{name} has no {attribute!r}{_near(attribute, module)}")
    return getattr(module, attribute)


@contextmanager
def _importing(folder: Path) -> Iterator[None]:
    """While the block runs, Python finds modules in the folder first, and writes none of them compiled."""
    for name in [name for name, other in _FOLDERS.items() if other != folder]:
        sys.modules.pop(name, None)  # one of the same name may stand in this folder
        del _FOLDERS[name]
    before, writes = set(sys.modules), sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes
        _FOLDERS.update({name: folder for name in set(sys.modules) - before if _is_in(folder, sys.modules[name])})


def _is_in(folder: Path, module: Any) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(folder)


def _takes_name(target: Any) -> bool:
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(p.name == "name" or p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)


def plain(custom: Custom) -> dict[str, Any]:
    """Lists as Python's own lists."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in custom.arguments.items()}


def _near(name: str, module: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [other for other in vars(module) if not other.startswith("_")], 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"
