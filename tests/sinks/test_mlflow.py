"""MLflow: a server gets every value once, and one that is away stops nothing."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from runner.events import Event, Stage, Warned
from runner.sinks.tracking import sender
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.mlflow import MlflowSink
from runner.status import Status
from tests.cli.program import LIMIT
from tests.sinks.mlflow_tracker import PARAMETERS, send
from tests.sinks.mlflow_values import wanted
from tests.sinks.script import started, whole_run

ID = "0123456789abcdef" * 2


@dataclass
class Server:
    """What a server was told: the few calls of its interface, with values kept once as MLflow's database keeps them."""

    uri: str = ""
    metrics: set[tuple[str, Any, int, int]] = field(default_factory=set)
    values: int = 0
    """How many it was sent, those that it had included."""
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    status: list[str] = field(default_factory=list)
    began: int = 0
    runs: int = 0
    calls: int = 0
    connections: int = 0
    broken: range = range(0)
    """The calls that it answers with 503."""
    lost: int = 0
    """The call that it carries out without an answer."""

    def answer(self, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        run = {"info": {"run_id": ID, "run_name": "", "artifact_uri": "mlflow-artifacts:/7/x/artifacts"}}
        run["info"]["status"] = self.status[-1] if self.status else "RUNNING"
        match path.partition("?")[0].removeprefix("/api/2.0/mlflow/"):
            case "experiments/get-by-name":
                return 404, {"message": "no such experiment"}
            case "experiments/create":
                return 200, {"experiment_id": "7"}
            case "runs/create":
                self.runs += 1
                self.began = content["start_time"]
                self.tags |= {one["key"]: one["value"] for one in content["tags"]}
                self.name = content["run_name"]
                return 200, {"run": run}
            case "runs/search":
                run["info"]["run_name"] = self.name if self.runs else ""
                there = self.runs and content["filter"] == f"attributes.start_time = {self.began}"
                return 200, {"runs": [run]} if there else {}
            case "runs/get" if not self.runs:
                return 404, {"message": "no such run"}
            case "runs/get":
                params = [{"key": key, "value": value} for key, value in self.parameters.items()]
                return 200, {"run": {**run, "data": {"params": params}}}
            case "runs/update":
                self.status.append(content["status"])
            case "runs/log-batch":
                assert len(content.get("metrics", ())) <= 1000
                assert len(content.get("params", ())) <= 100
                self.values += len(content.get("metrics", ()))
                for one in content.get("metrics", ()):
                    self.metrics.add((one["key"], one["value"], one["timestamp"], one["step"]))
                self.parameters |= {one["key"]: one["value"] for one in content.get("params", ())}
                self.tags |= {one["key"]: one["value"] for one in content.get("tags", ())}
        return 200, {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Server

    def setup(self) -> None:
        super().setup()
        self.told.connections += 1

    def do_GET(self) -> None:
        self.do_POST()

    def do_PUT(self) -> None:
        self.told.files[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(200, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.told.calls += 1
        if self.told.calls in self.told.broken:
            self.reply(503, {"message": "closed for today"})
            return
        status, answer = self.told.answer(self.path, json.loads(body or b"{}"))
        if self.told.calls == self.told.lost:
            self.close_connection = True
            return
        self.reply(status, answer)

    def reply(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    told = Server()
    handler = type("Told", (Handler,), {"told": told})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
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


def test_every_value_is_sent_once_over_one_connection_in_few_calls(server: Server, tmp_path: Path) -> None:
    given = script(tmp_path)
    assert send(given) == []
    assert server.metrics == wanted(given)
    assert server.values == len(wanted(given)) > 900
    assert server.connections == 1
    assert server.calls == 8  # experiment: 2, run: 2, parameters, values, tags, status
    assert server.parameters == {"seed": "42", "batch_size": "128", "optimizer.kind": "sgd", "schedule.max_lr": "0.1"}
    note = {"run_id": ID, "sent": {str(round(given[0].time * 1000)): server.values}}
    assert json.loads((tmp_path / "mlflow.json").read_text()) == note
    assert send(given, patient=True) == []
    assert server.values == len(server.metrics) == len(wanted(given))
    assert (server.runs, server.status) == (1, ["FINISHED", "FINISHED"])


def test_a_server_that_has_lost_the_run_gets_all_of_it_again(server: Server, tmp_path: Path) -> None:
    given = script(tmp_path)
    send(given)
    server.runs, server.metrics = 0, set()
    assert send(given, patient=True) == []
    assert server.metrics == wanted(given)


@pytest.mark.parametrize("call", [1, 3, 6, 7])
def test_a_server_that_goes_away_stops_nothing_and_gets_the_rest_later(
    server: Server, tmp_path: Path, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "QUIET", 0.5)
    given = script(tmp_path)
    server.broken = range(call, 10**9)
    *_, said = send(given)
    assert "mlflow gets nothing more of this run: the server answers 503: closed for today" in said
    assert f"`recipe track {tmp_path} --to mlflow` sends the rest" in said
    assert server.metrics == (wanted(given) if call > 6 else set())
    server.broken = range(0)
    assert send(given, patient=True) == []
    assert (server.metrics, server.values) == (wanted(given), len(wanted(given)))
    assert server.status[-1] == "FINISHED"


def test_a_server_that_comes_back_while_the_run_trains_gets_everything(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PACE", 0.01)
    begun, *rest = given = script(tmp_path)
    server.broken = range(4, 6)
    said: list[Event] = []
    sink = MlflowSink(PARAMETERS, said.append)
    sink(begun)
    until(lambda: server.calls >= 4)
    until(lambda: [sink(Stage(stage="data", message="")), said][1] != [])
    for event in rest:
        sink(event)
    (warned,) = [event.message for event in said if isinstance(event, Warned)]
    assert warned.startswith("tracking: mlflow: the server answers 503: closed for today; it is asked again")
    assert server.metrics == wanted(given)


@pytest.mark.parametrize("call", [3, 6])
def test_a_call_whose_answer_is_lost_doubles_neither_run_nor_values(server: Server, tmp_path: Path, call: int) -> None:
    server.lost = call  # it makes the run; it adds the values
    given = script(tmp_path)
    send(given)
    assert (server.metrics, server.runs, server.status) == (wanted(given), 1, ["FINISHED"])


def test_a_server_that_is_not_there_or_not_named_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "QUIET", 10**9)
    for uri, reason in (("http://127.0.0.1:9", "refused"), ("file:///tmp", "http://"), ("", "is not set")):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        *_, said = send(script(tmp_path))
        assert reason in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answer", [{}, [], {"run": []}, {"experiment": {"experiment_id": "7"}, "run": {"info": {}}}])
def test_a_server_that_is_none_of_mlflows_stops_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(server, "answer", lambda *said: (200, answer))
    (said,) = send(script(tmp_path))
    assert "does not answer as MLflow: " in said


def test_no_step_waits_for_a_server_that_does_not_answer(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, answer = threading.Event(), server.answer
    monkeypatch.setattr(server, "answer", lambda *said: (opened.wait(LIMIT), answer(*said))[1])
    begun, *rest = given = script(tmp_path)
    sink = MlflowSink(PARAMETERS, lambda event: None)
    for event in [begun, *rest[:-1]]:
        sink(event)
    assert server.metrics == set()
    opened.set()
    sink(rest[-1])
    assert server.metrics == wanted(given)


def test_the_end_of_a_run_waits_for_a_silent_server_in_bounds_and_says_so(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, answer = threading.Event(), server.answer
    monkeypatch.setattr(server, "answer", lambda *said: (opened.wait(LIMIT), answer(*said))[1])
    monkeypatch.setattr(sender, "QUIET", 1.0)
    monkeypatch.setattr(sender, "_SOON", 0.0)
    said: list[Event] = []
    tracker = Lenient(MlflowSink(PARAMETERS, said.append), "mlflow", said.append)
    given = script(tmp_path)
    for event in given:
        tracker(event)
    opened.set()
    *stages, last = said
    assert {event.message for event in stages if isinstance(event, Stage)} == {
        f"sending {len(wanted(given)):,} values to MLflow; Ctrl-C leaves them to `recipe track`"
    }
    assert isinstance(last, Warned)
    assert "the server has not answered for 1 seconds; `recipe track" in last.message


def test_a_run_that_outpaces_its_server_stops_keeping_values(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, answer = threading.Event(), server.answer
    monkeypatch.setattr(server, "answer", lambda *said: (opened.wait(LIMIT), answer(*said))[1])
    monkeypatch.setattr(sender, "MOST_WAITING", 500)
    monkeypatch.setattr(sender, "PACE", 0.01)
    given = script(tmp_path)
    (said,) = send(given)
    assert re.search(r"[34]\d\d values wait to be sent, and no more are kept; `recipe track", said)
    opened.set()
    assert send(given, patient=True) == []  # whoever waits anyway is made to wait
    assert server.metrics == wanted(given)


def test_a_resumed_run_that_is_refused_leaves_the_server_alone(server: Server, tmp_path: Path) -> None:
    send(script(tmp_path))
    before = server.calls
    sink = MlflowSink(PARAMETERS, lambda event: None)
    sink(started(3, run_dir=str(tmp_path), resumed_at=100))
    sink.close()
    assert server.calls == before


@pytest.mark.parametrize(
    ("status", "shown"),
    [("finished", "FINISHED"), ("expectation_missed", "FINISHED"), ("diverged", "FAILED"), ("interrupted", "KILLED")],
)
def test_the_server_hears_how_a_run_ended_and_why(server: Server, tmp_path: Path, status: Status, shown: str) -> None:
    (tmp_path / "recipe.yaml").write_text("recipe: x\n")
    begun, *_, end = script(tmp_path)
    assert send([begun, replace(end, status=status, message="loss is nan")]) == []  # type: ignore[call-arg]
    assert server.status == [shown]
    assert (server.tags["recipe.status"], server.tags["recipe.message"]) == (status, "loss is nan")
    assert "`mnist_1cycle` on tfds mnist 3.0.1: 266,610 parameters" in server.tags["mlflow.note.content"]
    place = "/api/2.0/mlflow-artifacts/artifacts/7/x/artifacts/recipe.yaml"
    assert server.files == {place: b"recipe: x\n"}


def test_a_note_of_a_stranger_names_no_other_address(server: Server, tmp_path: Path) -> None:
    odd = ('{"run_id": "../../x"}', '{"run_id": 7}', "[]", "{", '"' * 20_000, f'{{"run_id": "{ID}", "sent": [1]}}')
    for text in odd:
        (tmp_path / "mlflow.json").write_text(text)
        assert send(script(tmp_path)[:1] + script(tmp_path)[-1:]) == []
    assert server.runs == len(odd)


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)
