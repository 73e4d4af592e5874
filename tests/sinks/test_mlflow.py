"""MLflow: a server gets every value once, and one that is away stops nothing."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.events import Event, Stage, Steps, Warned
from runner.sinks.tracking import sender
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.mlflow import MlflowSink
from runner.status import Status
from tests.cli.program import LIMIT
from tests.sinks.mlflow_stub import ID, Handler, MlflowStub
from tests.sinks.mlflow_tracker import PARAMETERS, send
from tests.sinks.mlflow_values import wanted
from tests.sinks.script import started, whole_run


def script(run: Path) -> list[Event]:
    _, *rest = whole_run(3)
    return [started(3, run_dir=str(run)), *rest]


def test_every_value_is_sent_once_over_one_connection_in_few_calls(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SOONEST", LIMIT)
    given = script(tmp_path)
    assert send(given) == []
    assert stub.metrics == wanted(given)
    assert stub.values == len(wanted(given)) > 900
    assert stub.connections == 1
    assert (
        8 <= stub.calls <= 9
    )  # experiment: 2, run: 2, parameters, values (those of the end alone, or not), tags, status
    assert stub.parameters == {"seed": "42", "batch_size": "128", "optimizer.kind": "sgd", "schedule.max_lr": "0.1"}
    note = {"run_id": ID, "sent": {str(round(given[0].time * 1000)): stub.values}}
    assert json.loads((tmp_path / "mlflow.json").read_text()) == note
    assert send(given, patient=True) == []
    assert stub.values == len(stub.metrics) == len(wanted(given))
    assert (stub.runs, stub.status) == (1, ["FINISHED", "FINISHED"])


def test_of_every_tenth_step_the_last_one_too_and_the_rest_when_it_is_asked_for(
    stub: MlflowStub, tmp_path: Path
) -> None:
    given = script(tmp_path)
    assert send(given, interval=lambda steps, per_epoch: steps * per_epoch // 3_000) == []
    assert stub.metrics == wanted(given, every=10)
    assert {step for name, _, _, step in stub.metrics if name == "step/loss"} == {*range(0, 300, 10), 299}
    assert send(given, patient=True) == []
    assert stub.metrics == wanted(given)


def test_a_slow_run_is_seen_while_it_trains(stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "SOONEST", 0.05)
    begun, *rest = script(tmp_path)
    sink = MlflowSink(PARAMETERS, lambda event: None)
    sink(begun)
    until(lambda: stub.parameters != {})
    for count, event in enumerate([one for one in rest if isinstance(one, Steps)][:3], 1):
        time.sleep(0.2)  # by now the thread has nothing to do; if it has, the test shows less, and does not fail
        sink(event)
        until(lambda there=75 * count: len(stub.metrics) == there)  # type: ignore[misc] # 25 steps of three values
    sink.close()


def test_values_that_wait_are_sent_after_the_last_step_and_not_only_at_the_end(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SOONEST", 10 * LIMIT)
    monkeypatch.setattr(sender, "PACE", 10 * LIMIT)
    *trained, _ended = given = script(tmp_path)
    sink = MlflowSink(PARAMETERS, lambda event: None)
    for event in trained:
        sink(event)
    until(lambda: stub.metrics == {one for one in wanted(given) if not one[0].startswith("final/")})
    sink.close()


def test_a_server_that_has_lost_the_run_gets_all_of_it_again(stub: MlflowStub, tmp_path: Path) -> None:
    given = script(tmp_path)
    send(given)
    stub.runs, stub.metrics = 0, set()
    assert send(given, patient=True) == []
    assert stub.metrics == wanted(given)


@pytest.mark.parametrize("call", [1, 3, 6, 7])
def test_a_server_that_goes_away_stops_nothing_and_gets_the_rest_later(
    stub: MlflowStub, tmp_path: Path, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "QUIET", 0.5)
    given = script(tmp_path)
    stub.broken = range(call, 10**9)
    *_, said = send(given)
    assert "mlflow gets nothing more of this run: the server answers 503: closed for today" in said
    assert f"`recipe track {tmp_path} --to mlflow` sends the rest" in said
    assert stub.metrics <= (wanted(given) if call > 6 else set())  # those of the end may have a call of their own
    stub.broken = range(0)
    assert send(given, patient=True) == []
    assert (stub.metrics, stub.values) == (wanted(given), len(wanted(given)))
    assert stub.status[-1] == "FINISHED"


def test_a_server_that_comes_back_while_the_run_trains_gets_everything(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PACE", 0.01)
    begun, *rest = given = script(tmp_path)
    stub.broken = range(4, 6)
    said: list[Event] = []
    sink = MlflowSink(PARAMETERS, said.append)
    sink(begun)
    until(lambda: stub.calls >= 4)
    until(lambda: [sink(Stage(stage="data", message="")), said][1] != [])
    for event in rest:
        sink(event)
    (warned,) = [event.message for event in said if isinstance(event, Warned)]
    assert warned.startswith("tracking: mlflow: the server answers 503: closed for today; it is asked again")
    assert stub.metrics == wanted(given)


@pytest.mark.parametrize("call", [3, 6])
def test_a_call_whose_answer_is_lost_doubles_neither_run_nor_values(
    stub: MlflowStub, tmp_path: Path, call: int
) -> None:
    stub.lost = call  # it makes the run; it adds the values
    given = script(tmp_path)
    send(given)
    assert (stub.metrics, stub.runs, stub.status) == (wanted(given), 1, ["FINISHED"])


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
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(stub, "answer", lambda *said: (200, answer))
    (said,) = send(script(tmp_path))
    assert "does not answer as MLflow: " in said


def test_no_step_waits_for_a_server_that_does_not_answer(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = held(stub, monkeypatch)
    begun, *rest = given = script(tmp_path)
    sink = MlflowSink(PARAMETERS, lambda event: None)
    for event in [begun, *rest[:-1]]:
        sink(event)
    assert stub.metrics == set()
    opened.set()
    sink(rest[-1])
    assert stub.metrics == wanted(given)


def test_the_end_of_a_run_waits_for_a_silent_server_in_bounds_and_says_so(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = held(stub, monkeypatch)
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
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = held(stub, monkeypatch)
    monkeypatch.setattr(sender, "MOST_WAITING", 500)
    monkeypatch.setattr(sender, "PACE", 0.01)
    given = script(tmp_path)
    (said,) = send(given)
    assert re.search(r"[34]\d\d values wait to be sent, and no more are kept; `recipe track", said)
    opened.set()
    assert send(given, patient=True) == []  # whoever waits anyway is made to wait
    assert stub.metrics == wanted(given)


def test_a_resumed_run_that_is_refused_leaves_the_server_alone(stub: MlflowStub, tmp_path: Path) -> None:
    send(script(tmp_path))
    before = stub.calls
    sink = MlflowSink(PARAMETERS, lambda event: None)
    sink(started(3, run_dir=str(tmp_path), resumed_at=100))
    sink.close()
    assert stub.calls == before


@pytest.mark.parametrize(
    ("status", "shown"),
    [("finished", "FINISHED"), ("expectation_missed", "FINISHED"), ("diverged", "FAILED"), ("interrupted", "KILLED")],
)
def test_the_server_hears_how_a_run_ended_and_why(stub: MlflowStub, tmp_path: Path, status: Status, shown: str) -> None:
    (tmp_path / "recipe.yaml").write_text("recipe: x\n")
    begun, *_, end = script(tmp_path)
    assert send([begun, replace(end, status=status, message="loss is nan")]) == []  # type: ignore[call-arg]
    assert stub.status == [shown]
    assert (stub.tags["recipe.status"], stub.tags["recipe.message"]) == (status, "loss is nan")
    assert "`mnist_1cycle` on tfds mnist 3.0.1: 266,610 parameters" in stub.tags["mlflow.note.content"]
    place = "/api/2.0/mlflow-artifacts/artifacts/7/x/artifacts/recipe.yaml"
    assert stub.files == {place: b"recipe: x\n"}


def test_files_that_are_asked_for_and_the_names_of_the_data_are_sent_once(stub: MlflowStub, tmp_path: Path) -> None:
    lock = {"data": "builtin iris 1", "data_sha256": {"train": "ab" * 32}, "examples": {"train": 120}}
    contents = {"lock.json": json.dumps(lock).encode(), "model.keras": bytes(300_000), "best.keras": b"best"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    given = script(tmp_path)
    assert send(given, artifacts=("model", "report")) == []
    place = "/api/2.0/mlflow-artifacts/artifacts/7/x/artifacts"
    wanted_files = {f"{place}/{name}": contents[name] for name in ("lock.json", "model.keras")}
    assert stub.files == wanted_files
    (data,) = stub.data
    assert data["tags"] == [{"key": "mlflow.data.context", "value": "training"}]
    assert (data["dataset"]["name"], data["dataset"]["digest"]) == ("builtin iris 1", "ab" * 16)
    (tmp_path / "model.keras").write_bytes(b"trained further")
    (tmp_path / "report.html").write_bytes(b"<html>")
    assert send(given, patient=True, artifacts=("model", "report")) == []
    assert stub.files == {
        **wanted_files, f"{place}/model.keras": b"trained further", f"{place}/report.html": b"<html>"
    }  # fmt: skip
    assert stub.uploads == 4


@pytest.mark.parametrize("lock", ["{", "[]", '{"data_sha256": 1}', '{"data": 1, "data_sha256": {}, "examples": []}'])
def test_the_lock_of_a_stranger_names_no_data(stub: MlflowStub, tmp_path: Path, lock: str) -> None:
    (tmp_path / "lock.json").write_text(lock)
    assert send(script(tmp_path)) == []
    assert stub.data == []


def test_a_file_that_is_refused_is_named(stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "do_PUT", lambda handler: (handler.rfile.read(3), handler.reply(413, {}))[1])
    (tmp_path / "lock.json").write_text("{ }")
    given = script(tmp_path)
    (said,) = send(given)
    assert "lock.json, 3 bytes: the server answers 413: " in said
    assert (stub.metrics, stub.status) == (wanted(given), ["FINISHED"])


def test_a_note_of_a_stranger_names_no_other_address(stub: MlflowStub, tmp_path: Path) -> None:
    odd = ('{"run_id": "../../x"}', '{"run_id": 7}', "[]", "{", '"' * 20_000, f'{{"run_id": "{ID}", "sent": [1]}}')
    for text in odd:
        (tmp_path / "mlflow.json").write_text(text)
        assert send(script(tmp_path)[:1] + script(tmp_path)[-1:]) == []
    assert stub.runs == len(odd)


def held(stub: MlflowStub, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No call is answered until it is set."""
    opened, answer = threading.Event(), stub.answer
    monkeypatch.setattr(stub, "answer", lambda *said: (opened.wait(LIMIT), answer(*said))[1])
    return opened


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="only Linux acknowledges at once on demand")
def test_no_call_waits_for_a_delayed_acknowledgement(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stub answers in two parts, as many servers do; the second waits for the acknowledgement of the first."""
    at_once, real = [], socket.socket.setsockopt

    def heard(self: socket.socket, level: int, option: int, value: Any) -> None:
        at_once.append((level, option, value) == (socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1))
        real(self, level, option, value)

    monkeypatch.setattr(socket.socket, "setsockopt", heard)
    assert send(script(tmp_path)) == []
    assert stub.calls > 5
    assert sum(at_once) == stub.calls
