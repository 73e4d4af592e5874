"""The few calls of MLflow's REST API (2.0) that a tracker makes: the package mlflow is not needed for them."""

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any

Metric = tuple[str, float, int, int]
"""Name, value, milliseconds since 1970, step."""
_SECONDS = 10.0
"""That a call may take."""
_LARGEST = 1 << 20
"""Bytes of an answer."""
_PARAMETERS = 100
"""Of a call; MLflow takes no more."""


class ServerError(OSError):
    """The server is away, or refuses a call."""


class MlflowClient:
    """A server.

    Args:
        uri: its address.

    Raises:
        ServerError: the address is none of http or https.
    """

    def __init__(self, uri: str) -> None:
        if urllib.parse.urlsplit(uri).scheme not in ("http", "https"):
            raise ServerError(f"MLFLOW_TRACKING_URI is to be the address of a server, http://…; it is {uri!r}")
        self._base = f"{uri.rstrip('/')}/api/2.0/mlflow/"
        self._headers = {"Content-Type": "application/json", **_authorization(os.environ)}

    def experiment(self, name: str) -> str:
        """The id of an experiment, which is made where there is none."""
        query = urllib.parse.urlencode({"experiment_name": name})
        try:
            return str(self._call(f"experiments/get-by-name?{query}")["experiment"]["experiment_id"])
        except ServerError as error:
            if getattr(error.__cause__, "code", None) != 404:
                raise
        return str(self._call("experiments/create", {"name": name})["experiment_id"])

    def create(self, experiment: str, name: str, began: int, tags: Mapping[str, str]) -> str:
        """Make a run, and give its id."""
        content = {"experiment_id": experiment, "run_name": name, "start_time": began, "tags": _pairs(tags)}
        return str(self._call("runs/create", content)["run"]["info"]["run_id"])

    def parameters(self, run: str, values: Mapping[str, object]) -> None:
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

    def status(self, run: str, status: str, ended: int | None = None) -> None:
        """Say how a run stands: RUNNING, FINISHED, FAILED or KILLED."""
        self._call("runs/update", {"run_id": run, "status": status} | ({} if ended is None else {"end_time": ended}))

    def _call(self, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for something, or post what is given."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._base + path, body, self._headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                found = json.loads(answer.read(_LARGEST) or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                reason = _reason(error)
            raise ServerError(f"the server answers {error.code}: {reason}") from error
        except (OSError, ValueError) as error:
            raise ServerError(f"{self._base}: {getattr(error, 'reason', None) or error}") from error
        return found if isinstance(found, dict) else {}


def _authorization(variables: Mapping[str, str]) -> dict[str, str]:
    """As MLflow's own client takes it from the environment."""
    token, user = variables.get("MLFLOW_TRACKING_TOKEN"), variables.get("MLFLOW_TRACKING_USERNAME")
    if token:
        return {"Authorization": f"Bearer {token}"}
    if not user:
        return {}
    pair = f"{user}:{variables.get('MLFLOW_TRACKING_PASSWORD', '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _pairs(values: Mapping[str, object]) -> list[dict[str, str]]:
    return [{"key": key, "value": str(value)} for key, value in values.items()]


def _double(value: float) -> float | str:
    """JSON has no such numbers; protocol buffers have words for them."""
    if value != value:
        return "NaN"
    return value if abs(value) != float("inf") else "Infinity" if value > 0 else "-Infinity"


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(_LARGEST))["message"])[:300]
    except (OSError, ValueError, KeyError, TypeError):
        return error.reason
