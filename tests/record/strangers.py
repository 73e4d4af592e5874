"""A run that somebody sent, and what could stand in it in place of plain files."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np

from runner.record.checkpoint import Checkpoint
from runner.record.events_file import EventsWriter
from tests.sinks.script import whole_run

RECIPE = """\
recipe: 1
name: small
task: classification
data: {source: builtin, name: digits, batch_size: 128}
model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 8}]}
optimizer: {kind: adam}
schedule: {kind: 1cycle, max_lr: 0.01}
training: {epochs: 5}
"""
NEWEST = "checkpoints/step-000000000028.safetensors"
CHANGED = "checkpoints/changed-1"


def checkpoint(step: int) -> Checkpoint:
    """A small one."""
    return Checkpoint(step, {}, {"model.weights": np.full(3, step, np.float32)})


def sent_run(root: Path) -> Path:
    """A folder of plain files, with every name that a run can have."""
    (root / CHANGED).mkdir(parents=True)
    for name in ("recipe.yaml", "resolved.yaml"):
        (root / name).write_text(RECIPE)
    for name in ("model.keras", "best.keras", NEWEST, f"{CHANGED}/step-000000000028.safetensors"):
        (root / name).write_bytes(b"torn")
    (root / "lock.json").write_text("{}")
    with EventsWriter(root / "events.jsonl") as writer:
        for event in whole_run(3, "plateau"):
            writer(event)
    return root


def _link(path: Path, precious: Path) -> None:
    path.symlink_to(precious)


def _link_to_a_folder(path: Path, precious: Path) -> None:
    path.symlink_to(precious.parent)


def _dangling(path: Path, precious: Path) -> None:
    path.symlink_to(precious.with_name("not-there"))


def _fifo(path: Path, precious: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path, precious: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def _folder(path: Path, precious: Path) -> None:
    path.mkdir()
    (path / "inside").write_text("mine")


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "a symbolic link": _link,
    "a symbolic link, to a folder": _link_to_a_folder,
    "a symbolic link, to nothing": _dangling,
    "a FIFO": _fifo,
    "a socket": _socket,
    "a directory": _folder,
}


def put(kind: str, path: Path, precious: Path) -> None:
    """Put it in the place of a file or a folder."""
    if path.is_dir():
        path.rename(path.with_name("was"))
        os.rename(path.with_name("was"), precious.parent / f"was-{path.name}")
    path.unlink(missing_ok=True)
    KINDS[kind](path, precious)


def everything(folder: Path) -> dict[str, bytes | str]:
    """Every name under a folder, with its content or where it leads."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        else:
            found[name] = path.read_bytes() if path.is_file() else "no file"
    return found
