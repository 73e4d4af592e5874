"""The few calls of MLflow's REST API (2.0) that a tracker makes: the package mlflow is not needed for them."""

import base64
import http.client
import json
import os
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from runner.sinks.tracking.kept_connection import KeptConnection
from runner.sinks.tracking.server_error import TOO_LARGE, ServerError, refused, unreached, unread

Metric = tuple[str, float, int, int]
"""Name, value, milliseconds since 1970, step."""
VARIABLE = "MLFLOW_TRACKING_URI"
"""Names the server; a recipe cannot name one."""
MOST_METRICS = 1000
"""Of a call; MLflow takes no more."""
_PARAMETERS = 100
"""Of a call; MLflow takes no more."""


class Known(NamedTuple):
    """What the server has of a run, but for its values."""

    info: Mapping[str, Any]
    parameters: Mapping[str, str]
    tags: Mapping[str, str]

    @property
    def id(self) -> str:
        """By which the run is asked for."""
        return str(_part(self.info, "run_id"))


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
        found = self._search(experiment, f"attributes.start_time = {began}")
        return next((run.id for run in found if run.info.get("run_name") == name), None)

    def tagged(self, experiment: str, tag: str, value: str) -> Known | None:
        """The run that has a tag with this value, in which there are no quotes; None: there is none."""
        return next(iter(self._search(experiment, f"tags.`{tag}` = '{value}'")), None)

    def _search(self, experiment: str, condition: str) -> list[Known]:
        """The runs for which something is so; those that were deleted are not among them."""
        wanted = {"experiment_ids": [experiment], "filter": condition, "max_results": 100}
        return [_known(run) for run in self._call("runs/search", wanted).get("runs", ())]

    def run(self, run: str) -> Known:
        """What the server has of a run.

        Raises:
            ServerError: with the status 404 where it knows none.
        """
        return _known(_part(self._call(f"runs/get?run_id={run}"), "run"))

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
        self._in_parts(run, rows)

    def _in_parts(self, run: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows in one call, or in as many as a proxy asks for that takes no large ones."""
        try:
            self._call("runs/log-batch", {"run_id": run, "metrics": rows})
        except ServerError as error:
            if error.status != TOO_LARGE or len(rows) == 1:
                raise
            half = len(rows) // 2
            self._in_parts(run, rows[:half])
            self._in_parts(run, rows[half:])

    def tags(self, run: str, values: Mapping[str, str]) -> None:
        """Set tags, as many as fit a call."""
        self._call("runs/log-batch", {"run_id": run, "tags": _pairs(values)})

    def status(self, run: str, status: str, ended: int | None = None) -> None:
        """Say how a run stands: RUNNING, FINISHED, FAILED or KILLED."""
        self._call("runs/update", {"run_id": run, "status": status} | ({} if ended is None else {"end_time": ended}))

    def inputs(self, run: str, data: Sequence[Mapping[str, Any]]) -> None:
        """Say which data a run has used; what it is known to have used already is there once."""
        self._call("runs/log-inputs", {"run_id": run, "datasets": data})

    def upload(self, place: str, name: str, content: bytes, beat: Callable[[], None]) -> None:
        """Put a file among the artifacts of a run.

        Args:
            place: the path of the run's ``artifact_uri``, ``mlflow-artifacts:PATH``.
            name: of the file.
            content: of the file.
            beat: called as the file is being sent.
        """
        path = f"/api/2.0/mlflow-artifacts/artifacts{urllib.parse.quote(f'{place}/{name}')}"
        try:
            self._ask("PUT", path, content, "application/octet-stream", beat)
        except ServerError as error:
            said = f"{name}, {len(content):,} bytes: {error}"
            raise ServerError(said, **error.terms) from error.__cause__  # it tells whether the server is absent

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
            raise unread(self._address, found) from error
        if not isinstance(answer, dict):
            raise ServerError(f"{self._address} does not answer as MLflow: a JSON object is missing")
        return answer

    def _ask(
        self, method: str, path: str, body: bytes | None, kind: str, beat: Callable[[], None] | None = None
    ) -> bytes:
        headers = {"Content-Type": kind, **self._headers}
        try:
            found = self._connection.ask(method, self._root + path, body, headers, beat)
        except (OSError, http.client.HTTPException) as error:
            raise unreached(self._address, error) from error
        if found.status >= 300:
            raise refused(*found)
        return found.content


def named_server() -> MlflowClient:
    """The server that the person names.

    Raises:
        ServerError: none is named, or not by an address of http or https.
    """
    uri = os.environ.get(VARIABLE)
    if not uri:
        raise ServerError(f"{VARIABLE} is not set: it names the server, such as http://127.0.0.1:5000")
    return MlflowClient(uri)


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


def _known(run: Any) -> Known:
    data = run.get("data", {}) if isinstance(run, dict) else {}
    return Known(
        _part(run, "info"), *(_mapping(_part(data, what) if what in data else ()) for what in ("params", "tags"))
    )


def _mapping(pairs: Iterable[Any]) -> dict[str, str]:
    return {_part(one, "key"): _part(one, "value") for one in pairs}


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
