"""The manifest of a run: the recipe as written and resolved, and ``lock.json`` with all else that results depend on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.data.access import DataAccess
from runner.data.series.prepared import PreparedSeries
from runner.disk.folder import read_plain
from runner.errors import DataError, ManifestBroken
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint, remove_checkpoints, write_checkpoint
from runner.record.directory import RUNS, RunDirectory, RunPaths
from runner.record.environment import host_facts, package_versions
from runner.record.manifest_model import LockBroken, parse_lock
from runner.source.gallery import gallery

if TYPE_CHECKING:
    from runner.hardware.device import Device


def subject(plan: Plan) -> dict[str, Any]:
    """The part of ``lock.json`` that says what is trained; resuming requires it to be equal, or a policy."""
    code = dict(plan.code.sources) if plan.code is not None else {}
    return {"recipe": plan.recipe.model_dump(mode="json"), "data": plan.data.identity, "code": code}


class RunManifest:
    """The manifest of one run directory.

    Args:
        directory: the run directory, locked by this process.
        plan: the plan that trains in it now.
        device: the device that it trains on now.
        origins: where each value of the recipe came from.
        access: where its data is; a run that goes on looks for it in the same folders.

    Raises:
        ManifestBroken: the manifest of an earlier session cannot be read.
    """

    def __init__(
        self, directory: RunDirectory, plan: Plan, device: "Device", origins: Mapping[str, str], access: DataAccess
    ) -> None:
        self.directory, self.plan = directory, plan
        self.before = read_lock(directory)
        """The lock of an earlier session in this directory; empty if there is none."""
        self.generation: int = self.before.get("generation", 0)
        """Number of changes of this run's recipe."""
        self._adapted: Checkpoint | None = None
        self.now: dict[str, Any] = {
            "fingerprint": plan.fingerprint,
            **subject(plan),
            "fallback": plan.fallback,
            "classes": list(plan.data.class_names),
            "examples": {"train": plan.data.train, "validation": plan.data.validation, "test": plan.data.test},
            "class_names": list(plan.output_names),
            **_inputs(plan),
            "seed": plan.recipe.seed,
            **weights_entries(plan),
            "code_folder": str(plan.code.folder) if plan.code is not None else None,
            "data_folder": str(access.folder) if access.folder is not None else None,
            "data_root": str(access.root) if access.root is not None else None,
            "origins": dict(origins),
            "device": {"kind": device.kind, "description": device.description},
            "computation": dict(device.computation),
            "packages": package_versions(),
            "host": host_facts(),
        }

    def begin_generation(self, checkpoint: Checkpoint | None) -> None:
        """Start a generation for a changed recipe: :meth:`write` gives it its own checkpoints, from this one on."""
        self.generation += 1
        self._adapted = checkpoint

    def write(self, written: str, resolved: str) -> None:
        """Write the manifest of a new session; if the recipe of a resumed run is unchanged, its files are kept."""
        if self._adapted is not None:
            folder = self.directory.checkpoints(self.generation)
            self.directory.folder.require_in_place()
            remove_checkpoints(folder)  # left by a session that was killed within this method
            write_checkpoint(folder, self._adapted)
            self._adapted = None
        if self.before.get("fingerprint") != self.plan.fingerprint:
            self.directory.write(self.directory.recipe, written)
            self.directory.write(self.directory.resolved, resolved)
        if self.plan.output_names:
            names = json.dumps(self.plan.output_names, ensure_ascii=False, indent=2)
            self.directory.write(self.directory.class_names, names + "\n")
        # last: with the lock a changed recipe takes effect, and its generation of checkpoints with it
        lock = {**self.now, "generation": self.generation}
        self.directory.write(self.directory.lock_json, json.dumps(lock, indent=2) + "\n")
        for generation in self.directory.generations():
            if generation < self.generation - 1:
                remove_checkpoints(self.directory.checkpoints(generation))

    def data_known(self, digests: Mapping[str, str]) -> None:
        """Record the SHA-256 of the data; the data of a resumed run must be unchanged.

        Raises:
            DataError: the data has changed.
        """
        before = self.before.get("data_sha256")
        if before is not None and before != dict(digests) and self._same_data():
            names = [name for name in digests if digests[name] != before.get(name)]
            raise DataError(
                f"{self.plan.data.label} has changed since the run started: {', '.join(names)} differ",
                "restore the old data, or start a new run",
            )
        self.now["data_sha256"] = dict(digests)

    def _same_data(self) -> bool:
        """Whether the recipe still uses exactly the examples that the run started with."""
        old, new = self.before.get("recipe") or {}, self.now["recipe"]
        return self.before.get("data") == self.now["data"] and all(old.get(key) == new[key] for key in ("data", "seed"))


def weights_entries(plan: Plan) -> dict[str, Any]:
    """Which weights the run began with, of a run or published; nothing where all were fresh."""
    source = plan.weights
    own = {} if source is None else {"weights": {"run": source.run, "which": source.which, "sha256": source.sha256}}
    files = [
        {"layer": each.layer, "weights": each.weights, "file": each.name, "sha256": each.sha256}
        for each in plan.published
    ]
    return {**own, **({"published": files} if files else {})}


def read_lock(directory: RunPaths) -> dict[str, Any]:
    """The lock of a run directory; empty if there is none.

    Raises:
        ManifestBroken: it is not in the form that runs write.
        OSError: it exists but cannot be read.
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


def data_elsewhere(directory: RunPaths, access: DataAccess) -> str | None:
    """What a person is told of folders of data that the record alone names.

    None where they are known: the run lies in the ``runs`` of a folder, the program was started in it or in one above
    it, or it is the gallery's. A run's record may be anybody's, and what is read from a folder that it names must be no
    surprise.
    """
    run, known = directory.root.resolve(), (Path.cwd().resolve(), gallery().resolve())

    def is_known(folder: Path) -> bool:
        return run.is_relative_to(folder / RUNS) or any(map(folder.is_relative_to, known))

    named = [folder for folder in (access.folder, access.root) if folder is not None]
    strange = [str(folder) for folder in named if not is_known(folder)]
    return f"data is read from {' and '.join(strange)}, as {directory.lock_json} says" if strange else None


def _inputs(plan: Plan) -> dict[str, Any]:
    """Columns that the model of a series receives, in their order: its array does not name them."""
    details = plan.data.details
    return {"inputs": list(details.inputs)} if isinstance(details, PreparedSeries) else {}
