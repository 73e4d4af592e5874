"""What a run has besides its values: files, the data it was trained on, and evaluations that followed it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from runner.disk.folder import read_plain
from runner.record.directory import RunPaths
from runner.sinks.tracking.mlflow_client import Metric, MlflowClient
from runner.sinks.tracking.mlflow_rows import fitting
from runner.sinks.tracking.server_error import ServerError

_ALWAYS = ("recipe.yaml", "resolved.yaml", "lock.json")
_FILES = {"model": "model.keras", "best": "best.keras", "report": "report.html"}
"""What a recipe may ask for."""
_CONTEXTS = {"train": "training", "validation": "validation", "test": "test"}
"""What MLflow calls that for which a run has used data."""
_DIGEST = 32
"""Characters of a digest; MLflow takes 36."""
_NONE = 404
"""A server before MLflow 2.4 knows no data of a run."""


def upload(
    client: MlflowClient,
    place: str,
    root: Path,
    chosen: Sequence[str],
    there: Mapping[str, str],
    beat: Callable[[], None],
) -> Iterator[tuple[str, str]]:
    """Put a run's files among its artifacts, if the server itself takes files.

    Args:
        client: of the server.
        place: the run's ``artifact_uri``.
        root: the run's directory.
        chosen: what the recipe asks for besides what is always sent: ``model``, ``best``, ``report``.
        there: SHA-256 by name of what the server has.
        beat: called as a file is being sent.

    Yields:
        Name and SHA-256 of each file once it is there.
    """
    parts = urlsplit(place)
    if parts.scheme != "mlflow-artifacts" or parts.netloc:
        return
    for name in (*_ALWAYS, *(_FILES[each] for each in chosen)):
        path = root / name
        if path.exists():
            content = read_plain(path)
            digest = hashlib.sha256(content).hexdigest()
            if there.get(name) != digest:
                client.upload(parts.path, name, content, beat)
                yield name, digest


def name_data(client: MlflowClient, run: str, root: Path) -> None:
    """Say on which data a run was trained, with the digests of its splits."""
    try:
        lock = json.loads(read_plain(RunPaths(root).lock_json))
        digests, counts = dict(lock["data_sha256"]), dict(lock["examples"])
        data = [_dataset(str(lock["data"]), split, str(digest), counts.get(split)) for split, digest in digests.items()]
    except (FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        return  # a run without a lock, or with that of a stranger, says nothing of its data
    if not data:
        return
    try:
        client.inputs(run, data)
    except ServerError as error:
        if error.status != _NONE:
            raise


def _dataset(data: str, split: str, digest: str, count: Any) -> Mapping[str, Any]:
    return {
        "tags": [{"key": "mlflow.data.context", "value": _CONTEXTS.get(split, split)}],
        "dataset": {
            "name": data[:500], "digest": digest[:_DIGEST], "source_type": "recipe",
            "source": json.dumps({"data": data, "split": split}), "profile": json.dumps({"num_rows": count}),
        },
    }  # fmt: skip


def evaluations(root: Path, steps: int) -> list[Metric]:
    """Figures of the evaluations that ``recipe evaluate`` has left in a run's directory: ``evaluation/test_accuracy``.

    Args:
        root: the run's directory.
        steps: those of the run; an evaluation of a model with others is from before it was continued.

    Raises:
        RunError: one of them is not an evaluation.
    """
    return [row for split in _CONTEXTS for row in _evaluation(root, split, steps)]


def _evaluation(root: Path, split: str, steps: int) -> Iterator[Metric]:
    from runner.record.kept_evaluation import path_of, read_evaluation  # with NumPy, which no other sender needs

    path = path_of(root, split)
    if not path.exists():
        return
    when, facts = round(path.stat().st_mtime * 1000), read_evaluation(path).facts
    if facts.step == steps:
        for name, value in facts.metrics.items():
            yield fitting(f"evaluation/{split}_{name}"), value, when, steps
