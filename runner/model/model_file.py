"""Opens a run's saved model, and nothing that such a file should not name.

A ``.keras`` file is a ZIP with ``config.json``, ``metadata.json`` and ``model.weights.h5``. Keras imports the modules
that the configuration names; here only its own may be named, and custom code that the person allows.
"""

import hashlib
import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runner.errors import ModelUnusable
from runner.measures.decisions import Threshold, Thresholds
from runner.text import printable

_FILES = {"config.json", "metadata.json", "model.weights.h5", "class_names.json", "threshold.json"}
_CHUNK = 1 << 20
_MEMBER_AT_MOST = 1 << 20
"""Bytes of the names of classes, or of the threshold."""


def open_model(path: Path, custom: Mapping[str, Any]) -> Any:
    """The model of a ``.keras`` file, not compiled; importing Keras is the caller's to prepare.

    Args:
        path: the file.
        custom: classes of custom code that are allowed, by name.

    Raises:
        ModelUnusable: the file is missing, torn, or names what it may not.
    """
    _require_plain(path, custom)
    import keras

    try:
        with names_of_columns():
            return keras.saving.load_model(path, custom_objects=dict(custom), compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # Keras and h5py raise whatever they like about a file that is not what it should be
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelUnusable(f"{printable(str(path))} cannot be opened: {printable(first)}") from error


@contextmanager
def names_of_columns() -> Iterator[None]:
    """Without Keras' warning of inputs that are not called as their columns: it has no slash in names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
        yield


def require_file(path: Path) -> None:
    """Raise unless the file is there and is no link.

    Raises:
        ModelUnusable: it is not.
    """
    if path.is_symlink() or not path.is_file():
        what = "a link" if path.is_symlink() else "missing"
        raise ModelUnusable(
            f"{printable(str(path))} is {what}; only a run's own file is opened",
            "`recipe resume` finishes a run that was stopped",
        )


def _require_plain(path: Path, custom: Mapping[str, Any]) -> None:
    """Look at what the file holds before Keras does."""
    shown = printable(str(path))
    require_file(path)
    try:
        with zipfile.ZipFile(path) as archive:
            strange = sorted(set(archive.namelist()) - _FILES)
            config = json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RecursionError) as error:
        raise ModelUnusable(f"{shown} is damaged or not a Keras file: {printable(str(error))}") from error
    if strange:
        raise ModelUnusable(f"{shown} holds {printable(strange[0])}, which a trained model does not")
    for module, name in _named(config):
        if module.partition(".")[0] != "keras" and name not in custom:
            raise ModelUnusable(
                f"{shown} names {printable(f'{module}.{name}')}, which is not Keras'",
                "a model with custom layers needs --allow-code; read the code first",
            )


def content_digest(path: Path) -> str:
    """SHA-256 of a model's architecture and weights: the time at which the file was saved is no part of it.

    Raises:
        ModelUnusable: the file is missing or torn, or packed, which no saved model is.
    """
    require_file(path)
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive:
            for name in ("config.json", "model.weights.h5"):
                if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
                    raise ModelUnusable(f"{printable(str(path))} is packed, which a trained model is not")
                with archive.open(name) as member:
                    while chunk := member.read(_CHUNK):
                        digest.update(chunk)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise ModelUnusable(
            f"{printable(str(path))} is damaged or not a Keras file: {printable(str(error))}"
        ) from error
    return digest.hexdigest()


def layers_by_name(model: Any) -> dict[str, Any]:
    """The layers of a model and of the models within it; of two with the same name the inner one.

    A model that an application has as a part stays one layer: it goes by the application's name, with a dot.
    """
    import keras

    found: dict[str, Any] = {}
    for layer in model.layers:
        whole = isinstance(layer, keras.Model) and "." not in layer.name
        found |= layers_by_name(layer) if whole else {layer.name: layer}
    return found


def stored_class_names(path: Path) -> tuple[str, ...]:
    """Names of the classes that the file carries; empty where it carries none."""
    names = _member(path, "class_names.json")
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else ()


def stored_threshold(path: Path) -> Thresholds | None:
    """Probability above which the file's one output means class 1, or one for each label; of several outputs by name.

    None: it carries none that can be read.
    """
    found = _member(path, "threshold.json")
    value = found.get("threshold") if isinstance(found, dict) else None
    if not isinstance(value, dict):
        return _threshold(value)
    each = {str(name): threshold for name, one in value.items() if (threshold := _threshold(one)) is not None}
    return each if len(each) == len(value) else None


def _threshold(value: Any) -> Threshold | None:
    if isinstance(value, list) and value and all(map(_cuts, value)):
        return tuple(value)
    return value if isinstance(value, float) and _cuts(value) else None


def _cuts(value: Any) -> bool:
    return isinstance(value, float) and 0 <= value < 1


def _member(path: Path, name: str) -> Any:
    """The content of a small JSON member; None where there is none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(name).file_size > _MEMBER_AT_MOST:
                return None
            return json.loads(archive.read(name))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, RecursionError):
        return None


def _named(config: Any) -> Iterator[tuple[str, str]]:
    """Module and class of everything that a configuration would have made."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("module"), str):
                yield value["module"], str(value.get("class_name"))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
