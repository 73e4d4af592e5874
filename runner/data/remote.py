"""Files at an address: fetched where the person allows it, and kept in the cache.

Invariants:

* Nothing is connected to without ``--allow-network``, and never by ``recipe validate``, which looks at no data.
* An address is plain: no user, password or query, so that a recipe can neither carry secrets nor say to which server
  credentials of the machine go. ``https`` stays ``https`` when it is redirected.
* What a run trains on is the copy in the cache; its content is hashed as that of any other file.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from runner.data.cache import cache_folder
from runner.diagnostics.visible import quoted
from runner.disk.atomic import write_atomic
from runner.errors import DataError, KeyPath

SCHEMES = ("https", "s3", "gs")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_FACTS = "facts.json"


def is_remote(name: str) -> bool:
    """Whether a recipe names a file by an address rather than by a path."""
    return name.partition("://")[0].lower() in (*SCHEMES, "http")


def remote_file(address: str, place: KeyPath, *, network: bool) -> Path:
    """The copy of a remote file, which is fetched or compared with the original where that is allowed.

    Args:
        address: such as ``https://host/cars.csv`` or ``s3://bucket/cars.parquet``.
        place: of the key in the recipe.
        network: whether the person allows it. If not, a copy that already exists is used as it is.

    Raises:
        DataError: the address has another form, there is no copy and none may be fetched, or fetching fails.
    """
    parts = _parts(address, place)
    folder = cache_folder() / "remote" / hashlib.sha256(address.encode()).hexdigest()[:32]
    path = folder / (_NAME.sub("_", unquote(parts.path.rpartition("/")[2]))[-100:] or "file")
    known = _known(folder, path)
    if not network:
        if known is None:
            raise DataError(
                f"{quoted(address)} is not on this machine, and nothing may be fetched",
                "`recipe plan FILE --allow-network` fetches it; or name a file on the disk",
                path=place,
                code="R550",
            )
        return path
    from runner.data.servers import from_store, from_web  # with Python's HTTP client, which other recipes do without

    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = (from_web if parts.scheme == "https" else from_store)(address, path, known)
        if found is not None:
            write_atomic(folder / _FACTS, json.dumps({**found, "address": address}))
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise DataError(f"{quoted(address)} cannot be fetched: {reason}", path=place, code="R550") from error
    return path


def fetch_whole(address: str, path: Path) -> None:
    """Fetch a file that does not change, from a web server; it is there as a whole or not at all.

    Args:
        address: begins with ``https://``.
        path: where it goes.

    Raises:
        OSError: the server does not give it, the connection ends, or the disk is full.
    """
    from runner.data.servers import from_web

    from_web(address, path, None)


def _parts(address: str, place: KeyPath) -> Any:
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise DataError(
            f"{quoted(address)}: files are read from addresses of {', '.join(f'{scheme}://' for scheme in SCHEMES)}",
            "download it, and name the file",
            path=place,
            code="R550",
        )
    if not parts.netloc or not parts.path.strip("/") or "@" in parts.netloc or parts.query or parts.fragment:
        raise DataError(
            f"{quoted(address)}: an address is {parts.scheme}://PLACE/FILE, without user, query or fragment",
            "credentials come from the environment, as AWS_PROFILE or GOOGLE_APPLICATION_CREDENTIALS",
            path=place,
            code="R550",
        )
    if any(sign in parts.path for sign in "*?["):
        raise DataError(f"{quoted(address)}: an address names one file", "list each file", path=place, code="R550")
    return parts


def _known(folder: Path, path: Path) -> dict[str, Any] | None:
    """What was noted of the copy; None where there is no whole one."""
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        return facts if isinstance(facts, dict) and path.stat().st_size == facts["size"] else None
    except (OSError, ValueError, KeyError):
        return None
