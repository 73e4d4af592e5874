"""Somebody's own code: found without importing anything, and imported where the person who runs a recipe allows it.

Invariants:

* Nothing is imported without a folder to import from, which the person gives by ``--allow-code`` alone.
* The folder is on Python's path only while one of its modules is imported, and nothing is written beside the recipe.
"""

import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module, invalidate_caches
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

from runner.errors import CodeError
from runner.keras_errors import said_with_kind
from schemas.custom import Custom

_FOLDERS: dict[str, Path] = {}
"""Modules that were imported from recipes' folders, and from which."""


def locate(folder: Path, module: str) -> Path | None:
    """The file of a module, looked for in a folder and then where Python looks; nothing is imported.

    None where there is none, or where it has no file, as what is built into Python.
    """
    places: Sequence[str] | None = [str(folder), *sys.path]
    spec: ModuleSpec | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, places) if places is not None else None
        if spec is None:
            return None
        places = spec.submodule_search_locations
    return Path(spec.origin) if spec is not None and spec.origin is not None else None


def call(custom: Custom, folder: Path | None, name: str | None = None) -> Any:
    """What the target gives when it is called with the recipe's arguments.

    Args:
        custom: of a recipe.
        folder: where it may be imported from; None: it may not.
        name: given to what takes one.
    """
    target = resolve(custom.target, folder)
    if not callable(target):
        raise CodeError(f"{custom.target} must be a class or a function; received {kind_of(target)}")
    named = {"name": name} if name is not None and _takes_name(target) else {}
    try:
        return target(**plain(custom), **named)
    except Exception as error:  # it is somebody's own, and may raise anything
        raise CodeError(f"{custom.target}: {said_with_kind(error)}") from error


def function_or_object(custom: Custom, folder: Path | None, base: type, called: str) -> Any:
    """A function with the recipe's arguments bound, or the object that a class makes of them.

    Args:
        custom: of a recipe.
        folder: where it may be imported from; None: it may not be.
        base: of the class.
        called: its public name, such as ``keras.losses.Loss``.

    Raises:
        CodeError: it may not or cannot be imported, is neither, or fails.
    """
    target = resolve(custom.target, folder)
    if not callable(target):
        raise CodeError(f"{custom.target} must be a function or a class; received a {type(target).__name__}")
    if not inspect.isclass(target):
        return partial(target, **plain(custom))
    made = call(custom, folder)
    if not isinstance(made, base):
        raise CodeError(f"{custom.target} must be a class of {called}; received {target.__name__}")
    return made


def resolve(target: str, folder: Path | None) -> Any:
    """What a target names.

    Raises:
        CodeError: it may not or cannot be imported, or there is none of that name.
    """
    if folder is None:
        raise CodeError(f"{target} is custom code, which is imported only with --allow-code")
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


def kind_of(value: Any) -> str:
    """What a value is, for messages."""
    return f"a value of type {type(value).__name__}"
