"""The few calls of MLflow's REST API (2.0) that a tracker makes: the package mlflow is not needed for them."""

import base64
import http.client
import json
import os
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from runner.sinks.tracking.kept_connection import KeptConnection
from runner.sinks.tracking.server_error import ServerError, refused, unreached

Metric = tuple[str, float, int, int]
"""Name, value, milliseconds since 1970, step."""
MOST_METRICS = 1000
"""Of a call; MLflow takes no more."""
_PARAMETERS = 100
"""Of a call; MLflow takes no more."""


class MlflowClient:
    """A server.

    Args:
        uri: its address.

    Raises:
        ServerError: the address is none of http or https.
    """

    def __init__(self, uri: str) -> None:
        parts = urllib.parse.urlsplit(uri)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerError(f"MLFLOW_TRACKING_URI is to be the address of a server, http://…; it is {uri!r}")
        self._address, self._root = uri.rstrip("/"), parts.path.rstrip("/")
        self._connection = KeptConnection(uri)
        self._headers = _authorization(os.environ)

    def experiment(self, name: str) -> str:
        """The id of an experiment, which is made where there is none."""
        return self._experiment_there(name) or self._new_experiment(name)

    def _experiment_there(self, name: str) -> str | None:
        query = urllib.parse.urlencode({"experiment_name": name}, errors="replace")
        try:
            return str(_part(self._call(f"experiments/get-by-name?{query}"), "experiment", "experiment_id"))
        except ServerError as error:
            if error.status != 404:
                raise
            return None

    def _new_experiment(self, name: str) -> str:
        try:
            return str(_part(self._call("experiments/create", {"name": name}), "experiment_id"))
        except ServerError:
            there = self._experiment_there(name)  # another run has made it in the meantime
            if there is None:
                raise
            return there

    def create(self, experiment: str, name: str, began: int, tags: Mapping[str, str]) -> str:
        """Make a run, and give its id."""
        content = {"experiment_id": experiment, "run_name": name, "start_time": began, "tags": _pairs(tags)}
        return str(_part(self._call("runs/create", content), "run", "info", "run_id"))

    def find(self, experiment: str, name: str, began: int) -> str | None:
        """The id of the run that :meth:`create` has made, although its answer never came; None: it has not."""
        wanted = {"experiment_ids": [experiment], "filter": f"attributes.start_time = {began}", "max_results": 100}
        infos = [_part(run, "info") for run in self._call("runs/search", wanted).get("runs", ())]
        return next((str(_part(info, "run_id")) for info in infos if info.get("run_name") == name), None)

    def run(self, run: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """What the server has of a run: its ``info``, and its parameters.

        Raises:
            ServerError: with the status 404 where it knows none.
        """
        found = _part(self._call(f"runs/get?run_id={run}"), "run")
        parameters = _part(found, "data").get("params", ())
        return _part(found, "info"), {_part(one, "key"): _part(one, "value") for one in parameters}

    def parameters(self, run: str, values: Mapping[str, str]) -> None:
        """Say what a run was made with."""
        pairs = _pairs(values)
        for start in range(0, len(pairs), _PARAMETERS):
            self._call("runs/log-batch", {"run_id": run, "params": pairs[start : start + _PARAMETERS]})

    def metrics(self, run: str, values: Iterable[Metric]) -> None:
        """Add values, at most 1,000; those that are there already stay once."""
        rows = [
            {"key": key, "value": _double(value), "timestamp": time, "step": step} for key, value, time, step in values
        ]
        self._call("runs/log-batch", {"run_id": run, "metrics": rows})

    def tags(self, run: str, values: Mapping[str, str]) -> None:
        """Set tags, as many as fit a call."""
        self._call("runs/log-batch", {"run_id": run, "tags": _pairs(values)})

    def status(self, run: str, status: str, ended: int | None = None) -> None:
        """Say how a run stands: RUNNING, FINISHED, FAILED or KILLED."""
        self._call("runs/update", {"run_id": run, "status": status} | ({} if ended is None else {"end_time": ended}))

    def upload(self, place: str, name: str, content: bytes) -> None:
        """Put a file among the artifacts of a run whose ``artifact_uri`` is the place, ``mlflow-artifacts:/…``."""
        path = f"{urllib.parse.urlsplit(place).path}/{name}"
        self._ask("PUT", f"/api/2.0/mlflow-artifacts/artifacts{urllib.parse.quote(path)}", content, "text/plain")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _call(self, path: str, content: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Ask for something, or post what is given."""
        text = None if content is None else json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        body = None if text is None else text.encode("utf-8", "replace")  # a path may have bytes that are no text
        found = self._ask("GET" if body is None else "POST", f"/api/2.0/mlflow/{path}", body, "application/json")
        try:
            answer = json.loads(found or b"{}")
        except ValueError as error:
            raise ServerError(f"{self._address} does not answer as MLflow: its answer is no JSON") from error
        if not isinstance(answer, dict):
            raise ServerError(f"{self._address} does not answer as MLflow: a JSON object is missing")
        return answer

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> bytes:
        try:
            status, found = self._connection.ask(
                method, self._root + path, body, {"Content-Type": kind, **self._headers}
            )
        except (OSError, http.client.HTTPException) as error:
            raise unreached(self._address, error) from error
        if status >= 300:
            raise refused(status, found)
        return found


def _authorization(variables: Mapping[str, str]) -> dict[str, str]:
    """As MLflow's own client takes it from the environment."""
    token, user = variables.get("MLFLOW_TRACKING_TOKEN"), variables.get("MLFLOW_TRACKING_USERNAME")
    if token:
        return {"Authorization": f"Bearer {token}"}
    if not user:
        return {}
    pair = f"{user}:{variables.get('MLFLOW_TRACKING_PASSWORD', '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _pairs(values: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _part(answer: Any, *path: str) -> Any:
    """What an answer has at a path; a server that is none of MLflow's may answer anything."""
    for key in path:
        if not isinstance(answer, dict) or key not in answer:
            raise ServerError(f"the server does not answer as MLflow: {key!r} is missing")
        answer = answer[key]
    return answer


def _double(value: float) -> float | str:
    """JSON has no such numbers; protocol buffers have words for them."""
    if value != value:
        return "NaN"
    return value if abs(value) != float("inf") else "Infinity" if value > 0 else "-Infinity"
