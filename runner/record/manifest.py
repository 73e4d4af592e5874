"""The manifest of a run: the recipe's two forms, and ``lock.json`` with what its results depend on besides it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.data.access import DataAccess
from runner.disk.folder import read_plain
from runner.errors import DataError, ManifestBroken
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, remove_checkpoints, write_checkpoint
from runner.record.directory import RunDirectory, RunPaths
from runner.record.environment import host_facts, package_versions
from runner.record.manifest_model import LockBroken, parse_lock

if TYPE_CHECKING:
    from runner.hardware.device import Device


def subject(plan: Plan) -> dict[str, Any]:
    """What is trained, as ``lock.json`` has it: a run that goes on must have the same, or a policy."""
    code = dict(plan.code.sources) if plan.code is not None else {}
    return {"recipe": plan.recipe.model_dump(mode="json"), "data": plan.data.identity, "code": code}


class RunManifest:
    """The manifest of one run directory.

    Args:
        directory: the run's, locked by this process.
        plan: what trains in it now.
        device: what it trains on now.
        origins: where each value of the recipe came from.
        access: where its data is; a run that goes on looks for it in the same folders.

    Raises:
        ManifestBroken: when those of an earlier session cannot be read.
    """

    def __init__(
        self, directory: RunDirectory, plan: Plan, device: "Device", origins: Mapping[str, str], access: DataAccess
    ) -> None:
        self.directory, self.plan = directory, plan
        self.before = read_lock(directory)
        """The lock of an earlier session in this directory; empty in a new one."""
        self.generation: int = self.before.get("generation", 0)
        """How many times the recipe of this run was changed."""
        self._adapted: Checkpoint | None = None
        self.now: dict[str, Any] = {
            "fingerprint": plan.fingerprint,
            **subject(plan),
            "fallback": plan.fallback,
            "classes": list(plan.data.class_names),
            "examples": {"train": plan.data.train, "validation": plan.data.validation, "test": plan.data.test},
            "seed": plan.recipe.seed,
            "code_folder": str(plan.code.folder) if plan.code is not None else None,
            "data_folder": str(access.folder) if access.folder is not None else None,
            "data_root": str(access.root) if access.root is not None else None,
            "origins": dict(origins),
            "device": {"kind": device.kind, "description": device.description},
            "packages": package_versions(),
            "host": host_facts(),
        }

    def begin_generation(self, checkpoint: Checkpoint | None) -> None:
        """The recipe has changed: from :meth:`write` on, its checkpoints stand apart, and begin with this one."""
        self.generation += 1
        self._adapted = checkpoint

    def write(self, written: str, resolved: str) -> None:
        """Write the manifest of a new session; of a run that goes on unchanged the recipe stays as it is."""
        if self._adapted is not None:
            folder = self.directory.checkpoints(self.generation)
            self.directory.folder.require_in_place()
            remove_checkpoints(folder)  # of a session that was killed within this method
            write_checkpoint(folder, self._adapted)
            self._adapted = None
        if self.before.get("fingerprint") != self.plan.fingerprint:
            self.directory.write(self.directory.recipe, written)
            self.directory.write(self.directory.resolved, resolved)
        # last: with the lock a changed recipe takes effect, and its generation of checkpoints with it
        lock = {**self.now, "generation": self.generation}
        self.directory.write(self.directory.lock_json, json.dumps(lock, indent=2) + "\n")
        for generation in self.directory.generations():
            if generation < self.generation - 1:
                remove_checkpoints(self.directory.checkpoints(generation))

    def data_known(self, digests: Mapping[str, str]) -> None:
        """Note the data's SHA-256; the data of a run that goes on must be what it was.

        Raises:
            DataError: it is not.
        """
        before = self.before.get("data_sha256")
        if before is not None and before != dict(digests) and self._same_data():
            names = [name for name in digests if digests[name] != before.get(name)]
            raise DataError(
                f"{self.plan.data.label} has changed since the run began: {', '.join(names)} of other content",
                "bring the old data back, or start a new run",
            )
        self.now["data_sha256"] = dict(digests)

    def _same_data(self) -> bool:
        """Whether the recipe still asks for the very examples that it began with."""
        old, new = self.before.get("recipe") or {}, self.now["recipe"]
        return self.before.get("data") == self.now["data"] and all(old.get(key) == new[key] for key in ("data", "seed"))


def read_lock(directory: RunPaths) -> dict[str, Any]:
    """The lock that the directory holds; empty where there is none.

    Raises:
        ManifestBroken: when it is not what a run writes.
        OSError: when it is there but cannot be read.
    """
    path = directory.lock_json
    try:
        return parse_lock(read_plain(path))
    except FileNotFoundError:
        return {}
    except LockBroken as error:
        raise ManifestBroken(f"{path} cannot be read: {error}") from error


def recorded_access(directory: RunPaths, access: DataAccess) -> DataAccess:
    """Access to the files of a run's data, where they lay when it was last trained; as it is without a record.

    Raises:
        ManifestBroken: the lock is not what a run writes.
        OSError: when it is there but cannot be read.
    """
    lock = read_lock(directory)
    folder, root = lock.get("data_folder"), lock.get("data_root")
    return access if folder is None else access.within(Path(folder), Path(root) if root is not None else None)
