"""Files at an address: fetched where the person allows it, and kept in the cache.

Invariants:

* Nothing is connected to without ``--allow-network``, and never by ``recipe validate``, which looks at no data.
* An address is plain: no user, password or query, so that a recipe can neither carry secrets nor say to which server
  credentials of the machine go. ``https`` stays ``https`` when it is redirected.
* What a run trains on is the copy in the cache; its content is hashed as that of any other file.
"""

import contextlib
import hashlib
import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from runner.data.cache import cache_folder
from runner.diagnostics.visible import quoted
from runner.disk.atomic import replacing, write_atomic
from runner.errors import DataError, KeyPath

SCHEMES = ("https", "s3", "gs")
_SECONDS = 30.0
"""Longest silence of a server."""
_CHUNK = 1 << 20
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
        network: whether the person allows it. If not, a copy that is there already is used as it is.

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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = (_web if parts.scheme == "https" else _store)(address, path, known)
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
    _web(address, path, None)


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


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith("https://"):
            fp.close()
            raise OSError(f"it is redirected to {quoted(newurl)}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _web(address: str, path: Path, known: dict[str, Any] | None) -> dict[str, Any] | None:
    """Fetch what has changed; None where the copy is as the server has it."""
    asked = {}
    if known is not None and known.get("etag"):
        asked["If-None-Match"] = known["etag"]
    elif known is not None and known.get("modified"):
        asked["If-Modified-Since"] = known["modified"]
    opener = urllib.request.build_opener(_OnlyHttps)
    try:
        answer = opener.open(urllib.request.Request(address, headers=asked), timeout=_SECONDS)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304:
            return None
        raise OSError(f"the server says {error.code} {error.reason}") from error
    with answer:
        length = answer.headers.get("Content-Length")
        size = _copied(answer, path, int(length) if length is not None else None)
        return {"size": size, "etag": answer.headers.get("ETag"), "modified": answer.headers.get("Last-Modified")}


def _store(address: str, path: Path, known: dict[str, Any] | None) -> dict[str, Any] | None:
    """As :func:`_web`, for an object store: what has another size or time of change is fetched."""
    import pyarrow.fs

    store, name = pyarrow.fs.FileSystem.from_uri(address)
    info = store.get_file_info(name)
    if info.type != pyarrow.fs.FileType.File:
        raise OSError("there is no such file")
    facts = {"size": info.size, "modified": str(info.mtime_ns)}
    if known is not None and all(known.get(key) == value for key, value in facts.items()):
        return None
    with contextlib.closing(store.open_input_stream(name)) as stream:
        _copied(stream, path, info.size)
    return facts


def _copied(stream: IO[bytes] | Any, path: Path, size: int | None) -> int:
    """Bytes that were copied, whole or not at all."""
    if size is not None and shutil.disk_usage(path.parent).free < size:
        raise OSError(f"{size:,} bytes do not fit on the disk of {path.parent}")
    copied = 0
    with replacing(path) as temporary, temporary.open("wb") as file:
        for chunk in _chunks(stream):
            file.write(chunk)
            copied += len(chunk)
        if size is not None and copied != size:
            raise OSError(f"the connection ended after {copied:,} of {size:,} bytes")
    return copied


def _chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
