"""Prepare a dataset of tensorflow-datasets from files on the disk, each held against its registered SHA-256."""

import contextlib
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.data.files import file_facts
from runner.data.tfds.load import builder_of
from runner.data.tfds.metadata import prepared_directory
from runner.data.tfds.names import require_known
from runner.errors import DataError, HubError

MOST_NAMED = 5


@dataclass(frozen=True)
class Known:
    """A file that a dataset downloads, as tensorflow-datasets has registered it."""

    url: str
    name: str
    size: int
    sha256: str


def prepare_from_files(
    name: str, data_dir: Path, source: Path | None, report: Callable[[str], None], *, network: bool
) -> Path:
    """Prepare a dataset, unless it is prepared already.

    Args:
        name: plain name of the dataset.
        data_dir: the tensorflow-datasets directory.
        source: folder with the files that the dataset downloads, by their registered names.
        report: hears what is being done.
        network: whether files that are not in the folder may be downloaded.

    Returns:
        The folder of the prepared dataset.

    Raises:
        DataError: there is no such dataset, or a file has another size or SHA-256 than is registered.
        HubError: a file is not there and may not be downloaded, or cannot be.
    """
    found = prepared_directory(name, data_dir)
    if found is not None:
        report(f"{name} is prepared in {found}")
        return found
    require_known(name, data_dir)
    return prepare(builder_of(name, data_dir), source, report, network=network)


def prepare(builder: Any, source: Path | None, report: Callable[[str], None], *, network: bool) -> Path:
    """As :func:`prepare_from_files`, of a builder that was made."""
    known = _registered(builder)
    there = {file.name: source / file.name for file in known if source is not None and (source / file.name).is_file()}
    if source is not None:
        _verify(known, there, source)
        report(f"{len(there):,} of {len(known):,} registered files are in {source}, with the registered SHA-256")
    _run(builder, source, known, there, network=network)
    return Path(builder.data_path)


def _registered(builder: Any) -> list[Known]:
    infos: Mapping[str, Any] = builder.url_infos
    return [Known(url, info.filename, info.size, info.checksum) for url, info in infos.items() if info.filename]


def _verify(known: list[Known], there: Mapping[str, Path], source: Path) -> None:
    if not source.is_dir():
        raise DataError(f"{source} is not a folder", "--from names the folder that holds the files")
    for file in known:
        path = there.get(file.name)
        if path is None:
            continue
        facts = file_facts(path)
        if (facts.size, facts.sha256) != (file.size, file.sha256):
            raise DataError(
                f"{file.name} has {facts.size:,} bytes and SHA-256 {facts.sha256}; "
                f"tensorflow-datasets has registered {file.size:,} bytes and {file.sha256}",
                f"fetch it again from {file.url}, without unpacking it",
            )


class _Missing(Exception):
    """A file would be downloaded that may not be."""


def _run(builder: Any, source: Path | None, known: list[Known], there: Mapping[str, Path], *, network: bool) -> None:
    import tensorflow_datasets as tfds

    logging.getLogger("absl").setLevel(logging.ERROR)
    config = tfds.download.DownloadConfig(
        manual_dir=source, force_checksums_validation=bool(known), try_download_gcs=False
    )
    if not network:
        _without_network(builder)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # tfds prints there, which is for results
            builder.download_and_prepare(download_config=config)
    except _Missing as error:
        raise _absent(builder.name, str(error), known, there) from error
    except Exception as error:  # tfds and its readers raise whatever they like; all of it means no data
        said = next(iter(str(error).strip().splitlines()), "")
        raise HubError(f"dataset {builder.name!r} cannot be prepared: {type(error).__name__}: {said}") from error


def _without_network(builder: Any) -> None:
    """Let the builder's download manager find files that are there, and refuse to fetch any other."""
    make = builder._make_download_manager

    def made(*arguments: Any, **named: Any) -> Any:
        manager = make(*arguments, **named)

        def refuse(resource: Any) -> Any:
            raise _Missing(getattr(resource, "url", resource))

        manager._download = refuse
        return manager

    builder._make_download_manager = made


def _absent(name: str, url: str, known: list[Known], there: Mapping[str, Path]) -> HubError:
    lacking = [file for file in known if file.name not in there]
    names = ", ".join(file.name for file in lacking[:MOST_NAMED])
    more = f" and {len(lacking) - MOST_NAMED:,} more" if len(lacking) > MOST_NAMED else ""
    what = f"put {names}{more} into a folder and give it by --from" if lacking else "put it into the folder of --from"
    return HubError(f"dataset {name!r} needs {url}, which is not there", what, "--allow-network lets it be downloaded")
