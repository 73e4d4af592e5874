"""Copies of files that web servers and object stores have."""

import contextlib
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from runner.diagnostics.visible import quoted
from runner.disk.atomic import replacing

_SECONDS = 30.0
"""Longest silence of a server."""
_CHUNK = 1 << 20


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith("https://"):
            fp.close()
            raise OSError(f"it is redirected to {quoted(newurl)}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def from_web(address: str, path: Path, known: dict[str, Any] | None) -> dict[str, Any] | None:
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
        raise OSError(f"the server answered {error.code} {error.reason}") from error
    with answer:
        length = answer.headers.get("Content-Length")
        size = _copied(answer, path, int(length) if length is not None else None)
        return {"size": size, "etag": answer.headers.get("ETag"), "modified": answer.headers.get("Last-Modified")}


def from_store(address: str, path: Path, known: dict[str, Any] | None) -> dict[str, Any] | None:
    """As :func:`from_web`, for an object store: what has another size or time of change is fetched."""
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
