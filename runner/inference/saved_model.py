"""Opens a run's saved model, and nothing that such a file should not name.

A ``.keras`` file is a ZIP with ``config.json``, ``metadata.json`` and ``model.weights.h5``. Keras imports the modules
that the configuration names; here only its own may be named, and custom code that the person allows.
"""

import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runner.errors import ModelUnusable
from runner.text import printable

_FILES = {"config.json", "metadata.json", "model.weights.h5", "class_names.json", "threshold.json"}
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
        with _names_of_columns():
            return keras.saving.load_model(path, custom_objects=dict(custom), compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # Keras and h5py raise whatever they like about a file that is not what it should be
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelUnusable(f"{printable(str(path))} cannot be opened: {printable(first)}") from error


@contextmanager
def _names_of_columns() -> Iterator[None]:
    """Without Keras' warning of inputs that are not called as their columns: it has no slash in names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
        yield


def _require_plain(path: Path, custom: Mapping[str, Any]) -> None:
    """Look at what the file holds before Keras does."""
    shown = printable(str(path))
    if path.is_symlink() or not path.is_file():
        raise ModelUnusable(
            f"{shown} is {'a link' if path.is_symlink() else 'missing'}; only a run's own file is opened",
            "`recipe resume` finishes a run that was stopped",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            strange = sorted(set(archive.namelist()) - _FILES)
            config = json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RecursionError) as error:
        raise ModelUnusable(f"{shown} is torn or not a Keras file: {printable(str(error))}") from error
    if strange:
        raise ModelUnusable(f"{shown} holds {printable(strange[0])}, which a trained model does not")
    for module, name in _named(config):
        if module.partition(".")[0] != "keras" and name not in custom:
            raise ModelUnusable(
                f"{shown} names {printable(f'{module}.{name}')}, which is not Keras'",
                "a model with custom layers needs --allow-code; read the code first",
            )


def stored_class_names(path: Path) -> tuple[str, ...]:
    """Names of the classes that the file carries; empty where it carries none."""
    names = _member(path, "class_names.json")
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else ()


def stored_threshold(path: Path) -> float | None:
    """Probability above which the file's one output means class 1; None where it carries none."""
    found = _member(path, "threshold.json")
    value = found.get("threshold") if isinstance(found, dict) else None
    return value if isinstance(value, float) and 0 <= value < 1 else None


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


def with_probabilities(model: Any, *, logits: bool, labels: bool = False) -> Any:
    """The model whose outputs are probabilities: sigmoid of one logit or of labels, softmax of classes.

    Without logits it is the model itself.
    """
    if not logits:
        return model
    import keras

    activation = "sigmoid" if labels or model.output_shape[-1] == 1 else "softmax"
    with _names_of_columns():
        return keras.Model(model.input, keras.layers.Activation(activation, dtype="float32")(model.outputs[0]))


def core_of(model: Any) -> Any:
    """The trained model within one that takes raw rows or texts; any other model itself.

    The saved model of a table or of texts applies the trained one, a layer of its own, to what it makes of its inputs.
    """
    import keras

    nested = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return nested[-1] if takes_raw(model) and nested else model


def takes_raw(model: Any) -> bool:
    """Whether the model takes named columns or texts in place of one array of numbers."""
    return isinstance(model.input, dict) or any(tensor.dtype == "string" for tensor in model.inputs)
