"""Writes ``runner/diagnostics/names/keras.txt`` from the installed Keras; ``python -m`` runs it."""

import inspect
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

HEADER = "# Public names of Keras {version} and their arguments; written by python -m tests.diagnostics.keras_names\n"
ROOMS = (
    "layers",
    "optimizers",
    "optimizers.schedules",
    "losses",
    "metrics",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
    "callbacks",
)


def table() -> str:
    """The whole list as text."""
    import keras

    names: set[str] = set()
    for room in ROOMS:
        for name, value in public(room).items():
            names |= {name, *_arguments(value)}
    for method in (keras.Model.fit, keras.Model.compile, keras.Model.evaluate):
        names |= set(_arguments(method))
    return HEADER.format(version=keras.__version__) + "".join(f"{name}\n" for name in sorted(names))


def public(room: str) -> dict[str, Any]:
    """Public names of a module of Keras, with what they are."""
    import keras

    module: Any = keras
    for part in room.split("."):
        module = getattr(module, part)
    return {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}


def _arguments(value: Any) -> Iterator[str]:
    for function in [cls.__init__ for cls in inspect.getmro(value)] if inspect.isclass(value) else [value]:
        if callable(function) and str(getattr(function, "__module__", "")).startswith("keras."):
            for name, parameter in inspect.signature(function).parameters.items():
                if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) and name != "self":
                    yield name


if __name__ == "__main__":
    Path(str(files("runner.diagnostics.names").joinpath("keras.txt"))).write_text(table(), encoding="utf-8")
