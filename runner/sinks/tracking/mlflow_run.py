"""A run on MLflow's server: made once, and found again; what the server has acknowledged is noted beside the record."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder, read_plain
from runner.events import RunEnded, RunStarted, Status
from runner.sinks.tracking.mlflow_belongings import evaluations, name_data, upload
from runner.sinks.tracking.mlflow_client import Metric, MlflowClient
from runner.sinks.tracking.mlflow_group import above, group_of, made_here
from runner.sinks.tracking.server_error import ServerError

FILE = "mlflow.json"
"""In the run's directory: which run of the server it is, and how many values it has of each session."""
_ID = re.compile(r"[0-9a-f]{32}")
_LARGEST = 1 << 20
"""Bytes of the file that are read; a session takes 25 to 40 of them."""
_TEXT = 5_000
"""Characters of a tag; MLflow takes 8,000."""
_STATUS: Mapping[Status, str] = {
    "finished": "FINISHED", "expectation_missed": "FINISHED", "interrupted": "KILLED", "terminated": "KILLED",
    "pruned": "KILLED",
}  # fmt: skip


@dataclass
class Note:
    """What :data:`FILE` says."""

    run_id: str = ""
    sent: dict[str, int] = field(default_factory=dict)
    """For each session, by the milliseconds since 1970 when it began and the interval of its steps, how many of its
    first values are there."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the files that are there."""

    def write(self, root: Path) -> None:
        """Write it into a run's directory."""
        with Folder(root) as folder:
            content = {name: value for name, value in asdict(self).items() if value or name != "files"}
            write_atomic(root / FILE, json.dumps(content) + "\n", folder)


def read_note(root: Path) -> Note:
    """What was noted before; an empty note where there is none, or where a stranger has written something else."""
    try:
        found = json.loads(read_plain(root / FILE)[:_LARGEST])
        run, sent, files = found["run_id"], found.get("sent", {}), found.get("files", {})
        fits = _ID.fullmatch(run) and all(type(count) is int and count >= 0 for count in sent.values())
        fits = fits and all(isinstance(digest, str) for digest in files.values())
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Note()
    return Note(run, sent, files) if fits else Note()


class MlflowRun:
    """All calls are made by one thread, in the order of the run's events; one that has failed may be made again.

    Args:
        client: of the server.
        parameters: what the run was made with.
        afterwards: whether the run is over, and its record is sent from the beginning.
        artifacts: files that the recipe asks for.
    """

    def __init__(
        self, client: MlflowClient, parameters: Mapping[str, str], *, afterwards: bool, artifacts: Sequence[str] = ()
    ) -> None:
        self._artifacts = artifacts
        self._client, self._parameters, self._afterwards = client, parameters, afterwards
        self._root, self._place, self._session = Path(), "", ""
        self._note = Note()
        self._above: Mapping[str, str] = {}
        self._count = self._there = 0
        self._tried = False

    def open(self, run: RunStarted, interval: int) -> None:
        """Find the run that this one is on the server, or make it; a session of it begins.

        Args:
            run: the first event of the session.
            interval: of the steps whose values are sent: with another one the first values are others.
        """
        self._root, self._session = Path(run.run_dir), _session(run, interval)
        self._note = read_note(self._root)
        group = group_of(self._root)
        if group is not None:
            began = round(run.time * 1000)
            self._above = above(self._client, group, run.recipe, began, trains=not self._afterwards)
        if not (self._note.run_id and self._reopened()):
            self._note = Note(self._found(run) or self._made(run))
            self._note.write(self._root)
            self._reopened()
        self._count, self._there = 0, self._note.sent.get(self._session, 0)

    def _reopened(self) -> bool:
        """Whether the server knows the run; it then has its parameters, and trains."""
        run = self._note.run_id
        try:
            info, parameters, tags = self._client.run(run)
        except ServerError as error:
            if error.status != 404:
                raise
            return False
        self._place = str(info.get("artifact_uri", ""))
        missing = {name: value for name, value in self._parameters.items() if name not in parameters}
        if missing:
            self._client.parameters(run, missing)
        if any(tags.get(name) != value for name, value in self._above.items()):
            self._client.tags(run, self._above)
        if info.get("status") != "RUNNING" and not self._afterwards:
            self._client.status(run, "RUNNING")
        return True

    def _found(self, run: RunStarted) -> str | None:
        """The run, if it was made although the server's answer was lost."""
        if not (self._tried or self._afterwards):
            return None
        return self._client.find(self._client.experiment(run.recipe), self._root.name, round(run.time * 1000))

    def _made(self, run: RunStarted) -> str:
        self._tried = True
        tags = {**tags_of(run), **self._above}
        return self._client.create(self._client.experiment(run.recipe), self._root.name, round(run.time * 1000), tags)

    def metrics(self, values: Sequence[Metric]) -> None:
        """Add the session's next values, and note them; what the server has acknowledged before is not sent again."""
        rest = values[max(0, self._there - self._count) :]
        if rest:
            self._client.metrics(self._note.run_id, rest)
        self._count += len(values)
        if self._count > self._there:
            self._note.sent[self._session] = self._count
            self._note.write(self._root)

    def end(self, event: RunEnded) -> None:
        """Say how the run has ended, and why; whoever reads FINISHED finds all values."""
        self._evaluations(event.steps)
        message = {"recipe.message": event.message[:_TEXT]} if event.message else {}
        self._client.tags(self._note.run_id, {"recipe.status": event.status, **message})
        self._client.status(self._note.run_id, _STATUS.get(event.status, "FAILED"), round(event.time * 1000))

    def belongings(self, beat: Callable[[], None]) -> None:
        """Add what the run has besides its values; ``beat`` is called as a file is being sent."""
        name_data(self._client, self._note.run_id, self._root)
        for name, digest in upload(self._client, self._place, self._root, self._artifacts, self._note.files, beat):
            self._note.files[name] = digest
            self._note.write(self._root)

    def follow(self, run: Path, steps: int, beat: Callable[[], None]) -> None:
        """Add what has followed the training: files that have come or changed since, and evaluations.

        Nothing is added where the server has nothing of the run: all of it is still to be sent.

        Args:
            run: its directory.
            steps: those of the run.
            beat: called as a file is being sent.
        """
        self._root, self._note = run, read_note(run)
        if self._note.run_id and self._reopened():
            self._evaluations(steps)
            self.belongings(beat)

    def _evaluations(self, steps: int) -> None:
        found = evaluations(self._root, steps)
        if found:
            self._client.metrics(self._note.run_id, found)

    def close(self) -> None:
        """Close the connection; a later call opens another."""
        self._client.close()


def _session(run: RunStarted, interval: int) -> str:
    began = str(round(run.time * 1000))
    return began if interval == 1 else f"{began} every {interval}"


def tags_of(run: RunStarted) -> dict[str, str]:
    """What MLflow shows in its columns and above the curves."""
    size = f"{run.parameters:,} parameters, {run.epochs:,} epochs of {run.steps_per_epoch:,} steps"
    text = f"`{run.recipe}` on {run.data}: {size}. The record is in `{run.run_dir}`."
    return {
        "mlflow.note.content": text, "mlflow.source.name": f"recipe run {run.recipe}", **made_here(),
        "recipe.fingerprint": run.fingerprint, "recipe.data": run.data, "recipe.run_dir": run.run_dir,
    }  # fmt: skip
