"""Files of published weights: found in Keras' cache, or fetched where the person allows it.

A file is read only after its hash was compared with the one that Keras states. Where Keras states none, the SHA-256 of
what is there holds from the plan on: it is a part of the fingerprint.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from runner.data.remote import fetch_whole
from runner.errors import PublishedMissing, PublishedUnusable
from runner.plan.published import PublishedWeights, WantedWeights
from runner.text import printable

VARIABLE = "KERAS_HOME"
"""Names the folder of Keras' cache and settings."""
_SHA256_DIGITS = 64
_CHUNK = 1 << 20


def keras_models() -> Path:
    """The folder of Keras' cache for weights: ``models`` in ``KERAS_HOME``, else in ``~/.keras``."""
    return Path(os.environ.get(VARIABLE) or "~/.keras").expanduser() / "models"


def found_file(wanted: WantedWeights, *, network: bool) -> PublishedWeights:
    """The file that an application asks for, with its digest.

    Args:
        wanted: the application, and the file.
        network: whether the person allows that a missing file is fetched.

    Raises:
        PublishedMissing: it is not there and may not be fetched, or fetching fails.
        PublishedUnusable: what is there is another file.
    """
    path = keras_models() / wanted.published.file
    if not path.exists():
        if not network:
            raise _missing(wanted, path)
        _fetch(wanted, path)
    return PublishedWeights(
        wanted.layer, wanted.weights, wanted.published.file, _required(wanted, path, path), path, wanted.path
    )


def _missing(wanted: WantedWeights, path: Path) -> PublishedMissing:
    return PublishedMissing(
        f"{wanted.published.file}, the {wanted.weights} weights of '{printable(wanted.layer)}', is not in "
        f"{printable(str(path.parent))}, and nothing may be fetched",
        f"`--allow-network` fetches it from {wanted.published.address}",
        "or put the file there yourself",
        "or begin with the weights of a run of yours: `weights: none` here and `model.weights: {run: …}`",
        path=wanted.path,
    )


def _fetch(wanted: WantedWeights, path: Path) -> None:
    """Bring the file into the cache, once its hash is known to be right."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".recipe-", dir=path.parent) as folder:
            part = Path(folder) / wanted.published.file
            fetch_whole(wanted.published.address, part)
            _required(wanted, part, path)
            part.replace(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise PublishedMissing(
            f"{wanted.published.address} cannot be fetched: {printable(str(reason))}",
            f"put {wanted.published.file} into {printable(str(path.parent))} yourself",
            path=wanted.path,
        ) from error


def _required(wanted: WantedWeights, path: Path, told: Path) -> str:
    """SHA-256 of a file that has the hash that Keras states."""
    stated = wanted.published.hash
    algorithm = "sha256" if stated is not None and len(stated) == _SHA256_DIGITS else "md5"
    try:
        with path.open("rb") as stream:
            sha256, received = digests(stream, algorithm)
    except OSError as error:
        raise PublishedUnusable(f"{printable(str(told))} cannot be read: {error.strerror}", path=wanted.path) from error
    if stated is not None and received != stated:
        name = {"sha256": "SHA-256", "md5": "MD5"}[algorithm]
        raise PublishedUnusable(
            f"{printable(str(told))} is not the file that Keras publishes: its {name} is {received}, not {stated}",
            f"remove it; `--allow-network` fetches {wanted.published.address}",
            path=wanted.path,
        )
    return sha256


def digests(stream: BinaryIO, algorithm: str) -> tuple[str, str]:
    """SHA-256 of what a stream holds, and its digest by another algorithm that guards against damage alone."""
    sha256, other = hashlib.sha256(), hashlib.new(algorithm, usedforsecurity=False)
    while chunk := stream.read(_CHUNK):
        sha256.update(chunk)
        other.update(chunk)
    return sha256.hexdigest(), other.hexdigest()
