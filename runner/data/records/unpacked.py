"""Compressed TFRecord files, unpacked into the cache once: records are read by position."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO

from runner.data.files import FileFacts, file_facts
from runner.disk.atomic import replacing
from runner.errors import DataError

_GZIP = b"\x1f\x8b"
_MOST = 200
"""How many times its size a file may grow, as for arrays."""
_CHUNK = 1 << 20


def unpacked(file: FileFacts, folder: Path) -> FileFacts:
    """The file itself, or what a GZIP file holds, from the folder where the same content has been unpacked before.

    Args:
        file: of records.
        folder: of the cache; it is made where there is none.

    Raises:
        DataError: the file is cut or broken, grows too far, or the cache cannot be written.
    """
    with file.path.open("rb") as stream:
        if stream.read(len(_GZIP)) != _GZIP:
            return file
    place = folder / f"{file.sha256[:32]}.unpacked"
    path = place / file.path.name.removesuffix(".gz")
    if not path.is_file():
        try:
            place.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary, temporary.open("wb") as target:
                _unpack(file, target)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(f"{file.path.name} is not a complete GZIP file: {error}", "write the file again") from error
        except OSError as error:
            message = f"{file.path.name} cannot be unpacked into {folder}: {error.strerror or error}"
            raise DataError(message, "set RECIPE_CACHE_DIR to cache data in another folder") from error
    return file_facts(path)


def _unpack(file: FileFacts, target: BinaryIO) -> None:
    written, most = 0, _MOST * file.size
    with gzip.open(file.path) as stream:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > most:
                raise DataError(
                    f"{file.path.name} grows to more than {_MOST} times its {file.size:,} bytes",
                    "unpack it yourself, if you know where it comes from",
                )
            target.write(chunk)
