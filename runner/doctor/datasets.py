"""tensorflow-datasets: which datasets are prepared here, and whether others can be downloaded."""

from collections.abc import Iterator
from pathlib import Path

from runner.data.tfds.hub import unreachable
from runner.data.tfds.metadata import prepared_directory
from runner.doctor.finding import Finding

HUB = "https://storage.googleapis.com/tfds-data/"
"""Folders in which tensorflow-datasets keeps its own files."""
_SHOWN = 12


def data(directory: Path, *, offline: bool) -> Iterator[Finding]:
    """Check which datasets are prepared in a tensorflow-datasets directory, and whether the hub answers.

    Args:
        directory: the directory, if the user named one.
        offline: do not contact the hub.
    """
    found = prepared(directory)
    shown = ", ".join(f"{name} {version}" for name, version in [*found.items()][:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    there = f"{directory}: {shown}{more}" if found else f"{directory}: no prepared datasets"
    way_out = () if found else ("set TFDS_DATA_DIR or --data-dir to use another directory",)
    yield Finding("data", there, help=way_out, facts={"directory": str(directory), "prepared": found})
    if offline:
        yield Finding("hub", "not contacted (--offline)")
        return
    reason = unreachable([HUB])
    if reason is None:
        yield Finding("hub", "reachable: other datasets can be downloaded", facts={"reachable": True})
    else:
        help = ("prepared and built-in data work without it", "behind a proxy, set HTTPS_PROXY=http://…")
        yield Finding("hub", f"unreachable: {reason}", "warning", help, {"reachable": False})


def prepared(directory: Path) -> dict[str, str]:
    """Names of the prepared datasets with their newest versions."""
    names = sorted({path.parents[1].name for path in directory.glob("*/*.*.*/dataset_info.json")})
    folders = {name: prepared_directory(name, directory) for name in names}
    return {name: folder.name for name, folder in folders.items() if folder is not None}
