"""``lock.json`` of a run that anybody may have written, held to its types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runner.errors import ManifestBroken
from runner.lookback.json_values import Unfit, mapping, shown, text, whole
from runner.lookback.regular import read_regular
from runner.record.directory import RunPaths
from runner.record.manifest import read_lock
from runner.text import printable

_BYTES_AT_MOST = 1 << 22
_SET = "--set "


@dataclass(frozen=True)
class Papers:
    """What the results of a run depend on besides its record; empty where the run did not say it."""

    found: bool = False
    """Whether the run has a lock at all."""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    """With every default in place."""
    data: str = ""
    data_sha256: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, int] = field(default_factory=dict)
    device: Mapping[str, str] = field(default_factory=dict)
    computation: Mapping[str, str] = field(default_factory=dict)
    """How the device computed: ``parts`` of a batch side by side, the kernel of ``batch_normalization``."""
    packages: Mapping[str, str] = field(default_factory=dict)
    host: Mapping[str, str] = field(default_factory=dict)
    """Facts of the machine, and the environment variables by which TensorFlow computes otherwise."""
    code: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of custom code, by file."""
    weights: Mapping[str, str] | None = None
    """The trained model whose weights layers took: ``run``, ``which`` and ``sha256``; None: they took none."""
    published: Sequence[Mapping[str, str]] = ()
    """Files of published weights that applications began with: ``layer``, ``weights``, ``file`` and ``sha256``."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Values of ``--set``, by path; None where the recipe has no such path any more."""

    @property
    def chosen_by(self) -> str:
        """The metric that determines the best model; empty where the recipe is not known."""
        training = self.recipe.get("training")
        if not isinstance(training, Mapping):
            return ""
        stopping = training.get("early_stopping")
        if isinstance(stopping, Mapping) and stopping.get("restore_best"):
            return str(stopping.get("monitor"))
        return str(training.get("best") or ("val_loss" if self.examples.get("validation") else "loss"))

    @property
    def environment(self) -> dict[str, str]:
        """Versions and machine in one table, in the order in which people ask for them."""
        return {**self.packages, **self.host}


def read_papers(paths: RunPaths) -> Papers:
    """Read a run's lock; an empty one where the run has none.

    Raises:
        ManifestBroken: it is not what a run writes; the message has the file.
        OSError: it cannot be read.
    """
    where = printable(str(paths.lock_json))
    try:
        read_regular(paths.lock_json, _BYTES_AT_MOST)
        lock = read_lock(paths)
    except FileNotFoundError:
        return Papers()
    except RecursionError as error:
        raise ManifestBroken(f"{where}: nested too deeply") from error
    try:
        return _papers(lock)
    except Unfit as error:
        raise ManifestBroken(f"{where}: {printable(str(error))}") from error


def _papers(lock: Mapping[str, Any]) -> Papers:
    host = dict(mapping(lock, "host")) if "host" in lock else {}
    variables = _texts(host, "variables") if "variables" in host else {}
    return Papers(
        found=True,
        recipe=mapping(lock, "recipe"),
        data=text(lock, "data"),
        data_sha256=_texts(lock, "data_sha256") if lock.get("data_sha256") is not None else {},
        examples=_counts(lock, "examples") if "examples" in lock else {},
        device=_texts(lock, "device") if "device" in lock else {},
        computation=_texts(lock, "computation") if lock.get("computation") is not None else {},
        packages=_texts(lock, "packages") if "packages" in lock else {},
        host={**{key: _flat(key, value) for key, value in host.items() if key != "variables"}, **variables},
        code=_texts(lock, "code") if "code" in lock else {},
        weights=_texts(lock, "weights") if lock.get("weights") is not None else None,
        published=[_texts({"published": each}, "published") for each in lock.get("published", ())],
        overrides=_overrides(lock),
    )


def _overrides(lock: Mapping[str, Any]) -> dict[str, Any]:
    origins = _texts(lock, "origins") if "origins" in lock else {}
    return {path: _at(lock["recipe"], path) for path, origin in origins.items() if origin.startswith(_SET)}


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(values: Mapping[str, Any], key: str) -> dict[str, str]:
    found = mapping(values, key)
    return {name: "not installed" if value is None else _flat(f"{key}.{name}", value) for name, value in found.items()}


def _counts(values: Mapping[str, Any], key: str) -> dict[str, int]:
    found = mapping(values, key)
    return {name: whole(found, name) for name in found if found[name] is not None}


def _flat(name: str, value: Any) -> str:
    if not isinstance(value, str | int | float | None):
        raise Unfit(f"{name}: must be text or a number, got {shown(value)}")
    return "" if value is None else str(value)
