"""Writes ``schemas/layers/catalogue/keras.json`` from the installed Keras; ``make catalogue`` runs it."""

import inspect
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import keras

TABLE = Path(str(files("schemas.layers.catalogue").joinpath("keras.json")))


def classes() -> dict[str, list[str]]:
    """Layers of Keras by their own names, each with its other names."""
    found: dict[type, list[str]] = {}
    for name, value in sorted(vars(keras.layers).items()):
        if inspect.isclass(value) and issubclass(value, keras.layers.Layer):
            found.setdefault(value, []).append(name)
    own = {cls: cls.__name__ if cls.__name__ in names else names[0] for cls, names in found.items()}
    return {own[cls]: [name for name in names if name != own[cls]] for cls, names in found.items()}


def facts(name: str, others: list[str]) -> dict[str, Any]:
    """What the signature says: arguments with their defaults, those without one first; and the text's first lines."""
    cls = getattr(keras.layers, name)
    parameters = [p for p in inspect.signature(cls.__init__).parameters.values() if p.name not in ("self", "kwargs")]
    return {
        "says": " ".join((inspect.getdoc(cls) or "").partition("\n\n")[0].split()),
        **({"also": others} if others else {}),
        "required": [p.name for p in parameters if p.default is p.empty],
        "optional": {p.name: p.default for p in parameters if p.default is not p.empty},
    }


def table() -> str:
    """The whole table, one layer a line."""
    rows = [
        f"  {json.dumps(name)}: {json.dumps(facts(name, others), ensure_ascii=False)}"
        for name, others in sorted(classes().items())
    ]
    return f'{{"keras": {json.dumps(keras.__version__)}, "layers": {{\n' + ",\n".join(rows) + "\n}}\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
