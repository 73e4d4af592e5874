"""Reads runs back by MLflow's own client; run by a Python that has MLflow: ``mlflow_reader.py ADDRESS``.

For each line with the id of a run it prints one of JSON.
"""

import hashlib
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mlflow import MlflowClient  # type: ignore[import-not-found] # it is in an environment of its own


def content(data: bytes) -> str:
    """A text, or the SHA-256 of what is none."""
    try:
        return data.decode("utf-8")
    except ValueError:
        return hashlib.sha256(data).hexdigest()


def read(client: MlflowClient, run_id: str) -> dict[str, object]:
    run = client.get_run(run_id)
    names = sorted(run.data.metrics)
    history = {name: client.get_metric_history(run_id, name) for name in names}
    with TemporaryDirectory() as folder:
        paths = [Path(client.download_artifacts(run_id, one.path, folder)) for one in client.list_artifacts(run_id)]
        files = {path.name: content(path.read_bytes()) for path in paths}
    return {
        "name": run.info.run_name,
        "experiment": client.get_experiment(run.info.experiment_id).name,
        "status": run.info.status,
        "began": run.info.start_time,
        "ended": run.info.end_time,
        "parameters": run.data.params,
        "tags": run.data.tags,
        "metrics": {name: [(one.value, one.timestamp, one.step) for one in history[name]] for name in names},
        "files": files,
        "data": {
            each.tags[0].value: (each.dataset.name, each.dataset.digest, json.loads(each.dataset.profile)["num_rows"])
            for each in run.inputs.dataset_inputs
        },
        "runs": len(client.search_runs([run.info.experiment_id])),
    }


if __name__ == "__main__":
    reader = MlflowClient(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(read(reader, line.strip())), flush=True)
