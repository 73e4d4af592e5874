"""MLflow: a server gets every value once, and one that is away stops nothing."""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from runner.events import EpochEnded, Event, RunEnded, Steps
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.mlflow import MlflowSink
from runner.sinks.tracking.mlflow_client import MlflowClient, ServerError
from tests.cli.program import LIMIT
from tests.sinks.script import started, whole_run

PARAMETERS = {"optimizer.kind": "sgd", "schedule.max_lr": 0.1}
ID = "0123456789abcdef" * 2


@dataclass
class Server:
    """What a server was told: the few calls of its interface, with values kept once as MLflow's database keeps them."""

    uri: str = ""
    metrics: set[tuple[str, Any, int, int]] = field(default_factory=set)
    parameters: dict[str, str] = field(default_factory=dict)
    status: list[str] = field(default_factory=list)
    runs: int = 0
    calls: int = 0
    refuse_from: int = 10**9
    """The call from which on it answers 503."""

    def answer(self, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls += 1
        if self.calls >= self.refuse_from:
            return 503, {"message": "closed for today"}
        match path.partition("?")[0].removeprefix("/api/2.0/mlflow/"):
            case "experiments/get-by-name":
                return 404, {"message": "no such experiment"}
            case "experiments/create":
                return 200, {"experiment_id": "7"}
            case "runs/create":
                self.runs += 1
                return 200, {"run": {"info": {"run_id": ID}}}
            case "runs/update" if not self.runs:
                return 404, {"message": "no such run"}
            case "runs/update":
                self.status.append(content["status"])
            case "runs/log-batch":
                assert len(content.get("metrics", ())) <= 1000
                assert len(content.get("params", ())) <= 100
                for one in content.get("metrics", ()):
                    self.metrics.add((one["key"], one["value"], one["timestamp"], one["step"]))
                self.parameters |= {one["key"]: one["value"] for one in content.get("params", ())}
        return 200, {}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = told.answer(self.path, json.loads(body or b"{}"))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        told.uri = f"http://127.0.0.1:{http.server_port}"
        monkeypatch.setenv("MLFLOW_TRACKING_URI", told.uri)
        yield told
        http.shutdown()
        thread.join()


def script(run: Path) -> list[Event]:
    _, *rest = whole_run(3)
    return [started(3, run_dir=str(run)), *rest]


def wanted(given: list[Event]) -> set[tuple[str, Any, int, int]]:
    found: set[tuple[str, Any, int, int]] = set()
    for event in given:
        when = round(event.time * 1000)
        match event:
            case Steps():
                for name, values in {"loss": event.loss, **event.hyperparameters}.items():
                    found |= {(f"step/{name}", v, when, step) for step, v in enumerate(values, event.first_step)}
            case EpochEnded():
                found |= {(f"epoch/{name}", value, when, event.step) for name, value in event.metrics.items()}
            case RunEnded():
                found |= {(f"final/{name}", value, when, event.steps) for name, value in event.metrics.items()}
            case _:
                pass
    return found


def send(given: list[Event], *, patient: bool = True) -> list[str]:
    """What was warned of."""
    said: list[str] = []
    tracker = Lenient(MlflowSink(PARAMETERS, patient=patient), "mlflow", said.append)
    for event in given:
        tracker(event)
    return said


def test_every_value_arrives_once_however_often_it_is_sent(server: Server, tmp_path: Path) -> None:
    given = script(tmp_path)
    assert send(given) == []
    assert server.metrics == wanted(given)
    assert server.parameters["optimizer.kind"] == "sgd"
    assert json.loads((tmp_path / "mlflow.json").read_text()) == {"run_id": ID}
    assert send(given) == []
    assert server.metrics == wanted(given)
    assert (server.runs, server.status) == (1, ["FINISHED", "RUNNING", "FINISHED"])


@pytest.mark.parametrize("call", [1, 3, 5])
def test_a_server_that_goes_away_stops_nothing_and_gets_the_rest_later(
    server: Server, tmp_path: Path, call: int
) -> None:
    given = script(tmp_path)
    server.refuse_from = call
    (said,) = send(given)
    assert "mlflow gets nothing more of this run: the server answers 503: closed for today" in said
    assert "`recipe track`" in said
    assert server.metrics < wanted(given)
    server.refuse_from = 10**9
    assert send(given) == []
    assert server.metrics == wanted(given)


def test_a_server_that_is_not_there_or_not_named_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for uri, reason in (("http://127.0.0.1:9", "refused"), ("file:///tmp", "http://"), ("", "is not set")):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        (said,) = send(script(tmp_path))
        assert reason in said
    assert list(tmp_path.iterdir()) == []


def test_no_step_waits_for_a_slow_server(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers nothing until all steps are made."""
    answer, made = server.answer, threading.Event()

    def slow(*said: Any) -> tuple[int, dict[str, Any]]:
        return answer(*said) if made.wait(LIMIT) else (503, {"message": "somebody waits for this answer"})

    monkeypatch.setattr(server, "answer", slow)
    begun, *rest = script(tmp_path)
    sink = MlflowSink(PARAMETERS, patient=True)
    for event in [begun, *rest[:-1]]:
        sink(event)
    made.set()
    sink(rest[-1])
    assert server.metrics == wanted([begun, *rest])


def test_a_note_of_a_stranger_names_no_other_address(server: Server, tmp_path: Path) -> None:
    for text in ('{"run_id": "../../x"}', '{"run_id": 7}', "[]", "{", '"' * 20_000):
        (tmp_path / "mlflow.json").write_text(text)
        assert send(script(tmp_path)[:1] + script(tmp_path)[-1:]) == []
    assert server.runs == 5


@pytest.mark.skipif("MLFLOW_TEST_URI" not in os.environ, reason="needs a server of MLflow (MLFLOW_TEST_URI)")
def test_a_real_server_gives_back_what_it_got(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = os.environ["MLFLOW_TEST_URI"]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    name = f"test-{time.time_ns()}"
    begun, *rest = script(tmp_path)
    epoch = next(event for event in rest if isinstance(event, EpochEnded))
    odd = replace(epoch, metrics={"nan": float("nan"), "inf": float("inf"), "odd@name": 1.0})
    given = [replace(begun, recipe=name), *rest[:-1], odd, rest[-1]]  # type: ignore[call-arg]
    for _ in range(2):  # the second time to no effect
        assert send(given) == []
    client = MlflowClient(uri)
    run = json.loads((tmp_path / "mlflow.json").read_text())["run_id"]
    found = client._call(f"runs/get?run_id={run}")["run"]
    assert found["info"]["status"] == "FINISHED"
    assert {one["key"]: one["value"] for one in found["data"]["params"]}["schedule.max_lr"] == "0.1"
    assert "epoch/odd_name" in {one["key"] for one in found["data"]["metrics"]}
    for key in ("step/loss", "step/learning_rate", "epoch/val_loss"):
        history = client._call(f"metrics/get-history?run_id={run}&metric_key={key}&max_results=5000")["metrics"]
        rows = {(one["key"], one["value"], int(one["timestamp"]), int(one.get("step", 0))) for one in history}
        assert rows == {row for row in wanted([begun, *rest]) if row[0] == key}
        assert len(rows) == len(history)
    with pytest.raises(ServerError, match="answers 404"):
        client.status(ID, "FINISHED")
