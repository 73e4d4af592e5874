"""MLflow: what is said where a server refuses a run, and names that it would refuse."""

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.events import EpochEnded, Event
from runner.sinks.tracking import sender
from runner.sinks.tracking.mlflow_rows import fitting
from runner.sinks.tracking.server_error import refused
from tests.cli.program import LIMIT
from tests.sinks.mlflow_stub import Handler, MlflowStub
from tests.sinks.mlflow_tracker import send
from tests.sinks.mlflow_values import wanted
from tests.sinks.script import started, whole_run


def script(run: Path) -> list[Event]:
    _, *rest = whole_run(1)
    return [started(1, run_dir=str(run)), *rest]


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (
            401,
            b"<html>",
            "the server answers 401: Unauthorized (MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and ",
        ),
        (
            403,
            b"Invalid Host header\nx",
            "the server answers 403: Invalid Host header (it knows who asks, or from where,",
        ),
        (302, b"", "the server answers 302: Found (name the address that it points to in MLFLOW_TRACKING_URI)"),
        (
            404,
            b'{"message": "no such run"}',
            "the server answers 404: no such run (is MLFLOW_TRACKING_URI the address of",
        ),
        (400, b'["odd"]', "the server answers 400: Bad Request"),
        (499, b"\xff", "the server answers 499: \ufffd"),
        (413, b"<html>", "the server answers 413: "),
        (
            400,
            b'{"message": "The run 7f must be in the \'active\' state. Current state is deleted."}',
            "the server answers 400: The run 7f must be in the 'active' state. Current state is deleted. (restore it,",
        ),
        (
            400,
            b'{"message": "The experiment 3 must be in the \'active\' state."}',
            "the server answers 400: The experiment 3 must be in the 'active' state. (`mlflow experiments restore`",
        ),
    ],
)
def test_a_refusal_says_the_servers_reason_and_a_way_out(status: int, answer: bytes, said: str) -> None:
    found = refused(status, answer)
    assert str(found).startswith(said)
    assert (found.lasting, found.status) == (True, status)
    assert not refused(503, answer).lasting


def test_what_a_database_says_is_told_without_its_statement() -> None:
    said = "(raised as a result of Query-invoked autoflush)\n(sqlite3.OperationalError) database is full\n[SQL: INSERT"
    found = refused(503, json.dumps({"message": said}).encode())
    assert str(found) == "the server answers 503: database is full"


@pytest.mark.parametrize(("asked", "seconds"), [("7", 7), ("", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("9999", 300)])
def test_a_server_is_asked_again_when_it_wants_to_be(asked: str, seconds: float) -> None:
    assert refused(429, b"", after=asked).after == seconds


def test_a_pause_that_the_server_asks_for_is_made(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = list[float]()
    monkeypatch.setattr(sender.Sender, "_pause", lambda _, seconds: pauses.append(seconds))
    stub.broken, stub.extra = range(3, 5), {"Retry-After": "7"}
    assert all("503" in message for message in send(script(tmp_path)))
    assert pauses == [7, 7]


def test_a_server_that_has_moved_says_where(stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.extra = {"Location": "https://mlflow.example/\x1b[2J"}
    monkeypatch.setattr(stub, "answer", lambda *said: (301, {}))
    (said,) = send(script(tmp_path))
    assert "the server answers 301: Moved Permanently, to https://mlflow.example/\\x1b[2J (name the address" in said


def test_a_page_in_place_of_an_answer_may_be_a_login(stub: MlflowStub, tmp_path: Path) -> None:
    stub.page = b"<!doctype html><title>Sign in</title>"
    (said,) = send(script(tmp_path))
    assert "does not answer as MLflow: its answer is a web page (is it a login page? MLFLOW_TRACKING_TOKEN, or" in said


@pytest.mark.parametrize("call", [3, 5])
def test_an_answer_that_is_cut_is_asked_for_again(stub: MlflowStub, tmp_path: Path, call: int) -> None:
    stub.cut = call
    given = script(tmp_path)
    assert all("its answer is cut after" in message for message in send(given))
    assert (stub.metrics, stub.runs, stub.status) == (wanted(given), 1, ["FINISHED"])


def test_a_proxy_that_takes_no_large_calls_gets_small_ones(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SOONEST", LIMIT)
    stub.most = 4_000
    given = script(tmp_path)
    assert send(given) == []
    assert (stub.metrics, stub.values) == (wanted(given), len(wanted(given)))
    stub.most, stub.runs = 90, 0
    (said,) = send(given)
    assert "the server answers 413: " in said
    assert "(a proxy before the server takes no calls of this size; `client_max_body_size`" in said


def test_credentials_that_are_missing_are_said_at_once(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "QUIET", LIMIT)
    monkeypatch.setattr(stub, "answer", lambda *said: (401, {"message": "who are you?"}))
    (said,) = send(script(tmp_path))
    assert "the server answers 401: who are you? (MLFLOW_TRACKING_TOKEN, or " in said
    assert stub.calls == 1


def test_https_at_a_port_without_it_is_said_at_once(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "QUIET", LIMIT)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", stub.uri.replace("http:", "https:"))
    (said,) = send(script(tmp_path))
    assert "(MLFLOW_TRACKING_URI has https, and nothing at this port speaks it; is it http?)" in said


def test_a_proxy_passes_calls_on_and_gets_its_own_credentials(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, answer, asked = "http://mlflow.example:5000", stub.answer, list[str]()
    monkeypatch.setattr(
        stub, "answer", lambda path, said: (asked.append(path), answer(path.removeprefix(server), said))[1]
    )
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    monkeypatch.setenv("http_proxy", stub.uri.replace("//", "//me:p%40ss@"))
    _without_exceptions(monkeypatch)
    given = script(tmp_path)
    assert send(given) == []
    assert stub.metrics == wanted(given)
    assert all(path.startswith(f"{server}/api/2.0/mlflow/") for path in asked)
    assert stub.headers["Host"] == "mlflow.example:5000"
    assert stub.headers["Proxy-Authorization"] == f"Basic {b64encode(b'me:p@ss').decode()}"


@pytest.mark.parametrize(
    ("status", "seconds", "text"),
    [
        (407, LIMIT, "the proxy answers 407: Proxy Authentication Required (https_proxy or http_proxy names it"),
        (503, 0.5, "Tunnel connection failed: 503 Service Unavailable; `recipe track"),
    ],
)
def test_a_proxy_that_makes_no_connection_is_named(
    stub: MlflowStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, seconds: float, text: str
) -> None:
    monkeypatch.setattr(sender, "QUIET", seconds)
    monkeypatch.setattr(Handler, "do_CONNECT", lambda handler: handler.reply(status, {}), raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example")
    monkeypatch.setenv("https_proxy", stub.uri)
    _without_exceptions(monkeypatch)
    *_, said = send(script(tmp_path))
    assert f"https://mlflow.example: {text}" in said


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("epoch/val_loss", "epoch/val_loss"),
        ("final/it's 5 %", "final/it_s 5 _"),
        ("epoch/größe_loss", "epoch/größe_loss"),
        ("data.columns.a/../b.kind", "data.columns.a_.._b.kind"),
        ("step/", "step_"),
        ("step/\udcff", "step/_"),
        ("x" * 300, "x" * 250),
    ],
)
def test_a_name_becomes_one_that_mlflow_takes(name: str, taken: str) -> None:
    assert fitting(name) == taken


def test_parameters_and_paths_that_are_no_plain_text_cost_no_value(stub: MlflowStub, tmp_path: Path) -> None:
    run = tmp_path / "\udcff"
    run.mkdir()
    given: list[Any] = script(run)
    epoch = next(event for event in given if isinstance(event, EpochEnded))
    odd = replace(epoch, metrics={"größe@1": 1.0})
    assert (
        send([given[0], odd, given[-1]], parameters={"data.columns.price (€).kind": "number", "path": "\udcff"}) == []
    )
    assert stub.parameters["data.columns.price ___.kind"] == "number"
    assert stub.parameters["path"] == "?"
    assert stub.tags["recipe.run_dir"] == f"{tmp_path}/?"
    assert {name for name, *_ in stub.metrics if name.startswith("epoch")} == {"epoch/größe_1"}


def _without_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """No host is reached without the proxy, whatever this machine has."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
