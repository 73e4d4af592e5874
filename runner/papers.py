"""The papers of a run: the recipe's two forms, and ``lock.json`` with what its results depend on besides it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runner.plan.facts import DataError
from runner.plan.plan import Plan
from runner.record.atomic import write_atomic
from runner.record.directory import RunDirectory
from runner.record.environment import host_facts, package_versions

if TYPE_CHECKING:
    from runner.engine.start import Device


class Papers:
    """The papers of one run directory.

    Args:
        directory: the run's, locked by this process.
        plan: what trains in it now.
        device: what it trains on now.
    """

    def __init__(self, directory: RunDirectory, plan: Plan, device: "Device") -> None:
        self.directory, self.plan = directory, plan
        self.before = read_lock(directory)
        """The lock of an earlier session in this directory; empty in a new one."""
        self.now: dict[str, Any] = {
            "fingerprint": plan.fingerprint,
            "recipe": plan.recipe.model_dump(mode="json"),
            "data": plan.data.label,
            "fallback": plan.fallback,
            "examples": {"train": plan.data.train, "validation": plan.data.validation, "test": plan.data.test},
            "seed": plan.recipe.seed,
            "device": {"kind": device.kind, "description": device.description},
            "packages": package_versions(),
            "host": host_facts(),
        }

    def write(self, written: str, resolved: str) -> None:
        """Write the papers of a new session; of a run that goes on unchanged they stay as they are."""
        if self.before.get("fingerprint") == self.plan.fingerprint:
            return
        write_atomic(self.directory.recipe, written)
        write_atomic(self.directory.resolved, resolved)
        self._write_lock()

    def data_known(self, digests: Mapping[str, str]) -> None:
        """Note the data's SHA-256; the data of a run that goes on must be what it was.

        Raises:
            DataError: it is not.
        """
        before = self.before.get("data_sha256")
        if before is not None and self.before.get("data") == self.plan.data.label and before != dict(digests):
            raise DataError(f"{self.plan.data.label} has changed since the run began", "start a new run")
        self.now["data_sha256"] = dict(digests)
        self._write_lock()

    def _write_lock(self) -> None:
        write_atomic(self.directory.lock_json, json.dumps(self.now, indent=2) + "\n")


def read_lock(directory: RunDirectory) -> dict[str, Any]:
    """The lock that the directory holds; empty where there is none.

    Raises:
        ValueError: when it is not a JSON object.
    """
    try:
        values = json.loads(directory.lock_json.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(values, dict):
        raise ValueError(f"{directory.lock_json} is not a JSON object")  # noqa: TRY004 - it is the file's fault
    return values
